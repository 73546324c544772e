#include "server/config.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <map>
#include <string_view>
#include <system_error>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include "server/version.hpp"

namespace okra {

namespace {

struct listen_address {
    std::string host;
    std::uint16_t port = 0;
    bool loopback = false;
};

// HOST:PORT, [IPv6]:PORT or PORT alone; "localhost" is 127.0.0.1. Throws CLI::ValidationError.
listen_address parse_listen(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    std::string host{colon == std::string_view::npos ? "127.0.0.1" : text.substr(0, colon)};
    const std::string_view digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";

    listen_address it{.host = host};
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), it.port);
    if (failed != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
        throw CLI::ValidationError("--listen", fmt::format("\"{}\" does not end in a port from 0 to 65535", text));
    }
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(host, ec);
    if (ec) throw CLI::ValidationError("--listen", fmt::format("\"{}\" is not an IP address", host));
    it.loopback = address.is_loopback();
    return it;
}

// Installed: <prefix>/bin and <prefix>/share/okra/web. In the source tree: build/<preset>/bin and web-client/dist.
std::optional<std::filesystem::path> find_web_client()
{
    std::error_code ec;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ec);
    if (ec) return {};
    const auto here = self.parent_path();
    for (const auto& folder : {here / "../share/okra/web", here / "../../../web-client/dist"}) {
        if (std::filesystem::exists(folder / "index.html", ec)) return std::filesystem::canonical(folder, ec);
    }
    return {};
}

// The option's text, and what is wrong with it.
CLI::Validator sound_if(std::optional<std::string> (*problem_with)(std::string_view))
{
    return {[problem_with](const std::string& text) {
                const auto problem = problem_with(text);
                return problem ? fmt::format("\"{}\" {}", text, *problem) : std::string{};
            },
            ""};
}

void add_network_options(CLI::App& app, config& it, std::string& listen, bool& trust_network)
{
    app.add_option("--listen", listen, "Address and port to listen on; port 0 takes a free one")->capture_default_str();
    app.add_flag(
        "--trust-network", trust_network,
        "Allow --listen on other addresses than this machine's own. As long as Okra has no accounts, everybody who "
        "can reach the port can read and change everything");
    app.add_option("--host", it.origins.hosts,
                   "A host name that the server answers to, like okra.example.com; it answers to addresses and "
                   "localhost anyway. May be given several times")
        ->expected(1)
        ->take_all()
        ->check(sound_if(net::problem_with_host));
    app.add_option(
           "--allow-origin", it.origins.allowed,
           "A further origin whose pages may connect, like https://okra.example.com; also makes its host name one "
           "that the server answers to. May be given several times")
        ->expected(1)
        ->take_all()
        ->check(sound_if(net::problem_with_origin));
    app.add_option_function<std::string>(
           "--trusted-proxy",
           [&it](const std::string& text) {
               const auto range = net::address_range::parse(text);
               if (!range) throw CLI::ValidationError("--trusted-proxy", fmt::format("\"{}\" is no address", text));
               it.trusted_proxies.push_back(*range);
           },
           "Address of a reverse proxy, or a range like 10.0.0.0/8: connections from there count for the address that "
           "X-Forwarded-For or Forwarded tells. May be given several times")
        ->trigger_on_parse();
    app.add_option("--connections-max", it.connections_max, "Connections at a time")->capture_default_str();
    app.add_option("--connections-per-address-max", it.connections_per_address_max,
                   "Connections from one address at a time. By default 1000, without a limit for this machine itself");
    app.add_option(
           "--messages-per-second", it.messages_per_second,
           "Messages that one connection may send in the long run, and twice as many at once; a faster one is read "
           "more slowly")
        ->check(CLI::Range(1.0, 1e6))
        ->capture_default_str();
    app.add_option("--bytes-per-second", it.bytes_per_second,
                   "Bytes of messages that one connection may send in the long run, and eight times as many at once; a "
                   "faster one is read more slowly")
        ->check(CLI::Range(1024.0, 1e9))
        ->capture_default_str();
}

void add_other_options(CLI::App& app, config& it, std::string& web)
{
    using runtime::log::format;
    using runtime::log::level;
    static const std::map<std::string, level> levels{
        {"debug", level::debug}, {"info", level::info}, {"warning", level::warning}, {"error", level::error}};
    static const std::map<std::string, format> formats{{"text", format::text}, {"json", format::json}};

    app.add_option("--data", it.data, "Folder that holds everything Okra keeps; made if it is not there")
        ->capture_default_str();
    app.add_option("--web", web, "Folder of the built web client. By default the one that came with this program");
    app.add_option("--threads", it.threads, "Threads that serve connections and documents. By default one per core")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app.add_option("--document-mib-per-day", it.document_mib_per_day,
                   "MiB that are written to one document in a day at most; then its changes are refused until the next "
                   "day. 0: no limit")
        ->check(CLI::Range(0, 1 << 20))
        ->capture_default_str();
    app.add_option("--workspace-mib-per-day", it.workspace_mib_per_day,
                   "The same for all documents of one workspace together")
        ->check(CLI::Range(0, 1 << 20))
        ->capture_default_str();
    app.add_option("--server-mib-per-day", it.server_mib_per_day, "The same for all documents of the server together")
        ->check(CLI::Range(0, 1 << 20))
        ->capture_default_str();
    app.add_option("--shutdown-grace-ms", it.shutdown_grace_ms,
                   "After SIGTERM: how long clients have to take their last bytes before they are cut off")
        ->capture_default_str();
    app.add_option("--audit-interval-ms", it.audit_interval_ms,
                   "How often a document that is being edited tells its readers its hash, by which they know that "
                   "they have the same")
        ->check(CLI::Range(1, 86'400'000))
        ->capture_default_str();
    app.add_option("--log-level", it.log.least, "The least important events to log: debug, info, warning or error")
        ->transform(CLI::CheckedTransformer(levels).description(""))
        ->default_str("info");
    app.add_option("--log-format", it.log.as, "Log lines as text or as JSON, on standard error")
        ->transform(CLI::CheckedTransformer(formats).description(""))
        ->default_str("text");
}

}  // namespace

command_line parse_command_line(int argc, const char* const* argv)
{
    CLI::App app{"Okra's server: teams plan objectives and key results together, live.", "okra-server"};
    app.set_version_flag("--version", std::string{"okra "} + version, "Print the version");
    config it;
    it.threads = std::max(1U, std::thread::hardware_concurrency());
    std::string listen = "127.0.0.1:8080";
    std::string web;
    bool trust_network = false;
    add_network_options(app, it, listen, trust_network);
    add_other_options(app, it, web);
    try {
        app.parse(argc, argv);
        const listen_address at = parse_listen(listen);
        if (!at.loopback && !trust_network) {
            throw CLI::ValidationError(
                "--listen",
                fmt::format("{} can be reached by others, and Okra has no accounts yet: everybody there could read and "
                            "change everything. Add --trust-network if that is what you want",
                            at.host));
        }
        it.host = at.host;
        it.port = at.port;
    } catch (const CLI::ParseError& failed) {
        return {.chosen = {}, .exit_code = app.exit(failed) == 0 ? 0 : 1};
    }
    it.web = web.empty() ? find_web_client() : std::filesystem::path{web};
    return {.chosen = std::move(it), .exit_code = 0};
}

}  // namespace okra
