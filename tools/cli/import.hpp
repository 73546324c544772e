// A file of a cycle's OKRs as Okra documents: a workspace whose teams are the owners, and a plan for each team
// (docs/import.md). Ids are told by what stands in the file, so that an import can be repeated: what is there already
// is left as it is. Pure; importing.hpp brings it to a server.
#pragma once

#include <string>
#include <vector>

#include "protocol/document/document.hpp"
#include "tools/cli/import_file.hpp"
#include "tools/client/pending.hpp"

namespace okra::cli {

struct import_row {
    document::operation op;
    import_place place;  // what it comes from
};

struct import_document {
    std::string name;
    std::vector<import_row> rows;  // parents first
};

struct import_plan {
    std::vector<import_document> documents;  // the workspace first, then plans as their teams come in the file
    std::size_t teams = 0;
    std::size_t objectives = 0;
    std::size_t key_results = 0;
};

[[nodiscard]] import_plan plan_import(const import_file& file, const std::string& workspace);

// What `document` does not have yet, as changes: as few as the limits allow, an objective with its key results in one
// where that is possible. Checked as the server will check them; a failure names the place in the file.
[[nodiscard]] result<std::vector<client::op_list>, client::failure> changes_for(const import_document& wanted,
                                                                                const document::document& present,
                                                                                std::int64_t now_ms);

}  // namespace okra::cli
