// A document's whole visible state as text, for telling where two documents differ.
#pragma once

#include <string>
#include <vector>

#include "protocol/document/document.hpp"

namespace okra::check {

// A line for each entity, then one for each of its fields. Unset fields and empty texts, sets and counters are left out
// (SPEC OD4).
[[nodiscard]] std::vector<std::string> state_lines(const document::document& it);

}  // namespace okra::check
