#include "tests/simulation/figure_history.hpp"

#include <algorithm>
#include <functional>
#include <ranges>

#include "server/runtime/clock.hpp"

namespace okra::simulation {

namespace {

template <typename Range, typename Value, typename Projection = std::identity>
bool contains(const Range& range, const Value& value, Projection of = {})
{
    return std::ranges::find(range, value, of) != std::ranges::end(range);
}

}  // namespace

void figure_history::set_contexts(const document::document& plan, const std::vector<document::derive_context>& now)
{
    const std::int64_t now_ms = runtime::steady_clock_ms();
    std::erase_if(views_,
                  [&](const view& it) { return it.superseded_ms && *it.superseded_ms + old_context_ms < now_ms; });
    for (view& it : views_) {
        if (contains(now, it.context)) {
            it.superseded_ms.reset();
        } else if (!it.superseded_ms) {
            it.superseded_ms = now_ms;
        }
    }
    for (const document::derive_context& context : now) {
        if (contains(views_, context, &view::context)) continue;
        view& added = views_.emplace_back(view{.context = context, .keeper = {}});
        learn(added.keeper.reset(plan, context));
    }
}

void figure_history::changed(const document::document& plan, const std::vector<document::operation>& ops)
{
    for (view& it : views_) learn(it.keeper.update(plan, ops));
}

bool figure_history::had(std::string_view id, const std::optional<document::figures>& told) const
{
    const auto known = values_.find(id);
    if (known == values_.end()) return !told;
    return contains(known->second | std::views::reverse, told);
}

bool figure_history::is_sound(const document::document& plan) const
{
    return std::ranges::all_of(views_,
                               [&](const view& it) { return it.keeper.table() == document::derive(plan, it.context); });
}

void figure_history::learn(const document::figure_keeper::delta& news)
{
    for (const auto& [id, value] : news) {
        std::vector<std::optional<document::figures>>& values = values_[id];
        if (values.empty()) values.emplace_back(std::nullopt);  // what is made and removed in one change has none yet
        if (!contains(values, value)) values.push_back(value);
    }
}

}  // namespace okra::simulation
