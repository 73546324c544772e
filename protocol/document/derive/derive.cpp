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
    is_touched_.clear();
    parts_.clear();
    below_.clear();
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
        if (is_objective(*altered)) continue;
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
    if (is_touched_.insert(&objective).second) touched_.push_back(&objective);
}

figure_keeper::delta figure_keeper::refresh(const document& it, std::vector<entity_id> gone)
{
    parts_.follow(it.children_of(it.root()), is_touched_);
    std::vector<fresh_row> fresh;
    fresh.reserve(touched_.size() + 1);
    for (const entity* objective : touched_) forget(*objective, gone);
    for (const entity* objective : touched_) summarise(it, *objective, fresh);
    touched_.clear();
    is_touched_.clear();

    std::vector<const entity*> reweighed;
    figures plan = parts_.roll_up(context_, reweighed);
    for (fresh_row& row : fresh) {
        if (row.objective == nullptr) continue;
        row.objective->is_fresh = false;
        give_share(row.now, row.objective->share);
    }
    for (const entity* objective : reweighed) {
        const plan_parts::row& row = parts_.of(*objective);
        fresh.push_back({.id = objective->id, .now = *row.told, .known = row.told});
        give_share(fresh.back().now, row.share);
    }
    fresh.push_back({.id = it.root().id, .now = std::move(plan)});
    return replace(std::move(gone), std::move(fresh));
}

figure_keeper::delta figure_keeper::refresh_cycles(const document& it)
{
    figure_table advised = advise_cycles(it);
    std::vector<fresh_row> fresh;
    for (auto& [id, row] : advised) fresh.push_back({.id = id, .now = std::move(row)});
    return replace(all_ids(), std::move(fresh));
}

figure_keeper::delta figure_keeper::replace(std::vector<entity_id> gone, std::vector<fresh_row> fresh)
{
    // Not the rows themselves, which are large.
    std::vector<std::pair<std::string_view, fresh_row*>> by_id;
    by_id.reserve(fresh.size());
    for (fresh_row& row : fresh) by_id.emplace_back(row.id, &row);
    std::ranges::sort(by_id);
    std::ranges::sort(gone);
    delta changes;
    changes.reserve(fresh.size());
    for (const entity_id& id : gone) {
        if (std::ranges::binary_search(by_id, id, {}, [](const auto& row) { return row.first; })) continue;
        if (table_.erase(id) > 0) changes.emplace_back(id, std::nullopt);
    }
    const bool any_erased = !changes.empty();
    // Both are in order: where one went, the next is near.
    auto next = table_.begin();
    for (const auto& [id, row] : by_id) {
        bool is_known = row->known != nullptr;
        if (!is_known) {
            if (next != table_.end() && next->first < id) next = table_.lower_bound(id);
            is_known = next != table_.end() && next->first == id;
            if (!is_known) next = table_.emplace_hint(next, id, figures{});
            row->known = &next++->second;
        }
        if (row->objective != nullptr) row->objective->told = row->known;
        if (is_known && *row->known == row->now) continue;
        *row->known = std::move(row->now);
        changes.emplace_back(id, *row->known);
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
    if (objective.removed) gone.push_back(objective.id);
    const auto known = below_.find(&objective);
    if (known == below_.end()) return;
    for (const entity* it : known->second.told) gone.push_back(it->id);
    for (const entity* member : known->second.members) owners_.erase(member);
    below_.erase(known);
}

void figure_keeper::summarise(const document& it, const entity& objective, std::vector<fresh_row>& fresh)
{
    plan_parts::row& row = parts_.of(objective);
    if (objective.removed) {
        row = {};
        return;
    }
    objective_summary summary = summarise_objective(it, objective, context_);
    row.part = summary.part;
    row.is_fresh = true;
    fresh.push_back({.id = objective.id, .now = std::move(summary.itself), .known = row.told, .objective = &row});
    if (summary.members.empty()) return;
    objective_below& below = below_[&objective];
    for (auto& [what, figures] : summary.below) {
        fresh.push_back({.id = what->id, .now = std::move(figures)});
        below.told.push_back(what);
    }
    for (const entity* member : summary.members) owners_[member] = &objective;
    below.members = std::move(summary.members);
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
