#include "protocol/document/derive/plan_parts.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/document/derive/weights.hpp"
#include "protocol/document/tree.hpp"

namespace okra::document {

void plan_parts::clear()
{
    order_.clear();
    rows_.clear();
    next_ = 0;
}

void plan_parts::follow(std::span<const entity* const> children, const entity_set& touched)
{
    const auto kept = static_cast<std::size_t>(std::ranges::mismatch(children, order_).in1 - children.begin());
    next_ = kept;
    if (kept == children.size() && kept == order_.size()) return;
    const auto at = static_cast<std::ptrdiff_t>(kept);
    const std::vector<const entity*> before(order_.begin() + at, order_.end());
    const std::vector<row> rows_before(rows_.begin() + at, rows_.end());
    order_.resize(kept);
    rows_.resize(kept);
    std::size_t from = 0;
    for (const entity* child : children.subspan(kept)) {
        order_.push_back(child);
        const bool is_next = from < before.size() && before[from] == child;
        if (!is_next && (touched.contains(child) || child->kind->name != "objective")) {
            rows_.emplace_back();
            continue;
        }
        while (from < before.size() && before[from] != child) ++from;
        OKRA_ASSERT(from < before.size());
        rows_.push_back(rows_before[from++]);
    }
}

plan_parts::row& plan_parts::of(const entity& objective)
{
    const bool is_next = next_ < order_.size() && order_[next_] == &objective;
    if (!is_next) next_ = tree::index_of(as_node(objective));
    return rows_[next_++];
}

figures plan_parts::roll_up(const derive_context& context, std::vector<const entity*>& reweighed)
{
    std::vector<std::optional<double>> pins;
    pins.reserve(rows_.size());
    for (const row& it : rows_) {
        if (it.part.counts) pins.push_back(it.part.pinned_weight.get());
    }
    const std::vector<std::uint32_t> weights = share_weights(pins);
    const bool is_scaled = are_scaled(pins, weights);

    plan_roll_up plan{context};
    std::size_t counted = 0;
    for (std::size_t index = 0; index < rows_.size(); ++index) {
        row& it = rows_[index];
        weight_share share;
        if (it.part.counts) {
            const std::uint32_t weight = weights[counted++];
            share = {static_cast<std::uint16_t>(weight), is_scaled};
            plan.add(it.part, weight);
        }
        if (std::exchange(it.share, share) != share && !it.is_fresh) reweighed.push_back(order_[index]);
    }
    return std::move(plan).result();
}

}  // namespace okra::document
