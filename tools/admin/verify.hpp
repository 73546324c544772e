// Proves that what is stored is what was committed: replays each document's whole log and compares everything else with
// the result (docs/storage_format.md, "What verify checks").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/log.hpp"
#include "tools/admin/replay.hpp"

namespace okra::admin {

struct document_report {
    std::string name;
    revision head;
    std::size_t entities = 0;
    std::size_t clients = 0;
    std::vector<std::string> problems;  // empty: sound
};

[[nodiscard]] document_report verify_document(const storage::log& log, std::string_view name, record_parser& parser);

}  // namespace okra::admin
