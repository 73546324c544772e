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

struct objective_summary {
    figures itself;  // its weight is filled in by who knows its siblings
    bool is_abandoned = false;
    std::optional<double> pinned_weight;
    status_counts counts;                                    // of its key results that count, by shown status
    std::vector<std::pair<entity_id, figures>> key_results;  // all live ones, in order
    std::vector<entity_id> members;                          // live or not: everything below that had a say
};

[[nodiscard]] objective_summary summarise_objective(const document& it, const entity& objective,
                                                    const derive_context& context);

struct plan_summary {
    figures itself;
    std::vector<std::optional<double>> weights;  // of the objectives, in order; nothing for one that does not count
};

// From the live objectives in order.
[[nodiscard]] plan_summary summarise_plan(const std::vector<const objective_summary*>& objectives);

}  // namespace okra::document
