// What okra-load can be asked to do; each mode prints its report and tells whether everything was as it must be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/base/result.hpp"
#include "tools/load/fleet.hpp"

namespace okra::load {

struct mode_options {
    fleet_options fleet;
    double rate = 0.5;  // operations a second of each editor
    double seconds = 10;
    double warmup = 2;
    bool json = false;
    std::size_t ramp_step = 1000;            // viewers added a step
    std::optional<std::int64_t> server_pid;  // whose memory to read, or whom to kill
};

using verdict = result<bool, client::failure>;

// One step at one rate, then all replicas are compared.
[[nodiscard]] verdict run_once(const mode_options& options);

// Raises the rate until p99 exceeds 100 ms, then closes in on the highest good one.
[[nodiscard]] verdict ramp_rate(const mode_options& options);

// Adds viewers until p99 exceeds 250 ms.
[[nodiscard]] verdict ramp_viewers(const mode_options& options);

// Holds joined connections that do nothing, and tells the server's memory before and after.
[[nodiscard]] verdict hold_idle(const mode_options& options);

// The time to the complete snapshot of a document of 1,000 entities after 10,000 edits, for one joiner and for 100 at
// once.
[[nodiscard]] verdict measure_joins(const mode_options& options);

struct known_document {
    std::string name;
    revision at;  // how much of it there is
};
// The time to the complete document for the first who joins it, on a server that has just been started.
[[nodiscard]] verdict measure_first_join(const mode_options& options, const known_document& it);

// Editors type, the server is killed with SIGKILL in the midst of it and started again by somebody else, and fresh
// joiners look for what had been shown to others than its author.
[[nodiscard]] verdict measure_kill(const mode_options& options);

// Replays a recorded editing history (tools/load/trace.hpp).
[[nodiscard]] verdict replay_trace(const mode_options& options, const std::string& file);

}  // namespace okra::load
