// Looks at a data folder before RocksDB does, and changes nothing. RocksDB asked to create a database takes a folder
// without CURRENT for an empty one: its first try fails at the old write-ahead logs but leaves a new manifest, and its
// second try deletes the tables. So a database is created only where there is none of one, and whatever is missing or
// is not what was left there is refused here, in words that say what to do. No dependency on RocksDB.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "storage/log.hpp"
#include "storage/watermark.hpp"

namespace okra::storage {

enum class folder_contents : std::uint8_t {
    nothing,   // no database, or the very first files of one whose creation was interrupted: it holds nothing yet
    database,  // CURRENT and the manifest that it names
};

// `mark` is what read_watermark says; without one nothing can be said of the manifest's contents.
[[nodiscard]] result<folder_contents, failure> inspect_folder(const std::filesystem::path& folder,
                                                              const std::optional<watermark>& mark);

// The number of the MANIFEST that CURRENT names; 0: it names none.
[[nodiscard]] std::uint64_t current_manifest(const std::filesystem::path& folder);

[[nodiscard]] std::filesystem::path current_manifest_path(const std::filesystem::path& folder);

// How the manifest is at a clean stop: its length and checksum. The database is closed, and the manifest synced.
[[nodiscard]] watermark mark_of_closed(const std::filesystem::path& folder, std::uint64_t commits);

// What every refusal of a damaged folder ends with.
[[nodiscard]] failure refuse_folder(const std::filesystem::path& folder, std::string_view what);

}  // namespace okra::storage
