// okra-server: reads the command line, wires storage, runtime and network together, and ends them in the reverse order.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "protocol/document/schema.hpp"
#include "server/config.hpp"
#include "server/net/descriptors.hpp"
#include "server/net/server.hpp"
#include "server/quota_file.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/memory.hpp"
#include "server/runtime/server_runtime.hpp"
#include "server/version.hpp"
#include "storage/private_folder.hpp"
#include "storage/rocksdb_log.hpp"

namespace {

using namespace okra;
namespace log = runtime::log;

constexpr std::uint64_t mebibyte = 1024 * 1024;

net::descriptor_plan share_out_descriptors(const config& chosen)
{
    const std::size_t limit = net::raise_descriptor_limit();
    const auto plan = net::plan_descriptors(limit, chosen.threads);
    if (!plan) {
        throw net::startup_failure{
            fmt::format("The limit of {} open files leaves no room for connections: it must be {} or more (ulimit -n, "
                        "or LimitNOFILE= in systemd).",
                        limit, net::least_descriptors(chosen.threads))};
    }
    log::info("descriptors_shared_out", {{"limit", limit},
                                         {"table_files", plan->table_files},
                                         {"connections", std::min(plan->connections, chosen.connections_max)}});
    return *plan;
}

void close_to_others(const std::filesystem::path& data)
{
    switch (storage::keep_private(data)) {
        case storage::privacy::was_private:
            return;
        case storage::privacy::closed_now:
            return log::warning("data_folder_closed",
                                {{"data", data.native()}, {"reason", "other users of this machine could read it"}});
        case storage::privacy::open_to_others:
            return log::warning(
                "data_folder_open",
                {{"data", data.native()}, {"reason", "other users of this machine can read it: chmod 700 it"}});
    }
}

std::unique_ptr<storage::rocksdb_log> open_storage(const config& chosen, const net::descriptor_plan& descriptors)
{
    close_to_others(chosen.data);
    const auto take_note = [](const char* line) { log::warning("database_note", {{"text", line}}); };
    auto opened = storage::rocksdb_log::open(
        {.folder = chosen.data, .table_files_max = descriptors.table_files, .take_note = take_note});
    if (!opened) throw net::startup_failure{opened.error().message};
    const storage::start_findings& found = (*opened)->findings();
    if (found.commits_lost != 0) {
        log::error("commits_lost", {{"commits", found.commits_lost}, {"new_epoch", (*opened)->epoch()}});
    }
    if (found.watermark_missing) log::warning("watermark_missing");
    return std::move(*opened);
}

net::server::options network_options(const config& chosen, const net::descriptor_plan& descriptors,
                                     const runtime::server_runtime& core)
{
    return {
        .host = chosen.host,
        .port = chosen.port,
        .web = chosen.web,
        .origins = chosen.origins,
        .admission = {.connections_max = std::min(chosen.connections_max, descriptors.connections),
                      .per_address_max = chosen.connections_per_address_max,
                      .proxies = chosen.trusted_proxies},
        .websocket = {.message_bytes_max = document::limits::message_bytes,
                      .messages = {.per_second = chosen.messages_per_second, .burst = chosen.messages_per_second * 2},
                      .bytes = {.per_second = chosen.bytes_per_second, .burst = chosen.bytes_per_second * 8}},
        .scrape = [&core] { return core.scrape(); }};
}

std::string address_to_open(const config& chosen, std::uint16_t port)
{
    const bool is_v6 = chosen.host.find(':') != std::string::npos;
    return is_v6 ? fmt::format("http://[{}]:{}", chosen.host, port) : fmt::format("http://{}:{}", chosen.host, port);
}

// Listens for SIGTERM and SIGINT from its construction on, so that one that comes while the server still starts is not
// lost.
class shutdown_signals {
public:
    // Waits for a signal, then until every client has been told and has gone, the grace is over, or a signal comes
    // again.
    void run_until_drained(runtime::server_runtime& core, net::server& network, std::chrono::milliseconds grace)
    {
        signals_.async_wait([&, grace](boost::system::error_code ec, int) {
            if (!ec) drain(core, network, grace);
        });
        waiting_.run();
    }

    // The main thread's, which runs while the server does.
    [[nodiscard]] boost::asio::io_context& context() { return waiting_; }

private:
    void drain(runtime::server_runtime& core, net::server& network, std::chrono::milliseconds grace)
    {
        log::info("draining");
        network.stop_accepting();
        core.drain([this, &network] {
            network.when_empty([this] { boost::asio::post(waiting_, [this] { waiting_.stop(); }); });
        });
        deadline_.expires_after(grace);
        deadline_.async_wait([this](boost::system::error_code ec) {
            if (!ec) cut_short("the grace period is over");
        });
        signals_.async_wait([this](boost::system::error_code ec, int) {
            if (!ec) cut_short("a second signal");
        });
    }

    void cut_short(std::string_view reason)
    {
        log::warning("drain_cut_short", {{"reason", reason}});
        waiting_.stop();
    }

    boost::asio::io_context waiting_;
    boost::asio::signal_set signals_{waiting_, SIGTERM, SIGINT};
    boost::asio::steady_timer deadline_{waiting_};
};

void serve(const config& chosen)
{
    shutdown_signals signals;
    const net::descriptor_plan descriptors = share_out_descriptors(chosen);
    const std::unique_ptr<storage::rocksdb_log> stored = open_storage(chosen, descriptors);
    runtime::server_runtime core{*stored,
                                 {.threads = chosen.threads,
                                  .server_name = std::string{"okra "} + version,
                                  .keep = {.audit_interval_ms = chosen.audit_interval_ms,
                                           .document_bytes_per_day = chosen.document_mib_per_day * mebibyte,
                                           .workspace_bytes_per_day = chosen.workspace_mib_per_day * mebibyte,
                                           .server_bytes_per_day = chosen.server_mib_per_day * mebibyte},
                                  .commits_lost = stored->findings().commits_lost}};
    const quota_file quotas{core.quotas(), chosen.data / "OKRA_QUOTAS", signals.context()};
    std::vector<boost::asio::io_context*> contexts;
    for (std::size_t index = 0; index < core.worker_count(); ++index) contexts.push_back(&core.context(index));
    net::server network{network_options(chosen, descriptors, core), core, contexts};

    core.start();
    network.start();
    const std::string address = address_to_open(chosen, network.port());
    std::cout << "Okra is at " << address << std::endl;
    log::info("started", {{"version", version},
                          {"address", address},
                          {"data", chosen.data.native()},
                          {"web", chosen.web ? std::string_view{chosen.web->native()} : "none"},
                          {"threads", chosen.threads}});

    signals.run_until_drained(core, network, std::chrono::milliseconds{chosen.shutdown_grace_ms});
    network.stop();
    core.stop();
    log::info("stopped");
}

}  // namespace

int main(int argc, char** argv)
{
    const command_line line = parse_command_line(argc, argv);
    if (!line.chosen) return line.exit_code;
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a failed write like any other
    runtime::memory::set_reserve_aside();
    log::start(line.chosen->log);
    try {
        serve(*line.chosen);
        return 0;
    } catch (const std::exception& failed) {
        std::cerr << "okra-server: " << failed.what() << '\n';
        return 1;
    }
}
