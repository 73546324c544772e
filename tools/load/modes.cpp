#include "tools/load/modes.hpp"

#include <cstdio>
#include <fstream>
#include <optional>
#include <unistd.h>

#include <fmt/format.h>

#include "protocol/base/printable.hpp"
#include "tools/load/report.hpp"

namespace okra::load {

namespace {

constexpr double rate_p99_max_ms = 100;
constexpr double viewers_p99_max_ms = 250;
constexpr double rate_growth = 1.25;
constexpr double rate_min = 0.01;
constexpr double rate_precision = 1.04;  // the ramp ends when the good and the bad rate are this close

void say(const std::string& line)
{
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

step_facts facts_of(const mode_options& options, double rate_per_editor)
{
    const auto editors = options.fleet.rooms * options.fleet.editors_per_room;
    return {.rooms = options.fleet.rooms,
            .editors = editors,
            .viewers = options.fleet.rooms * options.fleet.viewers_per_room,
            .rate = rate_per_editor * static_cast<double>(editors),
            .seconds = options.seconds};
}

tally run_step(fleet& all, const mode_options& options, double rate_per_editor)
{
    const auto counts = all.run({.operations_per_editor_per_second = rate_per_editor,
                                 .warmup = std::chrono::duration<double>{options.warmup},
                                 .length = std::chrono::duration<double>{options.seconds}});
    const auto facts = facts_of(options, rate_per_editor);
    say(options.json ? as_json(facts, counts) : as_text(facts, counts));
    return counts;
}

// A bad step is tried a second time: a hiccup of the machine is not the server's limit.
std::optional<tally> good_step(fleet& all, const mode_options& options, double rate_per_editor, double p99_max_ms)
{
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto counts = run_step(all, options, rate_per_editor);
        if (is_clean(counts) && milliseconds(counts.to_peer.quantile(0.99)) <= p99_max_ms) return counts;
    }
    return {};
}

struct rate_found {
    double rate = 0;  // of each editor
    tally counts;
};

void say_best(const mode_options& options, const std::string& what, const rate_found& best)
{
    const auto facts = facts_of(options, best.rate);
    if (options.json) {
        say(fmt::format(R"({{"best":"{}","result":{}}})", what, as_json(facts, best.counts)));
    } else {
        say(fmt::format("highest good {}:\n{}", what, as_text(facts, best.counts)));
    }
}

// Resident memory in bytes, from /proc.
result<std::uint64_t, client::failure> resident_bytes(std::int64_t process)
{
    std::ifstream file{fmt::format("/proc/{}/statm", process)};
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    if (!(file >> total >> resident))
        return client::failure{fmt::format("cannot read the memory of process {}", process)};
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

verdict run_once(const mode_options& options)
{
    auto all = fleet::assemble(options.fleet);
    if (!all) return all.error();
    const auto counts = run_step(*all, options, options.rate);
    const auto agreed = all->verify();
    if (!agreed) return agreed.error();
    say(options.json ? as_json(*agreed) : as_text(*agreed));
    return is_clean(counts) && agreed->all_equal();
}

verdict ramp_rate(const mode_options& options)
{
    auto all = fleet::assemble(options.fleet);
    if (!all) return all.error();
    rate_found best;
    double rate = options.rate;
    double bad = 0;
    while (bad == 0 || bad > best.rate * rate_precision) {
        if (auto counts = good_step(*all, options, rate, rate_p99_max_ms)) {
            best = {rate, std::move(*counts)};
        } else {
            bad = rate;
        }
        if (bad == 0) {
            rate *= rate_growth;
        } else if (best.rate == 0) {
            rate /= 2;
            if (rate < rate_min) return client::failure{"no rate is low enough"};
        } else {
            rate = (best.rate + bad) / 2;
        }
    }
    say_best(options, "rate", best);
    return true;
}

verdict ramp_viewers(const mode_options& options)
{
    auto current = options;
    auto all = fleet::assemble(current.fleet);
    if (!all) return all.error();
    rate_found best;
    std::size_t best_viewers = 0;
    while (true) {
        auto counts = good_step(*all, current, current.rate, viewers_p99_max_ms);
        if (!counts) break;
        best = {current.rate, std::move(*counts)};
        best_viewers = current.fleet.viewers_per_room;
        if (const auto added = all->add_viewers(options.ramp_step); !added) {
            fmt::print(stderr, "the ramp ends: {}\n", printable(added.error().message));
            break;
        }
        current.fleet.viewers_per_room += options.ramp_step;
    }
    if (best_viewers == 0) return client::failure{"there are too many viewers to begin with"};
    current.fleet.viewers_per_room = best_viewers;
    say_best(current, "number of viewers", best);
    return true;
}

verdict hold_idle(const mode_options& options)
{
    std::uint64_t before = 0;
    if (options.server_pid) {
        const auto resident = resident_bytes(*options.server_pid);
        if (!resident) return resident.error();
        before = *resident;
    }
    auto all = fleet::assemble(options.fleet);
    if (!all) return all.error();
    const auto connections = options.fleet.rooms * options.fleet.viewers_per_room;
    all->idle(std::chrono::seconds{2});  // what joining needed is given back by then
    if (!options.server_pid) {
        say(fmt::format("ready: {} idle connections", connections));
    } else {
        const auto after = resident_bytes(*options.server_pid);
        if (!after) return after.error();
        const auto each =
            (static_cast<double>(*after) - static_cast<double>(before)) / static_cast<double>(connections);
        say(fmt::format(
            fmt::runtime(options.json
                             ? R"({{"idle":{},"resident_before":{},"resident_after":{},"bytes_each":{:.0f}}})"
                             : "ready: {} idle connections; server's memory {} before, {} after: {:.0f} bytes each"),
            connections, before, *after, each));
    }
    all->idle(std::chrono::duration<double>{options.seconds});
    const auto agreed = all->verify();
    if (!agreed) return agreed.error();
    return agreed->all_equal();
}

}  // namespace okra::load
