// A document as text, every bit of state in it, stamps included: equal dumps mean equal documents.
#pragma once

#include <string>

#include "protocol/document/document.hpp"

namespace okra::document {

[[nodiscard]] std::string dump(const document& it);

}  // namespace okra::document
