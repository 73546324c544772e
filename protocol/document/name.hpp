// A document's name is its address: `<workspace>/workspace` or `<workspace>/plan/<team>/<cycle>`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/document/schema.hpp"

namespace okra::document {

struct document_name {
    std::string full;
    std::string_view workspace() const { return std::string_view{full}.substr(0, full.find('/')); }
    const document_schema* schema = nullptr;
    // Empty for a workspace document.
    std::string team;
    std::string cycle;
};

// Nothing when it is not well-formed.
[[nodiscard]] std::optional<document_name> parse_name(std::string_view full);

[[nodiscard]] bool is_id(std::string_view text);
[[nodiscard]] bool is_reference(std::string_view text);

}  // namespace okra::document
