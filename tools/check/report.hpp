// What a run came to, for a person or for a program.
#pragma once

#include <cstdint>
#include <string>

#include "tools/check/findings.hpp"
#include "tools/load/histogram.hpp"

namespace okra::check {

enum class verdict : std::uint8_t {
    sound,      // every promise that was put to the test is kept
    broken,     // one is not
    unchecked,  // the server could not be reached, refused, or went away
};

struct report {
    std::string server;  // as it names itself; empty: it never spoke
    std::string document;
    std::size_t clients = 0;
    double seconds = 0;   // of the whole run
    std::string stopped;  // why the check did not come to its end; empty: it did
    bool is_clean = false;
    std::string left;  // why the plan could not be emptied
    findings found;
    load::histogram to_durable;
    load::histogram to_seen;
    std::uint64_t changes = 0;
    std::uint64_t revisions = 0;
    std::uint64_t cuts = 0;
    std::uint64_t losses = 0;
    std::uint64_t refused = 0;
    std::uint64_t sent_twice = 0;
};

[[nodiscard]] verdict verdict_of(const report& it);
[[nodiscard]] int exit_code_of(verdict it);

[[nodiscard]] std::string as_text(const report& it, const std::string& url);
// One object in one line; its members are the same in every run.
[[nodiscard]] std::string as_json(const report& it, const std::string& url);

}  // namespace okra::check
