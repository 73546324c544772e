// What a fuzzer with inputs of its own form defines, and mutator.cpp hands to libFuzzer. Not part of ordinary builds,
// which only run what was found.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/prng.hpp"

namespace okra::fuzz {

[[nodiscard]] std::string mutated(std::string text, prng& random);
[[nodiscard]] std::string crossed(std::string_view a, std::string_view b, prng& random);

}  // namespace okra::fuzz
