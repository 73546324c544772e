// Edits of a text in the slowest way that can be seen to be right: a text is a list of characters, and an edit says for
// each of them whether it goes and for each gap between them what comes in. Two edits of one text then agree without
// any arithmetic, since characters and gaps keep their identity.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/document/text.hpp"

namespace okra::fuzz {

using characters = std::vector<std::string>;  // one code point each

[[nodiscard]] characters characters_of(std::string_view text);
[[nodiscard]] std::string joined(const characters& text);

// An edit of a text of `goes.size()` characters.
struct placed_edit {
    std::vector<bool> goes;        // by character
    std::vector<characters> come;  // by gap: in front of each character, and behind the last

    explicit placed_edit(std::size_t length) : goes(length), come(length + 1) {}
};

// What reaches beyond the text is cut off.
[[nodiscard]] placed_edit place(const document::text_edit& edit, std::size_t length);
// In canonical form.
[[nodiscard]] document::text_edit written(const placed_edit& edit);

[[nodiscard]] characters applied(const characters& text, const placed_edit& edit);
[[nodiscard]] placed_edit transformed(const placed_edit& edit, const placed_edit& over, document::text_side side);
[[nodiscard]] std::uint64_t moved_caret(std::size_t caret, const placed_edit& edit, document::text_side side);

// The same components with one code point each, grouped anew.
[[nodiscard]] document::text_edit regrouped(const document::text_edit& edit);
[[nodiscard]] bool is_canonical(const document::text_edit& edit);

[[nodiscard]] bool is_utf8_by_the_table(std::string_view bytes);

}  // namespace okra::fuzz
