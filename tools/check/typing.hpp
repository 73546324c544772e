// What the editors of a run do: most of it at the same places, so that edits meet. Pure but for its random numbers;
// one thread.
#pragma once

#include <cstddef>
#include <string>

#include "protocol/base/prng.hpp"
#include "tools/client/pending.hpp"
#include "tools/client/replica.hpp"

namespace okra::check {

struct typing_options {
    std::size_t editor = 0;
    std::string today;  // YYYY-MM-DD, of check-ins
};

// The next edit of the editor that has this replica; makes nothing new.
[[nodiscard]] client::op_list next_edit(prng& random, const client::replica& mine, const typing_options& how);

// Something new under what is there already.
[[nodiscard]] client::op_list next_create(prng& random, std::string id, const typing_options& how);

}  // namespace okra::check
