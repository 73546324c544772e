// What a document consists of, out of JSON: operations, committed changes, entities. Private to protocol/wire. Each
// function leaves its failure in the reader.
#pragma once

#include <vector>

#include "protocol/document/document.hpp"
#include "protocol/document/operation.hpp"
#include "protocol/document/schema.hpp"
#include "protocol/wire/json_reader.hpp"

namespace okra::wire {

// Effective ops carry the server's amendments. In a client's ops those members are unknown ones, and ignored; and a
// client's change holds no more than `limits::ops_per_change` ops.
enum class op_form : std::uint8_t { client, effective };

void read_operations(json_reader& in, json_value& value, op_form form, std::vector<document::operation>& ops);

[[nodiscard]] bool is_op_name(std::string_view name);

[[nodiscard]] document::committed_change read_committed_change(json_reader& in, json_object& object);

[[nodiscard]] document::entity read_entity(json_reader& in, json_value& value, const document::document_schema& schema);

}  // namespace okra::wire
