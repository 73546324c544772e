#include "protocol/document/errors.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/assert.hpp"

namespace okra {

namespace {

struct row {
    refusal_code code;
    std::string_view name;
    std::string_view rule;
};

using enum refusal_code;

// In the order of the enumeration, which is checked below: a code is its row's index.
constexpr std::array rows{
    row{malformed, "malformed", "ER4"},
    row{unknown_message, "unknown_message", "ER1"},
    row{too_deep, "too_deep", "ER6"},
    row{forbidden, "forbidden", "OD8"},
    row{not_open, "not_open", "CH8"},
    row{quarantined, "quarantined", "OD10"},
    row{too_many_documents, "too_many_documents", "OD9"},
    row{seq_gap, "seq_gap", "CH6"},
    row{base_ahead, "base_ahead", "CH7"},
    row{base_too_old, "base_too_old", "CH7"},
    row{too_many_ops, "too_many_ops", "ER6"},
    row{too_many_entities, "too_many_entities", "ER6"},
    row{document_too_large, "document_too_large", "ER6"},
    row{quota_exceeded, "quota_exceeded", "ER8"},
    row{unavailable, "unavailable", "ER5"},
    row{unknown_op, "unknown_op", "OP13"},
    row{unknown_kind, "unknown_kind", "OP12"},
    row{unknown_field, "unknown_field", "OP12"},
    row{wrong_type, "wrong_type", "OP12"},
    row{out_of_range, "out_of_range", "OP12"},
    row{text_too_long, "text_too_long", "OP12"},
    row{too_many_members, "too_many_members", "ER6"},
    row{invalid_value, "invalid_value", "OP12"},
    row{invalid_unicode, "invalid_unicode", "OP14"},
    row{field_immutable, "field_immutable", "OP11"},
    row{id_exists, "id_exists", "OP1"},
    row{entity_missing, "entity_missing", "OP10"},
    row{parent_missing, "parent_missing", "OP1"},
    row{parent_removed, "parent_removed", "OP1"},
    row{parent_forbidden, "parent_forbidden", "OP1"},
    row{cycle, "cycle", "OP6"},
    row{subtree_changed, "subtree_changed", "OP8"},
};

constexpr bool rows_follow_the_enumeration()
{
    for (std::size_t index = 0; index < rows.size(); ++index) {
        if (static_cast<std::size_t>(rows[index].code) != index) return false;
    }
    return rows.size() == static_cast<std::size_t>(subtree_changed) + 1;
}
static_assert(rows_follow_the_enumeration());

const row& row_of(refusal_code code)
{
    const auto index = static_cast<std::size_t>(code);
    OKRA_ASSERT(index < rows.size());
    return rows[index];
}

}  // namespace

std::string_view name_of(refusal_code code)
{
    return row_of(code).name;
}

std::string_view rule_of(refusal_code code)
{
    return row_of(code).rule;
}

std::optional<refusal_code> refusal_code_named(std::string_view name)
{
    const auto found = std::ranges::find(rows, name, &row::name);
    if (found == rows.end()) return std::nullopt;
    return found->code;
}

}  // namespace okra
