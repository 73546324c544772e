#include "protocol/wire/decode_document.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "protocol/document/name.hpp"

namespace okra::wire {
namespace {

using namespace document;  // the operations

// Names of fields and kinds are looked up in the schema later; what cannot be one is refused as if it had been.
std::string read_word(json_reader& in, json_value& value, std::string_view name, refusal_code unknown)
{
    const std::string_view it = in.text_view(value, name);
    if (in.failed() || is_id(it)) return std::string{it};
    in.fail(unknown, "the schema has no such " + std::string{name});
    return {};
}

std::string read_field(json_reader& in, json_value& value)
{
    return read_word(in, value, "field", refusal_code::unknown_field);
}

std::string read_kind(json_reader& in, json_value& value)
{
    return read_word(in, value, "kind", refusal_code::unknown_kind);
}

std::string read_member(json_reader& in, json_value& value)
{
    if (in.type_of(value) != json_type::string) in.fail(refusal_code::wrong_type, "a reference, a string, is wanted");
    return in.reference(value, "value");
}

std::vector<std::string> read_set(json_reader& in, json_value& value)
{
    std::vector<std::string> set;
    in.elements(value, "value", [&](json_value& element) {
        if (set.size() == limits::set_members) return in.fail(refusal_code::too_many_members, "too many in one set");
        set.push_back(read_member(in, element));
    });
    return set;
}

register_value read_register_value(json_reader& in, json_value& value)
{
    switch (in.type_of(value)) {
        case json_type::null:
            return null_value{};
        case json_type::boolean:
            return in.boolean(value, "value");
        case json_type::number:
            return in.number(value, "value");
        case json_type::string:
            return in.text(value, "value");
        case json_type::array:
        case json_type::object:
            break;
    }
    in.fail(refusal_code::wrong_type, "no field holds that");
    return null_value{};
}

initial_value read_initial_value(json_reader& in, json_value& value)
{
    if (in.type_of(value) == json_type::array) return read_set(in, value);
    return std::visit([](auto&& it) -> initial_value { return std::move(it); }, read_register_value(in, value));
}

std::vector<named_initial_value> read_initial_fields(json_reader& in, json_value& value)
{
    std::vector<named_initial_value> fields;
    in.members(value, "fields", [&](std::string_view name, json_value& it) {
        if (!is_id(name)) return in.fail(refusal_code::unknown_field, "the schema has no such field");
        fields.push_back({std::string{name}, read_initial_value(in, it)});
    });
    return fields;
}

placement read_placement(json_reader& in, json_value& value)
{
    if (in.type_of(value) == json_type::null) return place_first{};
    return in.id(value, "after");
}

std::uint64_t read_delete_count(json_reader& in, json_value& component)
{
    std::uint64_t count = 0;
    in.members(component, "edit", [&](std::string_view key, json_value& value) {
        if (key == "d") {
            count = in.integer(value, key, {.min = 1});
        } else {
            in.ignore(value);
        }
    });
    in.require(count != 0, "d");
    return count;
}

text_edit read_edit(json_reader& in, json_value& value)
{
    text_edit edit;
    edit.reserve(4);            // typing: skip, delete, insert
    std::uint64_t reached = 0;  // both are below 2^53, so that the sum cannot wrap around
    const auto reach = [&](std::uint64_t count) {
        reached += count;
        if (reached > integer_max) in.fail(refusal_code::out_of_range, "an edit reaches no further than 2^53");
        return count;
    };
    in.elements(value, "edit", [&](json_value& component) {
        switch (in.type_of(component)) {
            case json_type::number:
                edit.emplace_back(text_skip{reach(in.integer(component, "edit", {.min = 1}))});
                return;
            case json_type::string:
                edit.emplace_back(text_insert{in.text(component, "edit")});
                return;
            case json_type::object:
                edit.emplace_back(text_delete{reach(read_delete_count(in, component))});
                return;
            case json_type::array:
            case json_type::boolean:
            case json_type::null:
                break;
        }
        in.fail(refusal_code::malformed, "an edit is made of numbers, strings and {\"d\":n}");
    });
    return edit;
}

overwritten read_over(json_reader& in, json_value& over)
{
    overwritten it;
    in.members(over, "over", [&](std::string_view key, json_value& value) {
        if (key == "value") {
            it.value = read_register_value(in, value);
        } else if (key == "client") {
            it.client = in.id(value, key);
        } else if (key == "revision") {
            it.at = {in.integer(value, key, {.min = 1})};
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.client.empty(), "client");
    in.require(it.at.value != 0, "revision");
    return it;
}

// What a client had seen when its user did this (OP2, OP8).
revision read_seen(json_reader& in, json_value& value)
{
    return {in.integer(value, "seen")};
}

// ---- the nine operations ----

operation read_create(json_reader& in, json_object& op, op_form form)
{
    create_op it;
    in.members(op, [&](std::string_view key, json_value& value) {
        if (key == "id") {
            it.id = in.id(value, key);
        } else if (key == "kind") {
            it.kind = read_kind(in, value);
        } else if (key == "parent") {
            it.parent = in.id(value, key);
        } else if (key == "after") {
            it.after = read_placement(in, value);
        } else if (key == "fields") {
            it.fields = read_initial_fields(in, value);
        } else if (key == "position" && form == op_form::effective) {
            it.position = in.text(value, key);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.id.empty(), "id");
    in.require(!it.kind.empty(), "kind");
    in.require(!it.parent.empty(), "parent");
    return it;
}

operation read_set(json_reader& in, json_object& op, op_form form)
{
    set_op it;
    bool value_given = false;
    in.members(op, [&](std::string_view key, json_value& value) {
        if (key == "id") {
            it.id = in.id(value, key);
        } else if (key == "field") {
            it.field = read_field(in, value);
        } else if (key == "value") {
            it.value = read_register_value(in, value);
            value_given = true;
        } else if (key == "over" && form == op_form::effective) {
            it.over = read_over(in, value);
        } else if (key == "seen" && form == op_form::client) {
            it.seen = read_seen(in, value);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.id.empty(), "id");
    in.require(!it.field.empty(), "field");
    in.require(value_given, "value");
    return it;
}

// The shape that most ops have: an entity, one of its fields, and one member more.
template <typename Op, typename Read>  // void(Op&, json_value&)
operation read_field_op(json_reader& in, json_object& op, std::string_view member, Read&& read)
{
    Op it{};
    bool given = false;
    in.members(op, [&](std::string_view key, json_value& value) {
        if (key == "id") {
            it.id = in.id(value, key);
        } else if (key == "field") {
            it.field = read_field(in, value);
        } else if (key == member) {
            read(it, value);
            given = true;
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.id.empty(), "id");
    in.require(!it.field.empty(), "field");
    in.require(given, member);
    return it;
}

operation read_add(json_reader& in, json_object& op, op_form)
{
    return read_field_op<add_op>(in, op, "by", [&](add_op& it, json_value& value) {
        if (in.type_of(value) != json_type::number) in.fail(refusal_code::wrong_type, "a whole number is wanted");
        const double by = in.number(value, "by");
        if (by != std::trunc(by)) in.fail(refusal_code::wrong_type, "a whole number is wanted");
        if (!in.failed()) it.by = static_cast<std::int64_t>(by);
    });
}

template <typename Membership>
operation read_membership(json_reader& in, json_object& op, op_form)
{
    return read_field_op<Membership>(in, op, "value",
                                     [&](Membership& it, json_value& value) { it.value = read_member(in, value); });
}

operation read_edit_op(json_reader& in, json_object& op, op_form)
{
    return read_field_op<edit_op>(in, op, "edit",
                                  [&](edit_op& it, json_value& value) { it.edit = read_edit(in, value); });
}

operation read_move(json_reader& in, json_object& op, op_form form)
{
    move_op it;
    in.members(op, [&](std::string_view key, json_value& value) {
        if (key == "id") {
            it.id = in.id(value, key);
        } else if (key == "parent") {
            it.parent = in.id(value, key);
        } else if (key == "after") {
            it.after = read_placement(in, value);
        } else if (key == "position" && form == op_form::effective) {
            it.position = in.text(value, key);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.id.empty(), "id");
    in.require(!it.parent.empty(), "parent");
    return it;
}

operation read_remove(json_reader& in, json_object& op, op_form form)
{
    remove_op it;
    in.members(op, [&](std::string_view key, json_value& value) {
        if (key == "id") {
            it.id = in.id(value, key);
        } else if (key == "seen" && form == op_form::client) {
            it.seen = read_seen(in, value);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.id.empty(), "id");
    return it;
}

operation read_restore(json_reader& in, json_object& op, op_form)
{
    restore_op it;
    in.members(op, [&](std::string_view key, json_value& value) {
        if (key == "id") {
            it.id = in.id(value, key);
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.id.empty(), "id");
    return it;
}

struct op_row {
    std::string_view name;
    operation (*read)(json_reader& in, json_object& op, op_form form);
};

// The frequent ones first.
constexpr std::array op_rows{
    op_row{"edit", read_edit_op},
    op_row{"set", read_set},
    op_row{"create", read_create},
    op_row{"move", read_move},
    op_row{"add", read_add},
    op_row{"include", read_membership<include_op>},
    op_row{"exclude", read_membership<exclude_op>},
    op_row{"remove", read_remove},
    op_row{"restore", read_restore},
};

const op_row* find_op(std::string_view name)
{
    const auto* const found = std::ranges::find(op_rows, name, &op_row::name);
    return found == op_rows.end() ? nullptr : found;
}

void read_operation(json_reader& in, json_object& op, op_form form, std::vector<operation>& ops)
{
    const std::string_view name = in.tag(op, "op");
    if (in.failed()) return;
    if (name.data() == nullptr) return in.fail(refusal_code::malformed, "`op` is missing, or not a string");
    const op_row* const row = find_op(name);
    if (row == nullptr) return in.fail(refusal_code::unknown_op, "there is no such op");
    ops.push_back(row->read(in, op, form));
}

// ---- entities ----

struct stamp {
    revision at;
    client_id by;  // empty for what nobody did, as the root's arrival
};

stamp read_stamp(json_reader& in, json_value& value)
{
    stamp it;
    std::size_t index = 0;
    in.elements(value, "stamp", [&](json_value& element) {
        if (index == 0) it.at = {in.integer(element, "revision")};
        if (index == 1) it.by = in.text(element, "client");
        if (index > 1) in.fail(refusal_code::malformed, "a stamp is [revision,client]");
        ++index;
    });
    in.require(index == 2, "stamp");
    return it;
}

void read_stamps(json_reader& in, json_value& value, entity& it)
{
    in.members(value, "set", [&](std::string_view name, json_value& each) {
        stamp set = read_stamp(in, each);
        if (in.failed()) return;
        field_state& field = it.fields[std::string{name}];
        field.set_at = set.at;
        field.set_by = std::move(set.by);
    });
}

void read_entity_fields(json_reader& in, json_value& value, entity& it)
{
    in.members(value, "fields", [&](std::string_view name, json_value& each) {
        initial_value content = read_initial_value(in, each);
        if (!in.failed()) it.fields[std::string{name}].value = std::move(content);
    });
}

const kind_schema* read_entity_kind(json_reader& in, json_value& value, const document_schema& schema)
{
    const kind_schema* const kind = schema.find(in.text_view(value, "kind"));
    if (!in.failed() && kind == nullptr) in.fail(refusal_code::unknown_kind, "the schema has no such kind");
    return kind;
}

}  // namespace

bool is_op_name(std::string_view name)
{
    return find_op(name) != nullptr;
}

void read_operations(json_reader& in, json_value& value, op_form form, std::vector<operation>& ops)
{
    ops.clear();
    std::uint32_t index = 0;
    in.elements(value, "ops", [&](json_value& element) {
        if (form == op_form::client && index == limits::ops_per_change) {
            in.set_op_index(std::nullopt);
            return in.fail(refusal_code::too_many_ops, "too many ops in one change");
        }
        in.set_op_index(index++);
        if (in.type_of(element) != json_type::object) {
            return in.fail(refusal_code::malformed, "an op must be an object");
        }
        json_object op;
        if (element.get_object().get(op) != simdjson::SUCCESS) return in.fail(refusal_code::malformed, "not JSON");
        read_operation(in, op, form, ops);
    });
    in.set_op_index(std::nullopt);
}

committed_change read_committed_change(json_reader& in, json_object& object)
{
    committed_change it;
    bool at_given = false;
    bool ops_given = false;
    in.members(object, [&](std::string_view key, json_value& value) {
        if (key == "client") {
            it.client = in.id(value, key);
        } else if (key == "seq") {
            it.seq = {in.integer(value, key, {.min = 1})};
        } else if (key == "at") {
            it.at_ms = static_cast<std::int64_t>(in.integer(value, key));
            at_given = true;
        } else if (key == "ops") {
            read_operations(in, value, op_form::effective, it.ops);
            ops_given = true;
        } else {
            in.ignore(value);
        }
    });
    in.require(!it.client.empty(), "client");
    in.require(it.seq.value != 0, "seq");
    in.require(at_given, "at");
    in.require(ops_given, "ops");
    return it;
}

entity read_entity(json_reader& in, json_value& value, const document_schema& schema)
{
    entity it;
    in.members(value, "entity", [&](std::string_view key, json_value& member) {
        if (key == "id") {
            it.id = in.id(member, key);
        } else if (key == "kind") {
            it.kind = read_entity_kind(in, member, schema);
        } else if (key == "parent") {
            it.parent = in.id(member, key);
        } else if (key == "position") {
            it.position = in.text(member, key);
        } else if (key == "fields") {
            read_entity_fields(in, member, it);
        } else if (key == "removed") {
            it.removed = in.boolean(member, key);
        } else if (key == "arrived") {
            stamp arrived = read_stamp(in, member);
            it.arrived_at = arrived.at;
            it.arrived_by = std::move(arrived.by);
        } else if (key == "set") {
            read_stamps(in, member, it);
        } else {
            in.ignore(member);
        }
    });
    in.require(!it.id.empty(), "id");
    in.require(it.kind != nullptr, "kind");
    return it;
}

}  // namespace okra::wire
