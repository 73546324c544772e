#include "tools/check/state_lines.hpp"

#include <string_view>
#include <variant>

#include "protocol/base/overloaded.hpp"
#include "protocol/wire/json_writer.hpp"

namespace okra::check {

namespace {

bool is_default(const document::initial_value& value)
{
    return std::visit(overloaded{[](const document::null_value&) { return true; }, [](bool) { return false; },
                                 [](double) { return false; }, [](const std::string& text) { return text.empty(); },
                                 [](const std::vector<std::string>& members) { return members.empty(); }},
                      value);
}

// A counter at 0 is as good as absent; a number register at 0 is not.
bool is_default(const document::entity& owner, std::string_view field, const document::initial_value& value)
{
    const auto* number = std::get_if<double>(&value);
    if (number == nullptr || *number != 0) return is_default(value);
    const auto* schema = owner.kind->find(field);
    return schema != nullptr && schema->type == document::field_type::counter;
}

void append_json(std::string& out, const document::initial_value& value)
{
    std::visit(
        overloaded{[&](const document::null_value&) { out += "null"; }, [&](bool it) { out += it ? "true" : "false"; },
                   [&](double it) { wire::append_number(out, it); },
                   [&](const std::string& it) { wire::append_string(out, it); },
                   [&](const std::vector<std::string>& members) {
                       out += '[';
                       for (const auto& member : members) {
                           if (&member != &members.front()) out += ',';
                           wire::append_string(out, member);
                       }
                       out += ']';
                   }},
        value);
}

}  // namespace

std::vector<std::string> state_lines(const document::document& it)
{
    std::vector<std::string> out;
    for (const auto* entity : it.in_tree_order()) {
        out.push_back(std::string{entity->kind->name} + " " + entity->id + " under \"" + entity->parent + "\" at \"" +
                      entity->position + (entity->removed ? "\", removed" : "\""));
        for (const auto& [name, state] : entity->fields) {
            if (is_default(*entity, name, state.value)) continue;
            auto line = entity->id + "." + name + " = ";
            append_json(line, state.value);
            out.push_back(std::move(line));
        }
    }
    return out;
}

}  // namespace okra::check
