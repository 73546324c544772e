// Makes the names in a folder durable: files that were made, renamed or removed there.
#pragma once

#include <filesystem>

#include "storage/log.hpp"

namespace okra::storage {

[[nodiscard]] result<void, failure> sync_folder(const std::filesystem::path& folder);

}  // namespace okra::storage
