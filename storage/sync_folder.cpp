#include "storage/sync_folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace okra::storage {

result<void, failure> sync_folder(const std::filesystem::path& folder)
{
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    const std::error_code ec{errno, std::generic_category()};
    if (file >= 0) ::close(file);
    if (done) return {};
    return failure{ec == std::errc::no_space_on_device ? errc::out_of_space : errc::unavailable,
                   fmt::format("cannot sync {}: {}", folder.string(), ec.message())};
}

}  // namespace okra::storage
