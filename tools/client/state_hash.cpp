#include "tools/client/state_hash.hpp"

#include <bit>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/base/overloaded.hpp"
#include "protocol/wire/json_writer.hpp"

namespace okra::client {

namespace {

// FNV-1a, 64 bits: a difference by chance is as unlikely as such a check needs.
class hasher {
public:
    void add(std::string_view bytes)
    {
        for (const char byte : bytes) mix(static_cast<unsigned char>(byte));
        mix(0);  // "ab", "c" differs from "a", "bc"
    }
    void add(std::uint64_t number)
    {
        for (unsigned shift = 0; shift < 64; shift += 8) mix(static_cast<unsigned char>(number >> shift));
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }

    std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

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

void add(hasher& out, const document::initial_value& value)
{
    out.add(value.index());
    std::visit(overloaded{[](const document::null_value&) {}, [&](bool it) { out.add(std::uint64_t{it}); },
                          [&](double it) { out.add(std::bit_cast<std::uint64_t>(it)); },
                          [&](const std::string& it) { out.add(it); },
                          [&](const std::vector<std::string>& members) {
                              for (const auto& member : members) out.add(member);
                          }},
               value);
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

std::uint64_t state_hash(const document::document& it)
{
    hasher out;
    for (const auto* entity : it.in_tree_order()) {
        out.add(entity->id);
        out.add(entity->kind->name);
        out.add(entity->parent);
        out.add(entity->position);
        out.add(std::uint64_t{entity->removed});
        for (const auto& [name, state] : entity->fields) {
            if (is_default(*entity, name, state.value)) continue;
            out.add(name);
            add(out, state.value);
        }
    }
    return out.value();
}

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

}  // namespace okra::client
