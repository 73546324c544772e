// Brings an import to a server: looks into every document and checks everything first, then writes. What breaks off is
// completed by doing it again.
#pragma once

#include "tools/cli/import.hpp"
#include "tools/cli/session.hpp"

namespace okra::cli {

struct import_result {
    std::size_t written = 0;  // entries
    std::size_t changes = 0;
    std::size_t present = 0;  // entries that were there already
};

[[nodiscard]] result<import_result, failure> bring(session& to, const import_plan& plan);

}  // namespace okra::cli
