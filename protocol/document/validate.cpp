#include "protocol/document/validate.hpp"

#include <algorithm>
#include <cmath>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/document/name.hpp"

namespace okra::document {

namespace {

using check = std::optional<refusal>;

refusal refuse(refusal_code code, const field_schema& field, std::string_view what)
{
    std::string message{field.name};
    message += ": ";
    message += what;
    return {code, std::move(message), std::nullopt};
}

std::string_view describe(field_type type)
{
    switch (type) {
        case field_type::string:
            return "a string is wanted";
        case field_type::number:
            return "a number is wanted";
        case field_type::boolean:
            return "true or false is wanted";
        case field_type::date:
            return "a date, a string of the form YYYY-MM-DD, is wanted";
        case field_type::enumeration:
            return "one of the schema's values, a string, is wanted";
        case field_type::reference:
            return "a reference, a string, is wanted";
        case field_type::set:
            return "an array of references is wanted";
        case field_type::counter:
            return "a whole number is wanted";
        case field_type::text:
            return "a text, a string, is wanted";
    }
    OKRA_ASSERT(false);
}

check check_string(const field_schema& field, const std::string& value)
{
    if (value.find('\0') != std::string::npos) {
        return refuse(refusal_code::invalid_value, field, "U+0000 is not allowed");
    }
    // Bytes are never fewer than code points: most strings need no counting.
    if (value.size() > field.max_length && code_point_count(value) > field.max_length) {
        return refuse(refusal_code::text_too_long, field, "longer than the schema allows");
    }
    return std::nullopt;
}

check check_number(const field_schema& field, double value)
{
    if (!std::isfinite(value) || value < field.min || value > field.max) {
        return refuse(refusal_code::out_of_range, field, "outside the schema's range");
    }
    return std::nullopt;
}

check check_members(const field_schema& field, const std::vector<std::string>& members)
{
    if (members.size() > limits::set_members) {
        return refuse(refusal_code::too_many_members, field, "more members than a set may have");
    }
    for (const std::string& member : members) {
        if (auto why = check_reference(field, member)) return why;
    }
    return std::nullopt;
}

bool has_type(field_type type, const initial_value& value)
{
    switch (type) {
        case field_type::string:
        case field_type::date:
        case field_type::enumeration:
        case field_type::reference:
            return std::holds_alternative<std::string>(value) || std::holds_alternative<null_value>(value);
        case field_type::number:
            return std::holds_alternative<double>(value) || std::holds_alternative<null_value>(value);
        case field_type::boolean:
            return std::holds_alternative<bool>(value) || std::holds_alternative<null_value>(value);
        case field_type::set:
            return std::holds_alternative<std::vector<std::string>>(value);
        case field_type::counter:
            return std::holds_alternative<double>(value);
        case field_type::text:
            return std::holds_alternative<std::string>(value);
    }
    OKRA_ASSERT(false);
}

// `value` has the field's type.
check check_content(const field_schema& field, const initial_value& value)
{
    if (std::holds_alternative<null_value>(value)) return std::nullopt;
    switch (field.type) {
        case field_type::string:
        case field_type::text:
            return check_string(field, std::get<std::string>(value));
        case field_type::number:
            return check_number(field, std::get<double>(value));
        case field_type::boolean:
            return std::nullopt;
        case field_type::date:
            if (parse_date(std::get<std::string>(value))) return std::nullopt;
            return refuse(refusal_code::invalid_value, field, "not a date of the form YYYY-MM-DD");
        case field_type::enumeration:
            if (std::ranges::find(field.values, std::get<std::string>(value)) != field.values.end())
                return std::nullopt;
            return refuse(refusal_code::invalid_value, field, "not one of the schema's values");
        case field_type::reference:
            return check_reference(field, std::get<std::string>(value));
        case field_type::set:
            return check_members(field, std::get<std::vector<std::string>>(value));
        case field_type::counter:
            return check_counter(field, std::get<double>(value));
    }
    OKRA_ASSERT(false);
}

}  // namespace

bool is_register(field_type type)
{
    return type != field_type::text && type != field_type::set && type != field_type::counter;
}

check check_register(const field_schema& field, const register_value& value)
{
    if (!is_register(field.type)) {
        return refuse(refusal_code::wrong_type, field, "`set` is for registers; this field has ops of its own");
    }
    return check_initial(field, to_initial(value));
}

check check_initial(const field_schema& field, const initial_value& value)
{
    if (auto why = check_type(field, value)) return why;
    return check_content(field, value);
}

check check_type(const field_schema& field, const initial_value& value)
{
    if (has_type(field.type, value)) return std::nullopt;
    return refuse(refusal_code::wrong_type, field, describe(field.type));
}

check check_has_come(const field_schema& field, const initial_value& value, day_number today)
{
    const auto* text = field.until_today ? std::get_if<std::string>(&value) : nullptr;
    const auto day = text == nullptr ? std::nullopt : parse_date(*text);
    if (!day || *day <= today) return std::nullopt;
    return refuse(refusal_code::out_of_range, field, "a day that has not come yet");
}

check check_reference(const field_schema& field, std::string_view reference)
{
    if (is_reference(reference)) return std::nullopt;
    return refuse(refusal_code::invalid_value, field, "not a reference");
}

check check_counter(const field_schema& field, double value)
{
    if (!std::isfinite(value) || std::abs(value) > limits::number_magnitude) {
        return refuse(refusal_code::out_of_range, field, "beyond what a counter can hold");
    }
    if (value != std::trunc(value)) return refuse(refusal_code::wrong_type, field, describe(field.type));
    return std::nullopt;
}

check check_inserts(const field_schema& field, const text_edit& edit)
{
    for (const text_component& component : edit) {
        const auto* insert = std::get_if<text_insert>(&component);
        if (insert != nullptr && insert->text.find('\0') != std::string::npos) {
            return refuse(refusal_code::invalid_value, field, "U+0000 is not allowed");
        }
    }
    return std::nullopt;
}

initial_value to_initial(const register_value& value)
{
    return std::visit([](const auto& it) -> initial_value { return it; }, value);
}

register_value to_register(const initial_value& value)
{
    return std::visit(overloaded{[](const std::vector<std::string>&) -> register_value {
                                     OKRA_ASSERT(false);
                                     return null_value{};
                                 },
                                 [](const auto& it) -> register_value { return it; }},
                      value);
}

std::size_t string_bytes(const initial_value& value)
{
    if (const auto* text = std::get_if<std::string>(&value)) return text->size();
    std::size_t bytes = 0;
    if (const auto* members = std::get_if<std::vector<std::string>>(&value)) {
        for (const std::string& member : *members) bytes += member.size();
    }
    return bytes;
}

}  // namespace okra::document
