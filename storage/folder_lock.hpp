// Holds a folder for one owner: another process, or another part of this one, that asks for it gets `locked`. The
// system lets go when the process ends, however it ends.
#pragma once

#include <filesystem>

#include "storage/log.hpp"

namespace okra::storage {

class folder_lock {
public:
    // Creates the folder if it does not exist.
    [[nodiscard]] static result<folder_lock, failure> acquire(const std::filesystem::path& folder);

    folder_lock(folder_lock&& other) noexcept;
    folder_lock& operator=(folder_lock&& other) noexcept;
    ~folder_lock();

private:
    explicit folder_lock(int file) : file_{file} {}

    int file_;  // -1: moved from
};

}  // namespace okra::storage
