// The words that enumerations have on the wire.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/wire/messages.hpp"

namespace okra::wire {

[[nodiscard]] std::string_view name_of(document::status it);
[[nodiscard]] std::optional<document::status> status_named(std::string_view name);

[[nodiscard]] std::string_view name_of(open_mode it);
[[nodiscard]] std::optional<open_mode> open_mode_named(std::string_view name);

}  // namespace okra::wire
