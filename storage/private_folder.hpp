// Keeps what Okra stores from the other users of the machine.
#pragma once

#include <cstdint>
#include <filesystem>

namespace okra::storage {

enum class privacy : std::uint8_t {
    was_private,
    closed_now,     // others could enter the folder, and cannot any more
    open_to_others  // and this process may not close it
};

// `folder` need not exist yet. From here on the whole process makes files and folders that only its user can read, and
// its group if `folder` lets that in, which is somebody's choice; so it is called before any thread writes.
privacy keep_private(const std::filesystem::path& folder);

}  // namespace okra::storage
