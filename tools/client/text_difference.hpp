// What others did to a text while nobody told of it (RB4): from the text before and the one after, word by word, and
// within a word that differs the common beginning and end, so that what waits between two words that are still there
// stays between them. The web client does the same (sync/text_difference.ts). Pure.
#pragma once

#include <string_view>

#include "protocol/document/text.hpp"

namespace okra::client {

// The edit that takes `before` to `after`. Both are valid UTF-8.
[[nodiscard]] document::text_edit difference(std::string_view before, std::string_view after);

}  // namespace okra::client
