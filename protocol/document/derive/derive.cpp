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

// The objective that `it` is, or stands under, removed or not; null when there is none.
const entity* objective_of(const document& document, const entity* it)
{
    while (it != nullptr && it->kind->name != "objective") it = document.find(it->parent);
    return it;
}

bool is_about_a_cycle(const document& workspace, const operation& op)
{
    if (std::holds_alternative<edit_op>(op)) return false;
    const entity* it = workspace.find(std::visit([](const auto& what) -> const entity_id& { return what.id; }, op));
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
    if (it.schema().name == "workspace") return refresh_cycles(it);
    id_set all;
    for (const auto& [id, summary] : objectives_) all.insert(id);
    for (const entity* child : it.children_of(it.root())) {
        if (child->kind->name == "objective") all.insert(child->id);
    }
    return refresh(it, all);
}

figure_keeper::delta figure_keeper::update(const document& it, const std::vector<operation>& ops)
{
    if (it.schema().name == "workspace") {
        const bool is_news = std::ranges::any_of(ops, [&](const operation& op) { return is_about_a_cycle(it, op); });
        return is_news ? refresh_cycles(it) : delta{};
    }
    id_set objectives;
    for (const operation& op : ops) mark(it, op, objectives);
    return objectives.empty() ? delta{} : refresh(it, objectives);
}

void figure_keeper::mark(const document& it, const operation& op, id_set& objectives) const
{
    std::visit(overloaded{[&](const create_op& what) {
                              if (is_figured_kind(what.kind)) mark_owners(it, what.id, objectives);
                          },
                          [&](const set_op& what) {
                              const bool counts = std::ranges::find(figured_fields, what.field) != figured_fields.end();
                              if (counts) mark_owners(it, what.id, objectives);
                          },
                          [&](const move_op& what) { mark_owners(it, what.id, objectives); },
                          [&](const remove_op& what) { mark_owners(it, what.id, objectives); },
                          [&](const restore_op& what) { mark_owners(it, what.id, objectives); }, [](const add_op&) {},
                          [](const include_op&) {}, [](const exclude_op&) {}, [](const edit_op&) {}},
               op);
}

// The objective that the entity stands under now, and the one it counted towards before.
void figure_keeper::mark_owners(const document& it, const entity_id& id, id_set& objectives) const
{
    const entity* altered = it.find(id);
    if (altered == nullptr || !is_figured_kind(altered->kind->name)) return;
    if (const entity* objective = objective_of(it, altered)) objectives.insert(objective->id);
    if (const auto owner = owners_.find(id); owner != owners_.end()) objectives.insert(owner->second);
}

figure_keeper::delta figure_keeper::refresh(const document& it, const id_set& objectives)
{
    id_set gone;
    figure_table fresh;
    for (const entity_id& id : objectives) forget(id, gone);
    for (const entity_id& id : objectives) summarise(it, id, fresh);

    std::vector<const entity_id*> ids;
    std::vector<const objective_summary*> rows;
    for (const entity* child : it.children_of(it.root())) {
        const auto summary = objectives_.find(child->id);
        if (summary == objectives_.end()) continue;
        ids.push_back(&child->id);
        rows.push_back(&summary->second);
    }
    plan_summary plan = summarise_plan(rows, context_);
    for (std::size_t index = 0; index < rows.size(); ++index) {
        // An objective that the ops did not touch can have got another share.
        if (rows[index]->share == plan.shares[index] && !objectives.contains(*ids[index])) continue;
        objective_summary& row = objectives_.find(*ids[index])->second;
        row.share = plan.shares[index];
        fresh[*ids[index]] = with_share(row.itself, row.share);
    }
    fresh[it.root().id] = std::move(plan.itself);
    return replace(gone, std::move(fresh));
}

figure_keeper::delta figure_keeper::refresh_cycles(const document& it)
{
    id_set all;
    for (const auto& [id, row] : table_) all.insert(id);
    return replace(all, advise_cycles(it));
}

figure_keeper::delta figure_keeper::replace(const id_set& gone, figure_table fresh)
{
    delta changes;
    for (const entity_id& id : gone) {
        if (!fresh.contains(id) && table_.erase(id) > 0) changes.emplace_back(id, std::nullopt);
    }
    for (auto& [id, row] : fresh) {
        const auto [at, is_new] = table_.try_emplace(id);
        if (!is_new && at->second == row) continue;
        at->second = std::move(row);
        changes.emplace_back(id, at->second);
    }
    std::ranges::sort(changes, {}, &delta::value_type::first);
    return changes;
}

void figure_keeper::forget(const entity_id& objective, id_set& gone)
{
    const auto known = objectives_.find(objective);
    if (known == objectives_.end()) return;
    gone.insert(objective);
    for (const auto& [id, row] : known->second.below) gone.insert(id);
    for (const entity_id& id : known->second.members) owners_.erase(id);
    objectives_.erase(known);
}

void figure_keeper::summarise(const document& it, const entity_id& objective, figure_table& fresh)
{
    const entity* live = it.find(objective);
    if (live == nullptr || live->removed) return;
    objective_summary summary = summarise_objective(it, *live, context_);
    for (const auto& [id, row] : summary.below) fresh[id] = row;
    for (const entity_id& id : summary.members) owners_[id] = objective;
    objectives_.insert_or_assign(objective, std::move(summary));
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
