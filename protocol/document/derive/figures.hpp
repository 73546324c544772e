// What is derived from a plan, and what it depends on beyond the plan itself. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/document/date.hpp"
#include "protocol/document/operation.hpp"

namespace okra::document {

// What a plan's figures depend on beyond the plan itself.
struct derive_context {
    day_number today = 0;
    std::optional<day_number> cycle_start;
    std::optional<day_number> cycle_end;
    double pace_on_track_gap = 0.10;
    double pace_at_risk_gap = 0.25;
    double confidence_green = 7;
    double confidence_amber = 4;
    std::int32_t check_in_days = 7;
    friend bool operator==(const derive_context&, const derive_context&) = default;
};

enum class status : std::uint8_t { none, on_track, at_risk, off_track, stale, closed };

struct status_counts {
    std::uint32_t on_track = 0, at_risk = 0, off_track = 0, stale = 0, none = 0, closed = 0;
    friend bool operator==(const status_counts&, const status_counts&) = default;
};

// The figures of one entity. Absent optionals are shown as "—".
struct figures {
    std::optional<double> progress;             // key result: raw p; objective, plan: weighted mean of clamped p
    std::optional<double> expected;             // pace e in 0..1, key results with a pace, objectives, plan
    std::optional<double> weight;               // effective weight among the siblings, three decimals
    std::optional<std::uint32_t> measured, of;  // objective, plan: "n of m measured"
    std::optional<status> computed;             // before an override
    std::optional<status> shown;                // after it
    std::optional<status_counts> counts;        // plan: key results by status
    std::string error;                          // "start_equals_target", … or empty: why there is no progress
    std::vector<std::string> advice;            // "due_outside_cycle", …: what is doubtful and stands all the same
    friend bool operator==(const figures&, const figures&) = default;
};

using figure_table = std::map<entity_id, figures, std::less<>>;

}  // namespace okra::document
