#include "server/quota_file.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include "server/runtime/clock.hpp"
#include "server/runtime/log.hpp"

namespace okra {

namespace {

constexpr std::chrono::minutes save_interval{1};

}  // namespace

quota_file::quota_file(runtime::write_quotas& quotas, std::filesystem::path path, boost::asio::io_context& context)
    : quotas_{quotas}, path_{std::move(path)}, timer_{context}
{
    std::ifstream in{path_, std::ios::binary};
    const std::string saved{std::istreambuf_iterator<char>{in}, {}};
    quotas_.restore(saved, runtime::today());
    save_later();
}

quota_file::~quota_file()
{
    save();
}

void quota_file::save_later()
{
    timer_.expires_after(save_interval);
    timer_.async_wait([this](boost::system::error_code ec) {
        if (ec) return;
        save();
        save_later();
    });
}

// Under another name first: a full disk leaves the file as it was.
void quota_file::save()
{
    std::filesystem::path fresh = path_;
    fresh += ".new";
    std::ofstream out{fresh, std::ios::binary | std::ios::trunc};
    out << quotas_.save(runtime::today());
    out.close();
    std::error_code ec;
    if (out) std::filesystem::rename(fresh, path_, ec);
    if (!out || ec) runtime::log::warning("quotas_not_saved", {{"reason", ec ? ec.message() : "cannot write"}});
}

}  // namespace okra
