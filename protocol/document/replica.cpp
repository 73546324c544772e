#include "protocol/document/replica.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "protocol/document/name.hpp"
#include "protocol/document/order_key.hpp"
#include "protocol/document/validate.hpp"

namespace okra::document {

namespace {

refusal misfits(refusal_code code, std::string_view what)
{
    return {code, std::string{what}, std::nullopt};
}

struct field_place {
    node* it;
    const field_schema* field;
    field_state* state;  // null when it was never set
};

result<field_place, refusal> find_field(const tree& entities, std::string_view id, std::string_view name)
{
    node* it = entities.find(id);
    if (it == nullptr) return misfits(refusal_code::entity_missing, id);
    const field_schema* field = it->kind->find(name);
    if (field == nullptr) return misfits(refusal_code::unknown_field, name);
    const auto state = it->fields.find(name);
    return field_place{it, field, state == it->fields.end() ? nullptr : &state->second};
}

result<field_place, refusal> find_field(const tree& entities, std::string_view id, std::string_view name,
                                        field_type type)
{
    auto found = find_field(entities, id, name);
    if (found && found->field->type != type) return misfits(refusal_code::wrong_type, name);
    return found;
}

}  // namespace

std::optional<refusal> replica::apply(const operation& op)
{
    return std::visit([this](const auto& it) { return apply(it); }, op);
}

replica::misfit replica::apply(const create_op& op)
{
    const kind_schema* kind = work_.state().schema->find(op.kind);
    if (kind == nullptr) return misfits(refusal_code::unknown_kind, op.kind);
    if (!is_id(op.id)) return misfits(refusal_code::invalid_value, op.id);
    if (entities().find(op.id) != nullptr) return misfits(refusal_code::id_exists, op.id);
    node* parent = entities().find(op.parent);
    if (parent == nullptr) return misfits(refusal_code::parent_missing, op.parent);
    if (!is_order_key(op.position)) return misfits(refusal_code::invalid_value, op.position);

    entity it;
    it.id = op.id;
    it.kind = kind;
    it.position = op.position;
    for (const named_initial_value& given : op.fields) {
        const field_schema* field = kind->find(given.field);
        if (field == nullptr) return misfits(refusal_code::unknown_field, given.field);
        if (auto why = check_type(*field, given.value)) return why;
        it.fields.insert_or_assign(given.field, field_state{given.value, work_.next(), work_.author()});
    }
    work_.create(std::move(it), *parent);
    return std::nullopt;
}

replica::misfit replica::apply(const set_op& op)
{
    const auto target = find_field(entities(), op.id, op.field);
    if (!target) return target.error();
    initial_value value = to_initial(op.value);
    if (!is_register(target->field->type)) return misfits(refusal_code::wrong_type, op.field);
    if (auto why = check_type(*target->field, value)) return why;
    work_.assign(*target->it, *target->field, std::move(value));
    return std::nullopt;
}

replica::misfit replica::apply(const add_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::counter);
    if (!target) return target.error();
    const double before = target->state == nullptr ? 0 : std::get<double>(target->state->value);
    work_.assign(*target->it, *target->field, before + static_cast<double>(op.by));
    return std::nullopt;
}

replica::misfit replica::apply(const include_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::set);
    if (!target) return target.error();
    std::vector<std::string> members;
    if (target->state != nullptr) members = std::get<std::vector<std::string>>(target->state->value);
    const auto at = std::ranges::lower_bound(members, op.value);
    if (at != members.end() && *at == op.value) return std::nullopt;
    members.insert(at, op.value);
    work_.assign(*target->it, *target->field, std::move(members));
    return std::nullopt;
}

replica::misfit replica::apply(const exclude_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::set);
    if (!target) return target.error();
    if (target->state == nullptr) return std::nullopt;
    auto members = std::get<std::vector<std::string>>(target->state->value);
    const auto at = std::ranges::lower_bound(members, op.value);
    if (at == members.end() || *at != op.value) return std::nullopt;
    members.erase(at);
    work_.assign(*target->it, *target->field, std::move(members));
    return std::nullopt;
}

replica::misfit replica::apply(const edit_op& op)
{
    const auto target = find_field(entities(), op.id, op.field, field_type::text);
    if (!target) return target.error();
    if (op.edit.empty()) return std::nullopt;
    const std::uint64_t length =
        target->state == nullptr ? 0 : code_point_count(std::get<std::string>(target->state->value));
    if (extent_of(op.edit).reads > length) return misfits(refusal_code::out_of_range, op.field);
    work_.edit(*target->it, *target->field, op.edit);
    return std::nullopt;
}

replica::misfit replica::apply(const move_op& op)
{
    node* it = entities().find(op.id);
    if (it == nullptr) return misfits(refusal_code::entity_missing, op.id);
    node* parent = entities().find(op.parent);
    if (parent == nullptr) return misfits(refusal_code::parent_missing, op.parent);
    if (tree::is_within(*parent, *it)) return misfits(refusal_code::cycle, op.parent);
    if (!is_order_key(op.position)) return misfits(refusal_code::invalid_value, op.position);
    work_.place(*it, *parent, op.position);
    return std::nullopt;
}

replica::misfit replica::apply(const remove_op& op)
{
    node* it = entities().find(op.id);
    if (it == nullptr) return misfits(refusal_code::entity_missing, op.id);
    if (it->up == nullptr) return misfits(refusal_code::forbidden, op.id);
    if (!it->removed) work_.mark_removed(*it, true);
    return std::nullopt;
}

replica::misfit replica::apply(const restore_op& op)
{
    node* it = entities().find(op.id);
    if (it == nullptr) return misfits(refusal_code::entity_missing, op.id);
    if (it->removed) work_.mark_removed(*it, false);
    return std::nullopt;
}

}  // namespace okra::document
