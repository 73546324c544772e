// Derived figures (product maths): progress, weights, pace, status, counts. Computed here and nowhere else, from the
// document and a context that the server supplies; sent beside the ops, never stored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/document/document.hpp"

namespace okra::document {

// Days since 1970-01-01 in the proleptic Gregorian calendar.
using day_number = std::int32_t;
[[nodiscard]] std::optional<day_number> parse_date(std::string_view text);  // "YYYY-MM-DD"
[[nodiscard]] std::string format_date(day_number day);

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
    std::optional<double> progress;      // key result: raw p; objective, plan: weighted mean of clamped p
    std::optional<double> expected;      // pace e in 0..1, key results with a pace, objectives, plan
    std::optional<double> weight;        // effective weight among the siblings, three decimals
    std::optional<std::uint32_t> measured, of;  // objective, plan: "n of m measured"
    std::optional<status> computed;      // before an override
    std::optional<status> shown;         // after it
    std::optional<status_counts> counts; // plan: key results by status
    std::string error;                   // "start_equals_target", … or empty
    friend bool operator==(const figures&, const figures&) = default;
};

// All live objectives, key results and the plan root, by id. Empty for a workspace document.
using figure_table = std::map<entity_id, figures, std::less<>>;
[[nodiscard]] figure_table derive(const document& it, const derive_context& context);

// Keeps a table up to date with little work: after `touch` of the ops of a change, `update` recomputes only what
// they can have altered and returns what differs (no value: the entity has no figures any more).
class figure_keeper {
public:
    using delta = std::vector<std::pair<entity_id, std::optional<figures>>>;

    [[nodiscard]] delta reset(const document& it, const derive_context& context);
    [[nodiscard]] delta update(const document& it, const std::vector<operation>& ops);
    [[nodiscard]] const figure_table& table() const { return table_; }

private:
    derive_context context_;
    figure_table table_;
};

}  // namespace okra::document
