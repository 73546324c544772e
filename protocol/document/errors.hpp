// Why a change is refused. Each code has its name on the wire and its rule in SPEC.md; `errors.cpp` holds that table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okra {

enum class refusal_code : std::uint8_t {
    // the message (ER)
    malformed,
    unknown_message,
    too_deep,
    // the document (OD)
    forbidden,
    not_open,
    quarantined,
    too_many_documents,
    // the change (CH)
    seq_gap,
    base_ahead,
    base_too_old,
    too_many_ops,
    too_many_entities,
    document_too_large,
    quota_exceeded,
    unavailable,
    // the op (OP)
    unknown_op,
    unknown_kind,
    unknown_field,
    wrong_type,
    out_of_range,
    text_too_long,
    too_many_members,
    invalid_value,
    invalid_unicode,
    field_immutable,
    id_exists,
    entity_missing,
    parent_missing,
    parent_removed,
    parent_forbidden,
    cycle,
    subtree_changed,
};

struct refusal {
    refusal_code code;
    std::string message;  // for a developer or a log; user interfaces translate the code
    std::optional<std::uint32_t> op_index;
    friend bool operator==(const refusal&, const refusal&) = default;
};

[[nodiscard]] std::string_view name_of(refusal_code code);
[[nodiscard]] std::string_view rule_of(refusal_code code);  // "OP1", "CH7", …
[[nodiscard]] std::optional<refusal_code> refusal_code_named(std::string_view name);

}  // namespace okra
