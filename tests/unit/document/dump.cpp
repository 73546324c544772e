#include "tests/unit/document/dump.hpp"

#include <fmt/format.h>

#include "protocol/base/overloaded.hpp"

namespace okra::document {

namespace {

std::string show(const initial_value& value)
{
    return std::visit(overloaded{[](null_value) { return std::string{"null"}; },
                                 [](bool it) { return std::string{it ? "true" : "false"}; },
                                 [](double it) { return fmt::format("{}", it); },
                                 [](const std::string& it) { return fmt::format("\"{}\"", it); },
                                 [](const std::vector<std::string>& it) {
                                     std::string members;
                                     for (const std::string& member : it) members += member + ' ';
                                     return fmt::format("[{}]", members);
                                 }},
                      value);
}

}  // namespace

std::string dump(const document& it)
{
    std::string out =
        fmt::format("head {} entities {} bytes {}\n", it.head().value, it.entity_count(), it.text_bytes());
    for (const entity* each : it.in_tree_order()) {
        out += fmt::format("{} {} under '{}' at '{}'{} arrived {} by '{}'\n", each->id, each->kind->name, each->parent,
                           each->position, each->removed ? " removed" : "", each->arrived_at.value, each->arrived_by);
        for (const auto& [name, field] : each->fields) {
            out += fmt::format("  {} = {} set {} by '{}'\n", name, show(field.value), field.set_at.value, field.set_by);
        }
    }
    return out;
}

}  // namespace okra::document
