// Where the characters of a text went when an edit that it was shown with turned out to stand elsewhere: after a
// snapshot a client places its change in flight by the difference of two texts, the server by what came in between
// (RB4). The web client does the same (sync/relocation.ts). Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/document/text.hpp"

namespace okra::client {

class relocation {
public:
    // Canonical edits of one text of `length` code points that insert the same characters in the same order.
    relocation(const document::text_edit& expected, const document::text_edit& actual, std::uint64_t length);

    // `edit`, written on the text with `expected`, as it is on the text with `actual`: it inserts behind the character
    // it inserted behind, and deletes what it deleted. What is carried next was written on top of it.
    [[nodiscard]] document::text_edit carry(const document::text_edit& edit);

private:
    using character = std::uint64_t;  // one of both texts, wherever it stands

    std::vector<character> expected_;
    std::vector<character> actual_;
    character unused_;
};

}  // namespace okra::client
