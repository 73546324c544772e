// Documents and messages in words, for a terminal.
#pragma once

#include <string>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"
#include "protocol/document/operation.hpp"
#include "protocol/wire/messages.hpp"

namespace okra::cli {

// The live entities as an indented tree, with their figures and fields.
[[nodiscard]] std::string describe_document(const document::document& it, const document::figure_table& figures);

[[nodiscard]] std::string describe(const document::operation& it);

// A line for what is worth one; empty for the rest.
[[nodiscard]] std::string describe(const wire::server_message& it);

}  // namespace okra::cli
