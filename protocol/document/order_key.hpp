// Order keys (`position`): strings that sort byte by byte, with room for another between any two (OP7).
//   key      := whole fraction
//   whole    := 'a'..'z' then 1..26 digits (not negative), or 'Z'..'A' then 1..26 digits (negative)
//   fraction := digits, the last of them not '0'
// Digits are base 62 in ASCII order. Keys at either end of a list grow with the logarithm of its length; a key between
// two others is one digit longer for about every six inserts at one place.
#pragma once

#include <string>
#include <string_view>

namespace okra::document {

[[nodiscard]] bool is_order_key(std::string_view text);

// A key behind `low` and before `high`; either may be empty: no bound on that side. Both must be order keys, low <
// high.
[[nodiscard]] std::string order_key_between(std::string_view low, std::string_view high);

}  // namespace okra::document
