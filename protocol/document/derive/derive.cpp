#include "protocol/document/derive/derive.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/overloaded.hpp"
#include "protocol/document/derive/advice.hpp"

namespace okra::document {

namespace {

// The registers that figures are made from; all the others cost nothing.
constexpr std::array<std::string_view, 16> figured_fields{
    "commit", "confidence", "current",         "done",    "due",    "high",      "low",   "metric", "roll_up",
    "start",  "state",      "status_override", "stretch", "target", "tolerance", "weight"};

bool is_figured_kind(std::string_view kind)
{
    return kind == "objective" || kind == "key_result" || kind == "milestone" || kind == "check_in" ||
           kind == "initiative";
}

bool is_objective(const entity& it)
{
    return it.kind->name == "objective";
}

// The objective that `it` is, or stands under, removed or not; null when there is none.
const entity* objective_of(const document& document, const entity* it)
{
    while (it != nullptr && !is_objective(*it)) it = document.find(it->parent);
    return it;
}

const entity_id& id_of(const operation& op)
{
    return std::visit([](const auto& what) -> const entity_id& { return what.id; }, op);
}

// Figures may follow from it.
bool has_a_say(const operation& op)
{
    return std::visit(overloaded{[](const create_op& what) { return is_figured_kind(what.kind); },
                                 [](const set_op& what) {
                                     return std::ranges::find(figured_fields, what.field) != figured_fields.end();
                                 },
                                 [](const move_op&) { return true; }, [](const remove_op&) { return true; },
                                 [](const restore_op&) { return true; }, [](const add_op&) { return false; },
                                 [](const include_op&) { return false; }, [](const exclude_op&) { return false; },
                                 [](const edit_op&) { return false; }},
                      op);
}

bool is_about_a_cycle(const document& workspace, const operation& op)
{
    if (std::holds_alternative<edit_op>(op)) return false;
    const entity* it = workspace.find(id_of(op));
    return it != nullptr && it->kind->name == "cycle";
}

}  // namespace

bool may_have_figures(std::string_view kind)
{
    return is_figured_kind(kind) || kind == "plan" || kind == "cycle";
}

figure_table derive(const document& it, const derive_context& context)
{
    figure_keeper keeper;
    static_cast<void>(keeper.reset(it, context));
    return keeper.table();
}

figure_keeper::delta figure_keeper::reset(const document& it, const derive_context& context)
{
    context_ = context;
    cycles_touched_ = false;
    if (it.schema().name == "workspace") return refresh_cycles(it);
    touched_.clear();
    objectives_.clear();
    owners_.clear();
    for (const entity* child : it.children_of(it.root())) {
        if (is_objective(*child)) touch(*child);
    }
    return refresh(it, all_ids());
}

// The objectives that the entities in `ops` stand under now, and those that they counted towards before.
void figure_keeper::note(const document& it, const std::vector<operation>& ops)
{
    if (it.schema().name == "workspace") {
        cycles_touched_ |= std::ranges::any_of(ops, [&](const operation& op) { return is_about_a_cycle(it, op); });
        return;
    }
    for (const operation& op : ops) {
        if (!has_a_say(op)) continue;
        const entity* const altered = it.find(id_of(op));
        if (altered == nullptr || !is_figured_kind(altered->kind->name)) continue;
        if (const entity* objective = objective_of(it, altered)) touch(*objective);
        if (const auto owner = owners_.find(altered); owner != owners_.end()) touch(*owner->second);
    }
}

figure_keeper::delta figure_keeper::catch_up(const document& it)
{
    if (std::exchange(cycles_touched_, false)) return refresh_cycles(it);
    return touched_.empty() ? delta{} : refresh(it, {});
}

void figure_keeper::touch(const entity& objective)
{
    if (!std::exchange(objectives_[&objective].is_touched, true)) touched_.push_back(&objective);
}

// The shares of all objectives depend on each, so all are looked at: a look-up and some arithmetic for each of those
// that the ops did not touch.
figure_keeper::delta figure_keeper::refresh(const document& it, std::vector<entity_id> gone)
{
    rows fresh;
    for (const entity* objective : touched_) forget(*objective, gone);
    for (const entity* objective : touched_) summarise(it, *objective, fresh);
    touched_.clear();

    const std::vector<objective_summary*> all = in_order(it);
    plan_summary plan = summarise_plan({all.begin(), all.end()}, context_);
    for (std::size_t index = 0; index < all.size(); ++index) {
        objective_summary& row = *all[index];
        if (!std::exchange(row.is_touched, false) && row.share == plan.shares[index]) continue;
        row.share = plan.shares[index];
        fresh.emplace_back(row.of->id, with_share(row.itself, row.share));
    }
    fresh.emplace_back(it.root().id, std::move(plan.itself));
    return replace(std::move(gone), std::move(fresh));
}

figure_keeper::delta figure_keeper::refresh_cycles(const document& it)
{
    rows fresh;
    for (auto& [id, row] : advise_cycles(it)) fresh.emplace_back(id, std::move(row));
    return replace(all_ids(), std::move(fresh));
}

figure_keeper::delta figure_keeper::replace(std::vector<entity_id> gone, rows fresh)
{
    std::ranges::sort(fresh, {}, &rows::value_type::first);
    std::ranges::sort(gone);
    delta changes;
    for (const entity_id& id : gone) {
        if (std::ranges::binary_search(fresh, id, {}, &rows::value_type::first)) continue;
        if (table_.erase(id) > 0) changes.emplace_back(id, std::nullopt);
    }
    const bool any_erased = !changes.empty();
    // Both are in order: where one went, the next is near.
    auto next = table_.begin();
    for (auto& [id, row] : fresh) {
        if (next != table_.end() && next->first < id) next = table_.lower_bound(id);
        const bool is_known = next != table_.end() && next->first == id;
        if (!is_known) next = table_.emplace_hint(next, id, figures{});
        figures& kept = next++->second;
        if (is_known && kept == row) continue;
        kept = std::move(row);
        changes.emplace_back(std::move(id), kept);
    }
    if (any_erased) std::ranges::sort(changes, {}, &delta::value_type::first);
    return changes;
}

std::vector<entity_id> figure_keeper::all_ids() const
{
    std::vector<entity_id> ids;
    ids.reserve(table_.size());
    for (const auto& [id, row] : table_) ids.push_back(id);
    return ids;
}

void figure_keeper::forget(const entity& objective, std::vector<entity_id>& gone)
{
    const auto known = objectives_.find(&objective);
    if (known == objectives_.end()) return;
    gone.push_back(objective.id);
    for (const auto& [id, row] : known->second.below) gone.push_back(id);
    for (const entity* member : known->second.members) owners_.erase(member);
    objectives_.erase(known);
}

void figure_keeper::summarise(const document& it, const entity& objective, rows& fresh)
{
    if (objective.removed) return;
    objective_summary summary = summarise_objective(it, objective, context_);
    summary.is_touched = true;
    for (const auto& row : summary.below) fresh.push_back(row);
    for (const entity* member : summary.members) owners_[member] = &objective;
    objectives_.insert_or_assign(&objective, std::move(summary));
}

// Those that the plan is made of.
std::vector<objective_summary*> figure_keeper::in_order(const document& it)
{
    std::vector<objective_summary*> all;
    all.reserve(objectives_.size());
    for (const entity* child : it.children_of(it.root())) {
        if (const auto known = objectives_.find(child); known != objectives_.end()) all.push_back(&known->second);
    }
    return all;
}

void apply(figure_table& table, const figure_keeper::delta& news)
{
    for (const auto& [id, figures] : news) {
        if (figures) {
            table.insert_or_assign(id, *figures);
        } else {
            table.erase(id);
        }
    }
}

}  // namespace okra::document
