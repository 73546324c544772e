// Stored documents as JSON, for people and scripts. Everything goes to `out` as it is read.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "storage/log.hpp"
#include "tools/admin/replay.hpp"

namespace okra::admin {

// {"epoch":…,"documents":[{"document":NAME,"revision":N},…]}
[[nodiscard]] result<void, std::string> dump_list(const storage::log& log, std::FILE* out);

// {"document":NAME,"epoch":…,"revision":N,"hash":…,"entities":[…]}: entities as in a `part` message (SPEC OD4), the
// hash that of AU1; as of a revision, if one is given.
[[nodiscard]] result<void, std::string> dump_document(const storage::log& log, std::string_view name,
                                                      std::optional<revision> until, std::FILE* out);

// A line for each committed change: {"document":NAME,"revision":N,"change":{…}}.
[[nodiscard]] result<void, std::string> dump_log(const storage::log& log, std::string_view name, std::FILE* out);

}  // namespace okra::admin
