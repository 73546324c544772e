// Whose a client id is (SPEC HS8). Everybody in a room sees the ids of all; the id of a client that has a secret is a
// fingerprint of that, so that nobody else can speak in its name, and the server need not remember whose it is. Ids of
// other forms come from clients that have no secret: nothing protects them. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocol/document/operation.hpp"

namespace okra::wire {

// Longer than any id, so that one is never taken for the other.
inline constexpr std::size_t secret_length_min = 33;
inline constexpr std::size_t secret_length_max = 64;

// Whether it has the length and the characters (an id's) of a secret.
[[nodiscard]] bool is_secret(std::string_view it);

[[nodiscard]] document::client_id client_of(std::string_view secret);

// Whether who knows `secret` (empty: none) may be `client`.
[[nodiscard]] bool may_be(std::string_view client, std::string_view secret);

}  // namespace okra::wire
