// The plans that the load is put on, and what their editors do to them: typing at random places of key results' titles,
// and now and then a new figure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "protocol/base/prng.hpp"
#include "protocol/document/operation.hpp"

namespace okra::load {

// A plan of 3 objectives with 4 key results each; key results are numbered through.
inline constexpr std::size_t key_result_count = 12;
[[nodiscard]] std::string key_result_id(std::size_t index);
// The other way round; key_result_count when it is none of them.
[[nodiscard]] std::size_t key_result_index(const std::string& id);
[[nodiscard]] std::vector<document::operation> create_plan();

// One edit, 80 % text and 20 % figures. `title_length` tells how long the title of a key result is, in code points, as
// the editor sees it; the server clamps an edit whose author was wrong about it (TX5). Titles stay far below their
// limit: a long one is shortened.
[[nodiscard]] document::operation next_operation(prng& random,
                                                 const std::function<std::uint64_t(std::size_t)>& title_length);

// A plan of 1,000 entities, and one edit of its history: its positions lie in the titles that it began with.
[[nodiscard]] std::vector<document::operation> create_large_plan();
[[nodiscard]] document::operation edit_large_plan(prng& random);

}  // namespace okra::load
