// Reading documents from storage: slow, so it runs on the loader pool. Pure functions of the log's content.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/document/document.hpp"
#include "protocol/document/name.hpp"
#include "server/runtime/frame.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

struct loaded_document {
    document::document content;
    revision snapshot_at;  // of the stored snapshot it was built from
};
using load_result = result<loaded_document, storage::failure>;

// The newest stored snapshot with the tail replayed on it. A document that was never changed is empty. `until`: as it
// was then; without a snapshot that is so old everything is replayed.
[[nodiscard]] load_result load_document(const storage::log& log, const document::document_name& name,
                                        std::optional<revision> until = {});

// The commits after `after` up to `until` as private frames for one reader, without figures.
[[nodiscard]] result<std::vector<frame_ptr>, storage::failure> load_tail(const storage::log& log,
                                                                         const std::string& document, revision after,
                                                                         revision until);

// What a stored snapshot holds: every entity, stamped.
[[nodiscard]] std::string stamped_entities(const document::document& content);

// [{"id":…,"name":…},…]: all workspaces, for the first page.
[[nodiscard]] std::string list_workspaces(const storage::log& log);

}  // namespace okra::runtime
