// The decoders with what must hold of them for every text: the same answer whatever lies in memory behind it, and what
// is let through says the same when it is encoded and decoded again.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/wire/decode.hpp"

namespace okra::fuzz {

[[nodiscard]] result<wire::client_message, wire::decode_failure> decoded_client_message(wire::decoder& decoder,
                                                                                        std::string_view text);
[[nodiscard]] result<wire::server_message, wire::decode_failure> decoded_server_message(wire::decoder& decoder,
                                                                                        std::string_view text);

// The ops of a JSON array, as in a client's change.
[[nodiscard]] std::optional<std::vector<document::operation>> ops_from(wire::decoder& decoder, std::string_view json);

}  // namespace okra::fuzz
