// The messages that the server sends, out of JSON, for the C++ clients and tests. Private to protocol/wire.
#pragma once

#include "protocol/wire/json_reader.hpp"
#include "protocol/wire/messages.hpp"

namespace okra::wire {

[[nodiscard]] server_message read_server_message(json_reader& in, json_object& message);

}  // namespace okra::wire
