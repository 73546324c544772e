// What holds for every document between two changes. For tests, `okra-admin verify` and the simulator; slow on purpose:
// everything is computed again from the public state.
#pragma once

#include <string>
#include <vector>

#include "protocol/document/document.hpp"

namespace okra::document {

// One line for each broken invariant; empty when the document is sound.
[[nodiscard]] std::vector<std::string> broken_invariants(const document& it);

}  // namespace okra::document
