// Keeps what was written today over restarts: a small file in the data folder, written anew every minute and at the
// end. A server that is killed forgets a minute at most. Used by the main thread.
#pragma once

#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/runtime/write_quota.hpp"

namespace okra {

class quota_file {
public:
    // Reads it. Writes it as long as `context` runs.
    quota_file(runtime::write_quotas& quotas, std::filesystem::path path, boost::asio::io_context& context);
    ~quota_file();
    quota_file(const quota_file&) = delete;
    quota_file& operator=(const quota_file&) = delete;

private:
    void save_later();
    void save();

    runtime::write_quotas& quotas_;
    std::filesystem::path path_;
    boost::asio::steady_timer timer_;
};

}  // namespace okra
