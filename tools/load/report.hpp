// What a step came to, in words or as one JSON object a line.
#pragma once

#include <cstddef>
#include <string>

#include "tools/load/engine.hpp"
#include "tools/load/tally.hpp"

namespace okra::load {

struct step_facts {
    std::size_t rooms = 0;
    std::size_t editors = 0;  // in all rooms
    std::size_t viewers = 0;
    double rate = 0;  // operations a second, in all rooms
    double seconds = 0;
};

[[nodiscard]] std::string as_text(const step_facts& step, const tally& counts);
[[nodiscard]] std::string as_json(const step_facts& step, const tally& counts);
[[nodiscard]] std::string as_text(const agreement& it);
[[nodiscard]] std::string as_json(const agreement& it);

// Nothing lost, doubled, refused, misunderstood or cut off.
[[nodiscard]] bool is_clean(const tally& counts);

[[nodiscard]] inline double milliseconds(std::int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / 1e6;
}

}  // namespace okra::load
