#include "storage/private_folder.hpp"

#include <sys/stat.h>

namespace okra::storage {

privacy keep_private(const std::filesystem::path& folder)
{
    constexpr mode_t private_mask = S_IRWXG | S_IRWXO;
    ::umask(private_mask);
    struct stat status{};
    if (::stat(folder.c_str(), &status) != 0) return privacy::was_private;  // to be made
    if ((status.st_mode & S_IRWXO) != 0) {
        // 0755 is what a folder gets when nobody has thought about it: its group is no choice either.
        const bool closed = ::chmod(folder.c_str(), status.st_mode & S_IRWXU) == 0;
        return closed ? privacy::closed_now : privacy::open_to_others;
    }
    ::umask(private_mask & ~status.st_mode);
    return privacy::was_private;
}

}  // namespace okra::storage
