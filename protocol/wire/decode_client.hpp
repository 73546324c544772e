// The messages that clients send, out of JSON. Private to protocol/wire.
#pragma once

#include "protocol/wire/decode_document.hpp"
#include "protocol/wire/json_reader.hpp"
#include "protocol/wire/messages.hpp"

namespace okra::wire {

[[nodiscard]] client_message read_client_message(json_reader& in, json_object& message);

// The name of a document; what is none is malformed. Whether there is such a document is asked later.
[[nodiscard]] std::string read_document_name(json_reader& in, json_value& value);

// `null` or {"entity":…}: both directions have it.
[[nodiscard]] std::optional<presence_place> read_place(json_reader& in, json_value& value);

// A document's hash (AU1), 16 hexadecimal digits: both directions have it too.
[[nodiscard]] std::uint64_t read_hash(json_reader& in, json_value& value);

}  // namespace okra::wire
