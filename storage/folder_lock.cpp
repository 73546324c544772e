#include "storage/folder_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace okra::storage {

result<folder_lock, failure> folder_lock::acquire(const std::filesystem::path& folder)
{
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec) {
        return failure{ec == std::errc::no_space_on_device ? errc::out_of_space : errc::unavailable,
                       fmt::format("cannot create {}: {}", folder.string(), ec.message())};
    }
    const auto path = folder / "OKRA_LOCK";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        const int code = errno;
        return failure{code == ENOSPC ? errc::out_of_space : errc::unavailable,
                       fmt::format("cannot open {}: {}", path.string(), std::strerror(code))};
    }
    // Belongs to the open file, so a second acquire in one process fails too.
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        return failure{errc::locked, fmt::format("{} is in use by another Okra process", folder.string())};
    }
    return folder_lock{file};
}

folder_lock::folder_lock(folder_lock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}

folder_lock& folder_lock::operator=(folder_lock&& other) noexcept
{
    std::swap(file_, other.file_);
    return *this;
}

folder_lock::~folder_lock()
{
    if (file_ >= 0) ::close(file_);
}

}  // namespace okra::storage
