// Who a program is to a server: a client id of its own, and the secret that proves it (SPEC HS3, HS8).
#pragma once

#include <cstddef>
#include <string>

#include "protocol/document/operation.hpp"

namespace okra::client {

// Random, as HS3 and OP1 ask for.
[[nodiscard]] std::string fresh_id(std::size_t length = 12);

struct identity {
    std::string secret;
    document::client_id id;
};
[[nodiscard]] identity fresh_identity();

}  // namespace okra::client
