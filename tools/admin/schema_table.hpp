// The compiled-in schema as a Markdown page, for readers of the protocol.
#pragma once

#include <string>

namespace okra::admin {

[[nodiscard]] std::string schema_as_markdown();

}  // namespace okra::admin
