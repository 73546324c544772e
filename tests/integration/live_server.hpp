// A server of its own for one test, with an empty folder.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/okra_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace okra::test {

inline constexpr const char* plan = "acme/plan/web/2026q1";

inline constexpr const char* create_first = R"({"op":"create","id":"o1","kind":"objective","parent":"plan"})";

class live_server {
public:
    explicit live_server(std::vector<std::string> more = {"--threads", "2"})
        : more_{std::move(more)},
          process_{std::make_unique<server_process>(folder_.path(), server_options{.more = more_})}
    {
    }

    [[nodiscard]] std::uint16_t port() const { return process_->port(); }
    [[nodiscard]] server_process& process() { return *process_; }
    [[nodiscard]] const temporary_folder& folder() const { return folder_; }

    // On the same folder, after the process has ended.
    void start_again() { process_ = std::make_unique<server_process>(folder_.path(), server_options{.more = more_}); }

private:
    temporary_folder folder_;
    std::vector<std::string> more_;
    std::unique_ptr<server_process> process_;
};

}  // namespace okra::test
