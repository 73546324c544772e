// As much of Yjs' update format (version 1, npm: yjs 13) as typing needs: an update with one inserted text is written;
// of any update of texts it is read whose characters it brings. Pure. Tested against bytes that Yjs itself wrote, and
// by tools/bench/peers/check.mjs with Yjs itself.
//
//   update  := clients:number (structs:number client:number clock:number struct*)* deletions
//   struct  := info:u8 (left:id)? (right:id)? (parent)? content     info: kind, and which of these there are
//   id      := client:number clock:number
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okra::load::yjs {

// A client's characters are counted by a clock of its own.
struct item_id {
    std::uint64_t client = 0;
    std::uint64_t clock = 0;
};

struct text_item {
    item_id id;                    // of its first character
    std::optional<item_id> left;   // the character that it was typed after
    std::optional<item_id> right;  // the one that it was typed before
    std::string_view root;         // the name of the text; needed if there is neither
    std::string_view text;         // ASCII: Yjs counts UTF-16 units
};

void append_update(std::string& out, const text_item& it);

// Characters of one client, without a gap.
struct run {
    item_id from;
    std::uint64_t length = 0;
};

// Nothing if it is malformed, or holds something that typing does not make. Deletions are not looked at.
[[nodiscard]] std::optional<std::vector<run>> runs_of(std::string_view update);

// How many characters of each client there are.
[[nodiscard]] std::optional<std::vector<item_id>> read_state_vector(std::string_view bytes);

}  // namespace okra::load::yjs
