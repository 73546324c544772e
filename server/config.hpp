// The command line of okra-server. Every option has a help text there; docs/operations.md says more about each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "server/net/forwarded.hpp"
#include "server/net/origin.hpp"
#include "server/runtime/log.hpp"

namespace okra {

struct config {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    std::filesystem::path data = "data";
    std::optional<std::filesystem::path> web;  // nothing: none was given and none found
    std::size_t threads = 1;
    net::origin_rules origins;
    std::size_t connections_max = 50'000;
    std::optional<std::size_t> connections_per_address_max;
    net::trusted_proxies trusted_proxies;
    double messages_per_second = 500;
    double bytes_per_second = 512.0 * 1024;
    std::uint64_t document_mib_per_day = 256;
    std::uint64_t workspace_mib_per_day = 2048;
    std::uint64_t server_mib_per_day = 16'384;
    std::uint32_t shutdown_grace_ms = 8000;
    std::uint32_t audit_interval_ms = 10'000;
    runtime::log::options log;
};

// Nothing: there is nothing to start (--help, --version, a mistake), what there was to say is said and `exit_code` is
// the program's.
struct command_line {
    std::optional<config> chosen;
    int exit_code = 0;
};

[[nodiscard]] command_line parse_command_line(int argc, const char* const* argv);

}  // namespace okra
