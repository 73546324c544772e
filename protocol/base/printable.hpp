// Text of others for a terminal or a log: it is shown and never obeyed. Pure.
#pragma once

#include <string>
#include <string_view>

namespace okra {

// `text` in one line, in valid UTF-8, without a character that moves the cursor, colours, renames or turns around what
// stands beside it: C0 and C1 controls, DEL, the separators of lines and paragraphs, and Unicode's controls of
// direction become \n, \r, \t or \uXXXX; a byte that is no UTF-8 becomes U+FFFD. What was made so stays as it is the
// next time, and JSON whose lines are printed one by one stays the same JSON.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace okra
