// okra-simulation: plays seeds until one breaks a promise. The same seed plays the same world.
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/simulation/simulation.hpp"
#include "tests/support/commit.hpp"

namespace {

using namespace okra::simulation;

std::atomic<std::uint64_t> seed_played;

// An assertion that fails ends the process and knows of no seed.
void tell_seed(int /*signal*/)
{
    std::array<char, 64> text{};
    const auto written = fmt::format_to_n(text.data(), text.size(), "BROKEN with seed {}\n", seed_played.load());
    static_cast<void>(!::write(STDERR_FILENO, text.data(), written.size));
}

void report(const counters& it, double seconds)
{
    const double hours = static_cast<double>(it.simulated_ms) / 3'600'000;
    fmt::print("{} seeds, {:.1f} simulated hours in {:.0f} s: {:.1f} hours a minute\n", it.seeds, hours, seconds,
               hours / (seconds / 60));
    fmt::print("{} steps, {} actions, {} changes in {} writes\n", it.steps, it.actions, it.changes, it.writes);
    fmt::print("{} commits of others met pending ones, {} refusals, {} drafts, {} changes sent again\n", it.rebases,
               it.refusals, it.drafts, it.resent);
    fmt::print(
        "{} joins by snapshot, {} by tail, {} readers lagged, {} began anew, {} connections broke, {} clients left\n",
        it.snapshots, it.tails, it.lagging, it.restarted, it.cuts, it.tabs_gone);
    fmt::print("at most {} bytes were unread\n", it.unread_most);
    fmt::print(
        "{} crashes, {} of them at a write, {} restarts in order, {} failed writes, {} of them written after all\n",
        it.crashes + it.crashes_at_write, it.crashes_at_write, it.drains, it.failed_writes, it.failed_but_written);
    if (it.power_cuts != 0) fmt::print("{} power cuts took {} bytes\n", it.power_cuts, it.bytes_lost);
    fmt::print("{} views, {} tables of figures and {} figures on their way compared\n", it.views_checked,
               it.figures_checked, it.figures_told);
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Plays Okra's server and its clients in simulated time, with every fault that the seed brings"};
    std::uint64_t first = 1;
    std::uint64_t count = 1;
    double minutes = 0;
    bool in_rocksdb = false;
    std::string web_client;
    std::string traced;
    app.add_option("--seed", first, "the first seed");
    app.add_option("--seeds", count, "how many seeds");
    app.add_option("--minutes", minutes, "end after so many minutes, however many seeds were played");
    app.add_flag("--rocksdb", in_rocksdb, "keep the log in RocksDB, on files that lose what was not synced");
    app.add_option("--web-client", web_client,
                   "the script that runs the web client's sync core; without it there are C++ clients only");
    app.add_option("--trace", traced, "print what this client says and is told");
    CLI11_PARSE(app, argc, argv);

    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    counters counted;
    std::uint64_t seed = first;
    std::signal(SIGABRT, tell_seed);
    try {
        const auto browser = web_client.empty() ? nullptr : std::make_unique<browser_process>(web_client);
        fmt::print("commit {}, seeds {} to {}{}{}\n", okra::test::commit_of_source(), first, first + count - 1,
                   browser ? ", with web clients" : "", in_rocksdb ? ", in RocksDB" : "");
        for (; seed < first + count && (minutes == 0 || seconds() < minutes * 60); ++seed) {
            seed_played = seed;
            const options how = draw(seed);
            if (count == 1) fmt::print("{}\n", describe(how));
            const auto disk = in_rocksdb ? std::unique_ptr<simulated_disk>{new rocksdb_disk{seed, counted}}
                                         : std::make_unique<memory_disk>();
            simulation world{how, counted, *disk, browser.get()};
            world.trace(traced);
            world.run();
            if (count == 1) fmt::print("fingerprint {:016x}\n", world.fingerprint());
        }
        report(counted, seconds());
    } catch (const std::exception& broken) {
        fmt::print("BROKEN with seed {}: {}\n{}\n", seed, broken.what(), describe(draw(seed)));
        return 1;
    }
    return 0;
}
