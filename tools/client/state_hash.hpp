// A fingerprint of a document's whole visible state, for telling whether replicas ended equal. Two documents that a
// user could not tell apart have the same one: unset fields and empty texts, sets and counters count alike (SPEC OD4).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/document/document.hpp"

namespace okra::client {

[[nodiscard]] std::uint64_t state_hash(const document::document& it);

// The same state in full: a line for each entity, then one for each of its fields. For telling where two documents
// differ.
[[nodiscard]] std::vector<std::string> state_lines(const document::document& it);

}  // namespace okra::client
