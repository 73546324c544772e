// Values against the schema (OP12, OP14). Pure; strings are valid UTF-8 already (the decoder has checked).
#pragma once

#include <optional>
#include <string_view>

#include "protocol/document/date.hpp"
#include "protocol/document/errors.hpp"
#include "protocol/document/operation.hpp"
#include "protocol/document/schema.hpp"

namespace okra::document {

// string, number, boolean, date, enumeration, reference.
[[nodiscard]] bool is_register(field_type type);

// Why `value` may not stand in `field`, or nothing. `set`: only registers take a value; null unsets.
[[nodiscard]] std::optional<refusal> check_register(const field_schema& field, const register_value& value);

// The same for what `create` gives: a text's string, a counter's number and a set's members too.
[[nodiscard]] std::optional<refusal> check_initial(const field_schema& field, const initial_value& value);

// Only that the value has the field's type, without limits: for replay, where the limits of the day it was accepted
// hold.
[[nodiscard]] std::optional<refusal> check_type(const field_schema& field, const initial_value& value);

// OP15: where the schema wants a day that has come, `value` is none after `today`.
[[nodiscard]] std::optional<refusal> check_has_come(const field_schema& field, const initial_value& value,
                                                    day_number today);

[[nodiscard]] std::optional<refusal> check_reference(const field_schema& field, std::string_view reference);
[[nodiscard]] std::optional<refusal> check_counter(const field_schema& field, double value);

// The text inserted by an edit: no U+0000.
[[nodiscard]] std::optional<refusal> check_inserts(const field_schema& field, const text_edit& edit);

[[nodiscard]] initial_value to_initial(const register_value& value);

// `value` must be one that a register can have.
[[nodiscard]] register_value to_register(const initial_value& value);

// The bytes of its strings: what counts against `text_bytes_per_document`.
[[nodiscard]] std::size_t string_bytes(const initial_value& value);

}  // namespace okra::document
