// The grammar of JSON's strings and numbers, where simdjson's answer is not exact enough for us. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okra::wire {

// What is wrong with a string, the worst last.
enum class string_fault : std::uint8_t {
    none,
    nul,             // U+0000
    lone_surrogate,  // half of a pair; replaced by U+FFFD in what is written
    not_json,        // an escape that JSON does not know
};

// Appends the characters that the inside of a JSON string stands for. `inside` ends before the closing quote.
string_fault append_unescaped(std::string& out, std::string_view inside);

// Is `token` a number by JSON's grammar?
[[nodiscard]] bool is_json_number(std::string_view token);

// Its value. Nothing when a double cannot hold it: too large, or too close to zero. Adding zero turns −0 into 0.
[[nodiscard]] std::optional<double> value_of_number(std::string_view token);

}  // namespace okra::wire
