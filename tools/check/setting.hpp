// What a run is asked to do, and what its parts share. Owned by the run, one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "tools/check/findings.hpp"
#include "tools/check/ledger.hpp"
#include "tools/client/stream.hpp"
#include "tools/client/upgrade.hpp"

namespace okra::check {

struct check_options {
    client::address server;
    std::string workspace = "okra-check";
    std::size_t clients = 4;
    double seconds = 10;                         // of editing
    double rate = 4;                             // edits a second of each client
    std::chrono::milliseconds patience{10'000};  // for anything that must happen
};

struct setting {
    const check_options& options;
    std::string document;
    findings& found;
    ledger& book;
    const client::event_loop& loop;
};

// The other half of every name that the tool goes by, for the people who see it.
inline constexpr const char* tool_name = "okra-check";

}  // namespace okra::check
