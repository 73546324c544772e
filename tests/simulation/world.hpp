// What all parts of a simulated world share: its time, its chance, what is to happen later, and what was counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "protocol/base/prng.hpp"
#include "server/runtime/clock.hpp"
#include "tests/simulation/options.hpp"

namespace okra::simulation {

// When every world begins: in September 2026, in milliseconds since 1970 UTC.
inline constexpr std::int64_t begins_ms = 1'790'000'000'000;

// A promise that Okra makes was broken: ends the run.
class broken_promise : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class agenda {
public:
    explicit agenda(const runtime::virtual_clock& clock) : clock_{clock} {}

    void in(std::int64_t ms, std::function<void()> task) { at(clock_.steady_ms() + ms, std::move(task)); }
    void at(std::int64_t steady_ms, std::function<void()> task)
    {
        tasks_.emplace(std::pair{steady_ms, made_++}, std::move(task));
    }

    [[nodiscard]] std::optional<std::int64_t> next_ms() const
    {
        return tasks_.empty() ? std::nullopt : std::optional{tasks_.begin()->first.first};
    }

    // Runs the first task whose time has come. False: there is none.
    bool run_due()
    {
        if (tasks_.empty() || tasks_.begin()->first.first > clock_.steady_ms()) return false;
        const auto task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        task();
        return true;
    }

private:
    const runtime::virtual_clock& clock_;
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> tasks_;  // of one moment: in order
    std::uint64_t made_ = 0;
};

// That a run was not idle. In the order in which they are printed.
struct counters {
    std::uint64_t seeds = 0;
    std::uint64_t simulated_ms = 0;
    std::uint64_t steps = 0;
    std::uint64_t actions = 0;
    std::uint64_t changes = 0;
    std::uint64_t writes = 0;
    std::uint64_t rebases = 0;
    std::uint64_t refusals = 0;
    std::uint64_t drafts = 0;
    std::uint64_t resent = 0;
    std::uint64_t snapshots = 0;
    std::uint64_t tails = 0;
    std::uint64_t lagging = 0;
    std::uint64_t restarted = 0;
    std::uint64_t unread_most = 0;  // bytes, at any check
    std::size_t largest_snapshot = 0;
    std::uint64_t cuts = 0;
    std::uint64_t crashes = 0;
    std::uint64_t crashes_at_write = 0;
    std::uint64_t drains = 0;
    std::uint64_t failed_writes = 0;
    std::uint64_t failed_but_written = 0;
    std::uint64_t power_cuts = 0;
    std::uint64_t bytes_lost = 0;  // in power cuts
    std::uint64_t tabs_gone = 0;
    std::uint64_t views_checked = 0;
    std::uint64_t figures_checked = 0;
    std::uint64_t figures_told = 0;
};

struct world {
    const options& how;
    prng& random;
    runtime::virtual_clock& clock;
    agenda& later;
    counters& counted;
    std::string traced = {};          // the client whose messages are printed, as they go and come
    bool faults = true;               // false: they are over
    std::set<std::string> gone = {};  // clients that nobody may list any more when everything has settled

    void trace(std::string_view client, std::string_view way, std::string_view what) const
    {
        if (client == traced) fmt::print("{:>8} {} {} {}\n", clock.steady_ms(), client, way, what);
    }
    [[nodiscard]] bool happens(unsigned per_mille) { return faults && random.below(1'000) < per_mille; }
    [[nodiscard]] std::int64_t some(const span_ms& it)
    {
        return it.least + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(it.most - it.least) + 1));
    }
};

}  // namespace okra::simulation
