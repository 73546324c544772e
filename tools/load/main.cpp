// okra-load: puts a measured load on a server through its own protocol: Okra, or one that Okra is compared with. One
// mode a run; see --help.
#include <cstdio>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "protocol/base/printable.hpp"
#include "tools/load/modes.hpp"

namespace {

using namespace okra;

struct arguments {
    std::string url = "ws://127.0.0.1:8080";
    std::string trace;
    std::size_t idle = 0;
    bool join = false;
    bool kill = false;
    std::string first_join;
    std::uint64_t first_join_at = 0;
    bool ramp_rate = false;
    bool ramp_viewers = false;
    bool listed = false;
    load::mode_options mode;
};

void describe(CLI::App& app, arguments& to)
{
    auto& fleet = to.mode.fleet;
    app.add_option("--url", to.url, "the server")->capture_default_str();
    app.add_option("--dialect", fleet.speaks, "what the server speaks: okra, hocuspocus, y-websocket or sharedb")
        ->transform(CLI::CheckedTransformer(load::dialects_by_name()));
    app.add_option("--workspace", fleet.workspace, "where the documents are made")->capture_default_str();
    app.add_option("--rooms", fleet.rooms, "documents")->check(CLI::Range(1, 100'000))->capture_default_str();
    app.add_option("--clients-per-room", fleet.editors_per_room, "editors")->capture_default_str();
    app.add_option("--viewers-per-room", fleet.viewers_per_room, "screens")->capture_default_str();
    app.add_flag("--viewers-listed", to.listed, "viewers join as people, not as screens");
    app.add_option("--replicas-per-room", fleet.replicas_per_room, "participants that keep the whole document")
        ->capture_default_str();
    app.add_option("--rate", to.mode.rate, "operations a second of each editor")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--seconds", to.mode.seconds, "measured time of a step")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--warmup", to.mode.warmup, "seconds before that")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--seed", fleet.seed, "of what is typed where")->capture_default_str();
    app.add_option("--threads", fleet.threads, "rooms are shared out among them")->capture_default_str();
    app.add_flag("--json", to.mode.json, "one JSON object a line");
    auto* modes = app.add_option_group("modes", "instead of one step at one rate");
    modes->add_flag("--ramp-rooms-rate", to.ramp_rate, "raise the rate from --rate until p99 exceeds 100 ms");
    modes->add_flag("--ramp-viewers", to.ramp_viewers, "add viewers until p99 exceeds 250 ms");
    modes->add_option("--idle", to.idle, "hold so many joined connections for --seconds");
    modes->add_flag("--join", to.join, "time the joining of a document of 1,000 entities after 10,000 edits");
    modes->add_option("--first-join", to.first_join, "time one joining of this document, which --join has left");
    modes->add_flag("--kill", to.kill,
                    "type for --seconds, kill --server-pid, and look for what is gone when it is back");
    modes->add_option("--trace", to.trace, "replay an editing trace (.json or .json.gz; - is the standard input)");
    modes->require_option(0, 1);
    app.add_option("--ramp-step", to.mode.ramp_step, "viewers added each time")->capture_default_str();
    app.add_option("--server-pid", to.mode.server_pid, "with --idle: whose memory to read; with --kill: whom to kill");
    app.add_option("--first-join-at", to.first_join_at, "the document's revision, as --join reported it");
}

// Every participant is a socket.
void raise_file_limit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

load::verdict run(arguments& it)
{
    const auto server = client::parse_url(it.url);
    if (!server) return server.error();
    auto& fleet = it.mode.fleet;
    fleet.server = *server;
    fleet.view = !it.listed;
    if (!it.trace.empty()) return load::replay_trace(it.mode, it.trace);
    if (it.join) return load::measure_joins(it.mode);
    if (!it.first_join.empty()) return load::measure_first_join(it.mode, {it.first_join, {it.first_join_at}});
    if (it.idle > 0) {
        fleet.editors_per_room = 0;
        fleet.replicas_per_room = 0;
        fleet.viewers_per_room = it.idle / fleet.rooms;
        return load::hold_idle(it.mode);
    }
    if (fleet.editors_per_room == 0) return client::failure{"there is nobody to edit: --clients-per-room"};
    if (it.kill) return load::measure_kill(it.mode);
    if (it.ramp_rate) return load::ramp_rate(it.mode);
    if (it.ramp_viewers) return load::ramp_viewers(it.mode);
    return load::run_once(it.mode);
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{
        "Puts a measured load on an Okra server, or on one that Okra is compared with.\n"
        "Open loop: operations are submitted when they are due, and latency counts from then until each other\n"
        "participant has received them. Ends with 0 when nothing was lost and all replicas are equal."};
    arguments given;
    given.mode.fleet.workspace = "load";
    given.mode.fleet.editors_per_room = 10;
    given.mode.fleet.replicas_per_room = 2;
    describe(app, given);
    CLI11_PARSE(app, argc, argv);
    raise_file_limit();

    const auto done = run(given);
    if (!done) {
        fmt::print(stderr, "okra-load: {}\n", printable(done.error().message));
        return 2;
    }
    return *done ? 0 : 1;
}
