// What one simulated world is like. All of it follows from the seed: some worlds have no faults of a kind at all,
// others many, so that faults meet in all combinations (swarm testing).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "server/runtime/bounds.hpp"

namespace okra::simulation {

// A span of time from which one is drawn each time, in milliseconds.
struct span_ms {
    std::int64_t least = 0;
    std::int64_t most = 0;
};

struct options {
    std::uint64_t seed = 0;
    std::int64_t length_ms = 0;  // with faults; then they end and everything has to settle

    // Who is there.
    std::size_t workers = 1;
    std::size_t plans = 1;
    std::size_t model_clients = 3;
    std::size_t web_clients = 0;
    std::size_t viewers = 0;
    std::size_t restless = 0;  // clients that open, leave and change a document in no order
    std::size_t deaf = 0;      // clients that ask for whole tails and read nothing
    std::size_t history = 0;   // changes of each plan that are there at the beginning
    span_ms think{};           // between two actions of one client

    // Of a thousand, each time there is an occasion.
    struct faults {
        unsigned bad_change = 0;  // a client sends what makes no sense
        unsigned send_twice = 0;  // a client sends a change again although nothing was lost
        unsigned forbidden = 0;   // a viewer tries to change something, or somebody opens another workspace's plan
        unsigned misled = 0;      // per action: a client takes its state for a wrong one and asks for a snapshot
        unsigned tab_closes = 0;  // per action: the client goes; another one comes
        unsigned tab_dies = 0;    // per action: the web client dies without a word and comes again with its storage
        unsigned storage_trouble = 0;  // per action: the browser's storage lags, loses or stops
        unsigned cut = 0;              // per action: the connection breaks
        unsigned half_open = 0;        // of breaks: nobody is told
        unsigned slow_reader = 0;      // per action: a client stops reading for a while
        unsigned stall = 0;            // per step: a thread of the server stands still for a while
        unsigned write_fails = 0;      // per write of the log
        unsigned write_stays = 0;      // of failed writes: it turns out to be on the disk
        unsigned snapshot_lost = 0;    // per crash: stored snapshots were not on the disk yet
        unsigned crash_at_write = 0;   // per write of the log: the server dies just before or just after it
    } per_mille;
    span_ms crash_every{};  // the server dies at any moment; 0: never
    span_ms drain_every{};  // it is restarted in good order; 0: never
    span_ms clock_jumps_every{};
    span_ms restart{};  // how long it is away

    span_ms latency{};             // of the network, each way
    span_ms sync{};                // of the disk
    span_ms repair{};              // how long a disk fails
    std::size_t pipe_bytes = 0;    // what is under way to a client before the server's socket is full
    std::size_t gather_bytes = 0;  // what the socket takes at once
    runtime::bounds keep;
};

[[nodiscard]] options draw(std::uint64_t seed);
[[nodiscard]] std::string describe(const options& it);

}  // namespace okra::simulation
