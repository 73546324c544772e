// An entity's fields as the maths wants them: absent, unset and "of another type" are all nothing.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/document/document.hpp"

namespace okra::document {

template <typename Value>
[[nodiscard]] const Value* field_as(const entity& it, std::string_view name)
{
    const auto found = it.fields.find(name);
    return found == it.fields.end() ? nullptr : std::get_if<Value>(&found->second.value);
}

[[nodiscard]] inline std::optional<double> number_field(const entity& it, std::string_view name)
{
    const auto* value = field_as<double>(it, name);
    return value == nullptr ? std::nullopt : std::optional{*value};
}

[[nodiscard]] inline std::optional<bool> flag_field(const entity& it, std::string_view name)
{
    const auto* value = field_as<bool>(it, name);
    return value == nullptr ? std::nullopt : std::optional{*value};
}

// Strings, dates, enumerations: empty when there is none. Good until the field changes.
[[nodiscard]] inline std::string_view string_field(const entity& it, std::string_view name)
{
    const auto* value = field_as<std::string>(it, name);
    return value == nullptr ? std::string_view{} : std::string_view{*value};
}

}  // namespace okra::document
