// The structured log: one line an event, on standard error, as text or JSON. An event has a fixed name
// (lower_snake_case, what one searches for) and fields. Any thread may call these; `start` is called once, by main.
// Nothing of what users write goes into the log, only names, ids and counts.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace okra::runtime::log {

enum class level : std::uint8_t { debug, info, warning, error };
enum class format : std::uint8_t { text, json };

struct field {
    using value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

    field(std::string_view name, std::string_view text) : key{name}, what{text} {}
    field(std::string_view name, const char* text) : key{name}, what{std::string_view{text}} {}
    field(std::string_view name, bool yes) : key{name}, what{yes} {}
    template <std::signed_integral Number>
    field(std::string_view name, Number number) : key{name}, what{static_cast<std::int64_t>(number)}
    {
    }
    template <std::unsigned_integral Number>
    field(std::string_view name, Number number) : key{name}, what{static_cast<std::uint64_t>(number)}
    {
    }
    template <std::floating_point Number>
    field(std::string_view name, Number number) : key{name}, what{static_cast<double>(number)}
    {
    }

    std::string_view key;
    value what;
};
using fields = std::initializer_list<field>;

struct options {
    level least = level::info;
    format as = format::text;
};
void start(options it);

// Before `start`, and for what is below the least level, these do nothing and cost next to nothing.
void debug(std::string_view event, fields with = {});
void info(std::string_view event, fields with = {});
void warning(std::string_view event, fields with = {});
void error(std::string_view event, fields with = {});

}  // namespace okra::runtime::log
