// From key results to objectives to the plan (product.md §2, items 4, 6 and 9).
// A key result counts in its objective, and an objective in the plan, while it is live and not abandoned. One that is
// not measured counts 0, and "measured of of" says so; an objective without key results has no figure and stays out of
// the plan's mean.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "protocol/document/derive/figures.hpp"
#include "protocol/document/document.hpp"

namespace okra::document {

// What one of several siblings weighs.
struct weight_share {
    std::optional<double> weight;  // nothing for one that does not count
    bool is_scaled = false;        // the pinned weights of the siblings do not sum to 1
    friend bool operator==(const weight_share&, const weight_share&) = default;
};

struct objective_summary {
    const entity* of = nullptr;
    bool is_touched = false;  // its figures are to be told
    figures itself;           // without its share, which who knows its siblings adds
    weight_share share;
    bool is_abandoned = false;
    std::optional<double> pinned_weight;
    status_counts counts;                              // of its key results that count, by shown status
    std::vector<std::pair<entity_id, figures>> below;  // all live key results, and what else there is advice about
    std::vector<const entity*> members;                // live or not: everything below that had a say
};

[[nodiscard]] figures with_share(figures it, const weight_share& share);

[[nodiscard]] objective_summary summarise_objective(const document& it, const entity& objective,
                                                    const derive_context& context);

struct plan_summary {
    figures itself;
    std::vector<weight_share> shares;  // of the objectives, in order
};

// From the live objectives in order.
[[nodiscard]] plan_summary summarise_plan(const std::vector<const objective_summary*>& objectives,
                                          const derive_context& context);

}  // namespace okra::document
