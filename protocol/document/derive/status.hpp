// Pace, confidence and status (product.md §2, items 7 to 9).
#pragma once

#include <optional>
#include <span>

#include "protocol/document/derive/figures.hpp"

namespace okra::document {

// The share of the cycle that is over, 0..1. Nothing before it starts and without dates.
[[nodiscard]] std::optional<double> expected_progress(const derive_context& context);

[[nodiscard]] status pace_status(double expected, double progress, const derive_context& context);
[[nodiscard]] status confidence_status(double confidence, const derive_context& context);

// The one that needs more attention: off track, at risk, stale, on track, none, closed. So a key result that has no
// figures yet does not hide how its siblings fare.
[[nodiscard]] status worse(status a, status b);

// What the status of a key result is made from.
struct status_input {
    bool closed = false;  // by itself or with its objective
    std::optional<day_number> last_check_in;
    std::optional<double> progress;
    std::optional<double> expected;  // absent: no pace
    std::optional<double> confidence;
};

// The last check-in of `dates` as far as staleness goes, nothing without one. Calendars elsewhere may be a little
// ahead: such a day counts as today. A later one is none: reported is what has happened.
[[nodiscard]] std::optional<day_number> last_report(std::span<const day_number> dates, day_number today);

// closed > stale > none > the worse of pace and confidence, of which one may be missing. Stale: there was a check-in,
// and the last is older than the rhythm and three days.
[[nodiscard]] status key_result_status(const status_input& input, const derive_context& context);

// What is shown: the override, but what is closed stays closed.
[[nodiscard]] status shown_status(status computed, std::optional<status> override_value);
[[nodiscard]] std::optional<status> status_named(std::string_view name);

// A fist of 1 to 5 fingers as a confidence: 2, 4, 6, 8, 10.
[[nodiscard]] double fist_to_confidence(int fingers);

struct vote_summary {
    double median;
    double lowest;
    double highest;
    friend bool operator==(const vote_summary&, const vote_summary&) = default;
};
// Nothing without votes.
[[nodiscard]] std::optional<vote_summary> summarise_votes(std::span<const double> votes);

}  // namespace okra::document
