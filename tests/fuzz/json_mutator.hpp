// Alters texts whose lines hold JSON so that most of them stay JSON: bytes flipped at random would hardly ever get past
// the parser, and what lies behind it is what is to be tried.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "protocol/base/prng.hpp"

namespace okra::fuzz {

// What a fuzzer's language consists of.
struct json_language {
    // A whole new line.
    std::function<std::string(prng& random)> line;
    // A JSON value that might stand anywhere.
    std::function<std::string(prng& random)> value;
};

// One or a few alterations: of a line's place, of a value in a line, of a few bytes. `text` may be empty.
[[nodiscard]] std::string mutated_lines(std::string text, prng& random, const json_language& language);

// Lines of both, in their order.
[[nodiscard]] std::string crossed_lines(std::string_view a, std::string_view b, prng& random);

// Values that have been trouble elsewhere: limits, their neighbours, other notations.
[[nodiscard]] std::string hostile_number(prng& random);
[[nodiscard]] std::string hostile_string(prng& random);  // with its quotes

template <typename Container>
[[nodiscard]] const auto& any_of(const Container& from, prng& random)
{
    return from[random.below(std::size(from))];
}

}  // namespace okra::fuzz
