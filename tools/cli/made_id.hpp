// Ids that are told by what they are for: whoever makes the same thing arrives at the same id. The web client makes the
// same ones (ui/state/same_id.ts), so that a person is one, whoever adds them first. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace okra::cli {

// `kind` and 16 hexadecimal digits of the words, which may be in any script. Blanks around a word are of no account.
[[nodiscard]] std::string made_id(std::string_view kind, std::initializer_list<std::string_view> words);

// For what is read in an address: the words of Latin letters and digits in lower case, joined by "-". A name that has
// others too, or is too long, gets digits behind them that tell it apart; one that has none, `kind` and digits.
[[nodiscard]] std::string readable_id(std::string_view kind, std::string_view name);

// Without blanks and line ends around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace okra::cli
