// What a document consists of, as JSON: operations, committed changes, entities.
#include <variant>

#include "protocol/base/overloaded.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/json_writer.hpp"

namespace okra::wire {
namespace {

using namespace document;  // the operations

void append_strings(std::string& out, const std::vector<std::string>& members)
{
    out += '[';
    for (const std::string& member : members) {
        if (&member != &members.front()) out += ',';
        append_string(out, member);
    }
    out += ']';
}

// A register's value, or an initial value: the latter has one alternative more.
template <typename Value>
void append_value(std::string& out, const Value& value)
{
    std::visit(
        overloaded{[&](null_value) { out += "null"; }, [&](bool it) { append_boolean(out, it); },
                   [&](double it) { append_number(out, it); }, [&](const std::string& it) { append_string(out, it); },
                   [&](const std::vector<std::string>& it) { append_strings(out, it); }},
        value);
}

void append_head(std::string& out, std::string_view op, std::string_view id)
{
    out += R"({"op":")";
    out += op;
    out += R"(","id":)";
    append_string(out, id);
}

void append_head(std::string& out, std::string_view op, std::string_view id, std::string_view field)
{
    append_head(out, op, id);
    out += R"(,"field":)";
    append_string(out, field);
}

// `after` is absent for "last"; `position` is there in effective ops only.
void append_placement(std::string& out, const placement& after)
{
    std::visit(overloaded{[](place_last) {}, [&](place_first) { out += R"(,"after":null)"; },
                          [&](const entity_id& it) {
                              out += R"(,"after":)";
                              append_string(out, it);
                          }},
               after);
}

void append_position(std::string& out, const std::string& position)
{
    if (position.empty()) return;
    out += R"(,"position":)";
    append_string(out, position);
}

void append_over(std::string& out, const overwritten& it)
{
    out += R"(,"over":{"value":)";
    append_value(out, it.value);
    out += R"(,"client":)";
    append_string(out, it.client);
    out += R"(,"revision":)";
    append_integer(out, it.at.value);
    out += '}';
}

void append_edit(std::string& out, const text_edit& edit)
{
    out += '[';
    for (const text_component& component : edit) {
        if (&component != &edit.front()) out += ',';
        std::visit(overloaded{[&](const text_skip& it) { append_integer(out, it.count); },
                              [&](const text_insert& it) { append_string(out, it.text); },
                              [&](const text_delete& it) {
                                  out += R"({"d":)";
                                  append_integer(out, it.count);
                                  out += '}';
                              }},
                   component);
    }
    out += ']';
}

struct operation_writer {
    std::string& out;

    void operator()(const create_op& it) const
    {
        append_head(out, "create", it.id);
        out += R"(,"kind":)";
        append_string(out, it.kind);
        out += R"(,"parent":)";
        append_string(out, it.parent);
        append_placement(out, it.after);
        if (!it.fields.empty()) append_fields(it.fields);
        append_position(out, it.position);
        out += '}';
    }

    void append_fields(const std::vector<named_initial_value>& fields) const
    {
        out += R"(,"fields":{)";
        for (const named_initial_value& field : fields) {
            if (&field != &fields.front()) out += ',';
            append_string(out, field.field);
            out += ':';
            append_value(out, field.value);
        }
        out += '}';
    }

    void operator()(const set_op& it) const
    {
        append_head(out, "set", it.id, it.field);
        out += R"(,"value":)";
        append_value(out, it.value);
        if (it.over) append_over(out, *it.over);
        append_seen(it.seen);
        out += '}';
    }

    void append_seen(const std::optional<revision>& seen) const
    {
        if (!seen) return;
        out += R"(,"seen":)";
        append_integer(out, seen->value);
    }

    void operator()(const add_op& it) const
    {
        append_head(out, "add", it.id, it.field);
        out += R"(,"by":)";
        append_integer(out, it.by);
        out += '}';
    }

    void operator()(const include_op& it) const { append_membership("include", it); }

    void operator()(const exclude_op& it) const { append_membership("exclude", it); }

    template <typename Membership>
    void append_membership(std::string_view op, const Membership& it) const
    {
        append_head(out, op, it.id, it.field);
        out += R"(,"value":)";
        append_string(out, it.value);
        out += '}';
    }

    void operator()(const edit_op& it) const
    {
        append_head(out, "edit", it.id, it.field);
        out += R"(,"edit":)";
        append_edit(out, it.edit);
        out += '}';
    }

    void operator()(const move_op& it) const
    {
        append_head(out, "move", it.id);
        out += R"(,"parent":)";
        append_string(out, it.parent);
        append_placement(out, it.after);
        append_position(out, it.position);
        out += '}';
    }

    void operator()(const remove_op& it) const
    {
        append_head(out, "remove", it.id);
        append_seen(it.seen);
        out += '}';
    }

    void operator()(const restore_op& it) const
    {
        append_head(out, "restore", it.id);
        out += '}';
    }
};

void append_stamp(std::string& out, revision at, const client_id& by)
{
    out += '[';
    append_integer(out, at.value);
    out += ',';
    append_string(out, by);
    out += ']';
}

// Unset fields are absent (OD4); their stamps are kept, for a later set to know what it overwrites.
void append_entity_fields(std::string& out, const entity& it)
{
    out += R"(,"fields":{)";
    bool first = true;
    for (const auto& [name, field] : it.fields) {
        if (std::holds_alternative<null_value>(field.value)) continue;
        if (!first) out += ',';
        first = false;
        append_string(out, name);
        out += ':';
        append_value(out, field.value);
    }
    out += '}';
}

void append_stamps(std::string& out, const entity& it)
{
    out += R"(,"arrived":)";
    append_stamp(out, it.arrived_at, it.arrived_by);
    out += R"(,"set":{)";
    bool first = true;
    for (const auto& [name, field] : it.fields) {
        if (!first) out += ',';
        first = false;
        append_string(out, name);
        out += ':';
        append_stamp(out, field.set_at, field.set_by);
    }
    out += '}';
}

}  // namespace

void encode_operations(std::string& out, std::span<const operation> ops)
{
    out += '[';
    for (const operation& op : ops) {
        if (&op != &ops.front()) out += ',';
        std::visit(operation_writer{out}, op);
    }
    out += ']';
}

void encode_change(std::string& out, const committed_change& it)
{
    out += R"({"client":)";
    append_string(out, it.client);
    out += R"(,"seq":)";
    append_integer(out, it.seq.value);
    out += R"(,"at":)";
    append_integer(out, it.at_ms);
    out += R"(,"ops":)";
    encode_operations(out, it.ops);
    out += '}';
}

void encode_entity(std::string& out, const entity& it, bool stamped)
{
    out += R"({"id":)";
    append_string(out, it.id);
    out += R"(,"kind":)";
    append_string(out, it.kind->name);
    if (!it.parent.empty()) {
        out += R"(,"parent":)";
        append_string(out, it.parent);
        out += R"(,"position":)";
        append_string(out, it.position);
    }
    append_entity_fields(out, it);
    if (it.removed) out += R"(,"removed":true)";
    if (stamped) append_stamps(out, it);
    out += '}';
}

void encode_entities(std::string& out, std::span<const entity* const> entities, bool stamped)
{
    out += '[';
    bool first = true;
    for (const entity* const it : entities) {
        if (!first) out += ',';
        first = false;
        encode_entity(out, *it, stamped);
    }
    out += ']';
}

}  // namespace okra::wire
