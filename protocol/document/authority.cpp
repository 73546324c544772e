#include "protocol/document/authority.hpp"

#include <algorithm>
#include <utility>

#include "protocol/base/overloaded.hpp"
#include "protocol/document/name.hpp"
#include "protocol/document/order_key.hpp"
#include "protocol/document/validate.hpp"

namespace okra::document {

namespace {

// A bound on the work of transforming one change: about 50 ms. Nobody who types
// reaches a hundredth of it; who does is asked to transform the change himself
// (CH7).
constexpr std::size_t transform_steps_max = 2'000'000;

// A bound on the work of one change in subtrees: about 10 ms. Who moves or removes different ones comes through each
// entity about once, and a document has 20,000; beyond are the same large ones again and again.
constexpr std::size_t visits_max = 1'000'000;

// A position is in every snapshot and in each commit that gives it, and is as long as whoever moves two entities to and
// fro between the same neighbours makes it: this is what 5,000 moves come to, more than anybody makes at one place, and
// it keeps the commit of a longest change at about the bytes of a longest message.
constexpr std::size_t position_bytes_max = 1024;

refusal refuse(refusal_code code, std::string_view what, std::string_view name)
{
    std::string message{what};
    message += ": ";
    message += name;
    return {code, std::move(message), std::nullopt};
}

struct field_place {
    node* it;
    const field_schema* field;
    field_state* state;  // null when it was never set
};

// What every op on a field begins with; `wanted` tells whether the op is one
// for fields of that type.
template <typename Predicate>
result<field_place, refusal> find_field(const tree& entities, std::string_view id, std::string_view name,
                                        Predicate wanted)
{
    node* it = entities.find(id);
    if (it == nullptr) return refuse(refusal_code::entity_missing, "no such entity", id);
    const field_schema* field = it->kind->find(name);
    if (field == nullptr) return refuse(refusal_code::unknown_field, "no such field", name);
    if (!wanted(field->type)) return refuse(refusal_code::wrong_type, "not an op for this field's type", name);
    if (field->once) return refuse(refusal_code::field_immutable, "can be given in create only", name);
    const auto state = it->fields.find(name);
    return field_place{it, field, state == it->fields.end() ? nullptr : &state->second};
}

result<field_place, refusal> find_field(const tree& entities, std::string_view id, std::string_view name,
                                        field_type type)
{
    return find_field(entities, id, name, [type](field_type it) { return it == type; });
}

// The kind may stand there: what `create` and `move` have in common.
std::optional<refusal> check_parent(const node& parent, const kind_schema& kind)
{
    if (!tree::is_live(parent)) return refuse(refusal_code::parent_removed, "the parent is removed", parent.id);
    if (!kind.may_stand_under(parent.kind->name)) {
        return refuse(refusal_code::parent_forbidden, "this kind may not stand under the parent's", kind.name);
    }
    return std::nullopt;
}

// `levels` of entities, of which `nested` are a chain of `kind`, fit under the
// parent.
std::optional<refusal> check_depth(const node& parent, const kind_schema& kind, std::size_t levels, std::size_t nested)
{
    const bool is_nested_too_deep = kind.depth_max > 0 && tree::nesting_up(parent, kind) + nested > kind.depth_max;
    if (is_nested_too_deep || tree::depth(parent) + levels > limits::tree_depth) {
        return refuse(refusal_code::too_deep, "deeper than the limits allow", kind.name);
    }
    return std::nullopt;
}

}  // namespace

authority::verdict authority::judge(const operation& op)
{
    return std::visit([this](const auto& it) { return judge(it); }, op);
}

authority::verdict authority::judge(const create_op& op)
{
    if (!is_id(op.id)) return refuse(refusal_code::invalid_value, "not an id", op.id);
    if (entities().find(op.id) != nullptr) return refuse(refusal_code::id_exists, "the id has existed", op.id);
    const kind_schema* kind = work_.state().schema->find(op.kind);
    if (kind == nullptr) return refuse(refusal_code::unknown_kind, "no such kind", op.kind);
    node* parent = entities().find(op.parent);
    if (parent == nullptr) return refuse(refusal_code::parent_missing, "no such parent", op.parent);
    if (auto why = check_parent(*parent, *kind)) return *std::move(why);
    if (auto why = check_depth(*parent, *kind, 1, 1)) return *std::move(why);
    if (entities().size() >= limits::entities_per_document) {
        return refuse(refusal_code::too_many_entities, "the document is full", op.id);
    }

    create_op effective = op;
    entity it;
    it.id = op.id;
    it.kind = kind;
    if (auto why = fill(it, effective)) return *std::move(why);
    auto position = choose_position(*parent, op.after, nullptr);
    if (!position) return std::move(position).error();
    it.position = effective.position = *std::move(position);
    work_.create(std::move(it), *parent);
    return effective;
}

// Checks the fields of `op`, makes them canonical and gives them to `it`.
std::optional<refusal> authority::fill(entity& it, create_op& op) const
{
    std::size_t bytes = 0;
    for (named_initial_value& given : op.fields) {
        const field_schema* field = it.kind->find(given.field);
        if (field == nullptr) return refuse(refusal_code::unknown_field, "no such field", given.field);
        if (it.fields.contains(given.field)) return refuse(refusal_code::invalid_value, "given twice", given.field);
        if (auto why = check_initial(*field, given.value)) return why;
        if (auto why = check_has_come(*field, given.value, today_)) return why;
        if (auto* members = std::get_if<std::vector<std::string>>(&given.value)) {
            std::ranges::sort(*members);
            const auto repeated = std::ranges::unique(*members);
            members->erase(repeated.begin(), repeated.end());
        }
        bytes += string_bytes(given.value);
        it.fields.emplace(given.field, field_state{given.value, work_.next(), work_.author()});
    }
    if (exceeds_document(bytes, 0)) return refuse(refusal_code::document_too_large, "too much text", op.id);
    return std::nullopt;
}

authority::verdict authority::judge(const set_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, is_register);
    if (!target) return target.error();
    if (auto why = check_register(*target->field, op.value)) return *std::move(why);

    set_op effective{op.id, op.field, op.value, std::nullopt};
    initial_value value = to_initial(op.value);
    if (auto why = check_has_come(*target->field, value, today_)) return *std::move(why);
    std::size_t freed = 0;
    if (const field_state* before = target->state) {
        freed = string_bytes(before->value);
        if (is_news(before->set_at, before->set_by, seen_by(op.seen)) && before->value != value) {
            effective.over = overwritten{to_register(before->value), before->set_by, before->set_at};
        }
    }
    if (exceeds_document(string_bytes(value), freed)) {
        return refuse(refusal_code::document_too_large, "too much text", op.field);
    }
    work_.assign(*target->it, *target->field, std::move(value));
    return effective;
}

authority::verdict authority::judge(const add_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::counter);
    if (!target) return target.error();
    const double by = static_cast<double>(op.by);
    if (auto why = check_counter(*target->field, by)) return *std::move(why);
    const double sum = target->state == nullptr ? by : std::get<double>(target->state->value) + by;
    if (auto why = check_counter(*target->field, sum)) return *std::move(why);
    work_.assign(*target->it, *target->field, sum);
    return op;
}

authority::verdict authority::judge(const include_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::set);
    if (!target) return target.error();
    if (auto why = check_reference(*target->field, op.value)) return *std::move(why);

    std::vector<std::string> members;
    if (target->state != nullptr) members = std::get<std::vector<std::string>>(target->state->value);
    const auto at = std::ranges::lower_bound(members, op.value);
    if (at != members.end() && *at == op.value) return op;
    if (members.size() >= limits::set_members) {
        return refuse(refusal_code::too_many_members, "the set is full", op.field);
    }
    if (exceeds_document(op.value.size(), 0)) {
        return refuse(refusal_code::document_too_large, "too much text", op.field);
    }
    members.insert(at, op.value);
    work_.assign(*target->it, *target->field, std::move(members));
    return op;
}

authority::verdict authority::judge(const exclude_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::set);
    if (!target) return target.error();
    if (auto why = check_reference(*target->field, op.value)) return *std::move(why);
    if (target->state == nullptr) return op;

    auto members = std::get<std::vector<std::string>>(target->state->value);
    const auto at = std::ranges::lower_bound(members, op.value);
    if (at == members.end() || *at != op.value) return op;
    members.erase(at);
    work_.assign(*target->it, *target->field, std::move(members));
    return op;
}

authority::verdict authority::judge(const edit_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::text);
    if (!target) return target.error();
    if (auto why = check_inserts(*target->field, op.edit)) return *std::move(why);

    text_edit edit = normalise(op.edit);
    std::uint64_t length = 0;
    if (const field_state* text = target->state) {
        length = code_point_count(std::get<std::string>(text->value));
        auto current = bring_up_to_date(std::move(edit), {target->it, target->field}, text->set_at);
        if (!current) return std::move(current).error();
        edit = *std::move(current);
    }
    edit_extent extent = extent_of(edit);
    if (extent.reads > length) {
        edit = clamp(std::move(edit), length);
        extent = extent_of(edit);
    }
    // A text that is over the limit already may be shortened.
    if (extent.inserts > extent.deletes && length - extent.deletes + extent.inserts > target->field->max_length) {
        return refuse(refusal_code::text_too_long, "longer than the schema allows", op.field);
    }
    if (exceeds_document(extent.inserted_bytes, extent.deletes)) {
        return refuse(refusal_code::document_too_large, "too much text", op.field);
    }
    if (!edit.empty()) work_.edit(*target->it, *target->field, edit);
    return edit_op{op.id, op.field, std::move(edit)};
}

// TX3: over what was committed on this text after the base. When the change may
// come back to this text, those edits are carried forward over this one in
// turn: its later ops are written on top of this one, not beside it.
result<text_edit, refusal> authority::bring_up_to_date(text_edit edit, text_key text, revision set_at)
{
    const refusal too_old{refusal_code::base_too_old, "the base is too far behind to transform from", std::nullopt};
    auto carried = std::ranges::find(carried_, text, &carried_edits::text);
    if (carried == carried_.end()) {
        // Never edited since, or by this very change alone.
        if (set_at <= base_ || set_at == work_.next()) return edit;
        const edit_history& history = work_.state().history;
        if (base_ < history.floor()) return too_old;
        const auto committed = history.after(base_, text);
        if (work_.is_last_op()) {
            for (const authored_edit* other : committed) {
                if (!spend(edit, other->edit)) return too_old;
                edit = transform(std::move(edit), other->edit, side_of(work_.author(), other->by));
            }
            return edit;
        }
        carried = carried_.insert(carried_.end(), carried_edits{text, {}});
        for (const authored_edit* other : committed) carried->edits.push_back(*other);
    }
    for (auto& [by, other] : carried->edits) {
        if (!spend(edit, other)) return too_old;
        const text_side side = side_of(work_.author(), by);
        text_edit transformed = transform(edit, other, side);
        other = transform(std::move(other), edit, opposite(side));
        edit = std::move(transformed);
    }
    return edit;
}

bool authority::spend(const text_edit& a, const text_edit& b)
{
    transform_steps_ += a.size() + b.size();
    return transform_steps_ <= transform_steps_max;
}

authority::verdict authority::judge(const move_op& op)
{
    node* it = entities().find(op.id);
    if (it == nullptr) return refuse(refusal_code::entity_missing, "no such entity", op.id);
    node* parent = entities().find(op.parent);
    if (parent == nullptr) return refuse(refusal_code::parent_missing, "no such parent", op.parent);
    // The root cannot be moved: every place is under it.
    if (tree::is_within(*parent, *it)) return refuse(refusal_code::cycle, "the parent is in the subtree", op.parent);
    if (auto why = check_parent(*parent, *it->kind)) return *std::move(why);
    if (auto why = check_visits(op.id)) return *std::move(why);
    const std::size_t nested = it->kind->depth_max == 0 ? 0 : tree::nesting_down(*it, *it->kind);
    const tree::extent moved = tree::extent_of(*it);
    visits_ += moved.entities;
    if (auto why = check_depth(*parent, *it->kind, moved.levels, nested)) return *std::move(why);

    auto position = choose_position(*parent, op.after, it);
    if (!position) return std::move(position).error();
    move_op effective{op.id, op.parent, op.after, *std::move(position)};
    work_.place(*it, *parent, effective.position);
    return effective;
}

authority::verdict authority::judge(const remove_op& op)
{
    node* it = entities().find(op.id);
    if (it == nullptr) return refuse(refusal_code::entity_missing, "no such entity", op.id);
    if (it->up == nullptr) return refuse(refusal_code::forbidden, "the root cannot be removed", op.id);
    const remove_op effective{op.id};
    if (it->removed) return effective;
    if (auto why = check_visits(op.id)) return *std::move(why);
    if (has_newcomers(*it, seen_by(op.seen))) {
        return refuse(refusal_code::subtree_changed, "others have added to it meanwhile", op.id);
    }
    work_.mark_removed(*it, true);
    return effective;
}

authority::verdict authority::judge(const restore_op& op)
{
    node* it = entities().find(op.id);
    if (it == nullptr) return refuse(refusal_code::entity_missing, "no such entity", op.id);
    if (tree::is_live(*it)) return op;
    if (!tree::is_live(*it->up)) return refuse(refusal_code::parent_removed, "the parent is removed", it->parent);
    work_.mark_removed(*it, false);
    return op;
}

// What the author of an op had seen (OP2): everything up to the change's base, unless the op says less.
revision authority::seen_by(const std::optional<revision>& op) const
{
    return std::min(op.value_or(base_), base_);
}

// Something that the author, who had seen everything up to `seen`, had not seen, made by someone else.
bool authority::is_news(revision at, const client_id& by, revision seen) const
{
    return at > seen && by != work_.author();
}

// OP8: someone has put something live below `it` that the change's author had
// not seen.
bool authority::has_newcomers(const node& it, revision seen)
{
    visits_ += it.below.size();
    return std::ranges::any_of(it.below, [&](const entity* child) {
        if (child->removed) return false;
        return is_news(child->arrived_at, child->arrived_by, seen) || has_newcomers(as_node(*child), seen);
    });
}

std::optional<refusal> authority::check_visits(std::string_view id) const
{
    if (visits_ <= visits_max) return std::nullopt;
    return refuse(refusal_code::too_many_ops, "moves or removes large subtrees too often, split the change", id);
}

// OP7. `moved` is left out of account: it gives up its place.
result<std::string, refusal> authority::choose_position(const node& parent, const placement& after,
                                                        const node* moved) const
{
    std::vector<const entity*> without_moved;
    if (moved != nullptr && moved->up == &parent) {
        without_moved = parent.below;
        without_moved.erase(without_moved.begin() + static_cast<std::ptrdiff_t>(tree::index_of(*moved)));
    }
    const auto& siblings = moved != nullptr && moved->up == &parent ? without_moved : parent.below;

    const auto sibling_before = [&](const entity_id& id) {
        const node* sibling = entities().find(id);
        if (sibling == nullptr || sibling->up != &parent || sibling == moved) return siblings.end();
        return std::ranges::find(siblings, sibling) + 1;
    };
    auto at = std::visit(overloaded{[&](place_last) { return siblings.end(); },
                                    [&](place_first) { return siblings.begin(); }, sibling_before},
                         after);
    while (at != siblings.end() && is_news((*at)->arrived_at, (*at)->arrived_by, base_)) ++at;

    const std::string_view low = at == siblings.begin() ? std::string_view{} : (*std::prev(at))->position;
    // Equal positions are never given out; should a snapshot hold them, the place
    // is behind them all.
    while (at != siblings.end() && (*at)->position <= low) ++at;
    const std::string_view high = at == siblings.end() ? std::string_view{} : (*at)->position;
    std::string position = order_key_between(low, high);
    if (position.size() > position_bytes_max) {
        return refuse(refusal_code::out_of_range, "no room left at this place, put it before or behind its neighbours",
                      parent.id);
    }
    return position;
}

bool authority::exceeds_document(std::size_t added, std::size_t freed) const
{
    return added > freed && work_.state().text_bytes + (added - freed) > limits::text_bytes_per_document;
}

}  // namespace okra::document
