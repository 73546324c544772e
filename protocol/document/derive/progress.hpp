// Progress of one key result (product.md §2, items 1 to 3), raw: it may lie outside 0..1.
// Not measured, and so without progress: no `current` (number, percent, currency, band, zones), `done` neither true nor
// false (yes/no), no milestones. Milestones that exist are a measurement, even with none done.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "protocol/document/document.hpp"

namespace okra::document {

struct measurement {
    std::optional<double> progress;
    std::string_view error;  // static; why there is no progress although something was measured or set, or empty
    friend bool operator==(const measurement&, const measurement&) = default;
};

struct linear_scale {
    std::optional<double> start;
    std::optional<double> target;
};
// `start_equals_target`, `start_missing`, `target_missing`.
[[nodiscard]] measurement measure_linear(const linear_scale& scale, std::optional<double> current);

struct band_scale {
    std::optional<double> low;  // absent: open on that side
    std::optional<double> high;
    std::optional<double> tolerance;  // absent: 10 % of the crossed bound
};
// `band_missing`, `band_reversed`.
[[nodiscard]] measurement measure_band(const band_scale& scale, std::optional<double> current);

struct zone_scale {
    std::optional<double> start;    // 0
    std::optional<double> commit;   // .3
    std::optional<double> target;   // .7
    std::optional<double> stretch;  // 1
};
// Straight between the points that are given, going on outside them. `start_missing`, `target_missing`,
// `zones_not_ordered`.
[[nodiscard]] measurement measure_zones(const zone_scale& scale, std::optional<double> current);

struct milestone_share {
    double weight = 1;
    bool done = false;
};
// Weights that are all zero count as equal.
[[nodiscard]] measurement measure_milestones(std::span<const milestone_share> milestones);

[[nodiscard]] measurement measure_yes_no(std::optional<bool> done);

// By the key result's metric; none is `number`.
[[nodiscard]] measurement measure(const document& it, const entity& key_result);

// Yes/no and band results have no pace: their confidence decides.
[[nodiscard]] bool has_pace(const entity& key_result);

}  // namespace okra::document
