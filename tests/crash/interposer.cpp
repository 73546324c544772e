// Preloaded into the real server (LD_PRELOAD): stands between it and the system, kills it at the point that the crash
// test has named, and writes down what is certain to be on the disk (disk_record.hpp). The server is not changed and
// knows nothing of it.
//
// Certain is: of a file, what it held when its last sync began; of the folder, the names it held when its last sync
// began. Both are written down after the sync has returned, so that a kill at any moment finds at worst too little.
// Table files, logs and manifests are written at their end only; that is checked. Of the watermark, which is written in
// place, the contents are kept.

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/crash/disk_record.hpp"

namespace {

using okra::crash::disk_record;
using okra::crash::point;

// The system's function behind the one defined here.
template <typename Function>
Function* system_function(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

enum class file_kind : std::uint8_t { other_place, wal, table, manifest, watermark, other_file, folder };

// Null: this process is not the one that is watched.
disk_record* record = nullptr;
std::array<std::atomic<file_kind>, 1 << 16> kinds;  // by descriptor
std::mutex syncing;                                 // guards the tables of `record`

[[gnu::constructor]] void map_record()
{
    const char* path = std::getenv(okra::crash::record_variable);
    if (path == nullptr) return;
    const int file = system_function<int(const char*, int, ...)>("open")(path, O_RDWR | O_CLOEXEC);
    void* mapped = ::mmap(nullptr, sizeof(disk_record), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) std::abort();
    record = static_cast<disk_record*>(mapped);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is itself killed leaves no server behind
}

file_kind kind_of(int file)
{
    const auto index = static_cast<std::size_t>(file);
    return record != nullptr && file >= 0 && index < kinds.size() ? kinds[index].load() : file_kind::other_place;
}

bool is_in_folder(std::string_view path)
{
    const std::string_view folder{record->folder.data()};
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/' &&
           path.find('/', folder.size() + 1) == std::string_view::npos;
}

file_kind kind_of(std::string_view path)
{
    while (path.ends_with('/')) path.remove_suffix(1);
    if (path == record->folder.data()) return file_kind::folder;
    if (!is_in_folder(path)) return file_kind::other_place;
    if (path.ends_with(".log")) return file_kind::wal;
    if (path.ends_with(".sst")) return file_kind::table;
    if (path.find("/MANIFEST-") != std::string_view::npos) return file_kind::manifest;
    if (path.find("/OKRA_WATERMARK") != std::string_view::npos) return file_kind::watermark;
    return file_kind::other_file;
}

[[noreturn]] void die(point at)
{
    record->died_at = at;
    ::kill(::getpid(), SIGKILL);
    while (true) ::pause();
}

// Counts that `it` is passed, and tells whether to die here.
bool is_due(point it)
{
    ++record->passed[static_cast<std::size_t>(it)];
    return record->armed == it && record->left.fetch_sub(1) == 1;
}

// The same for a point on the disk.
bool is_due_on_disk(point it)
{
    const bool here = is_due(it);
    return is_due(point::disk) || here;
}

void pass(point it)
{
    if (is_due_on_disk(it)) die(it);
}

std::size_t torn_share_of(std::size_t size)
{
    return size * record->torn_share / 256;
}

point torn_write_of(file_kind it)
{
    switch (it) {
        case file_kind::wal:
            return point::wal_torn_write;
        case file_kind::table:
            return point::table;
        case file_kind::manifest:
            return point::manifest;
        case file_kind::folder:
            return point::folder;
        case file_kind::watermark:
        case file_kind::other_place:
        case file_kind::other_file:
            break;
    }
    return point::other_file;
}

// ---- what is certain ----

// `inode` is new, or emptied: nothing of it is.
void forget_synced(ino_t inode)
{
    const std::lock_guard lock{syncing};
    for (auto& it : record->files) {
        if (it.inode == inode) it.inode = 0;
    }
}

void note_synced(ino_t inode, std::uint64_t bytes)
{
    const std::lock_guard lock{syncing};
    disk_record::file* place = nullptr;
    for (auto& it : record->files) {
        if (it.inode == inode) {
            it.synced_bytes = bytes;
            return;
        }
        if (place == nullptr && it.inode == 0) place = &it;
    }
    if (place == nullptr) std::abort();
    place->synced_bytes = bytes;
    place->inode = inode;
}

std::string shadow_of(ino_t inode)
{
    return std::string{record->shadow.data()} + '/' + std::to_string(inode);
}

// The names in the folder as they are now; each file gets a link in the shadow.
void list_folder(disk_record::name_list& into)
{
    into.count = 0;
    DIR* listing = ::opendir(record->folder.data());
    if (listing == nullptr) std::abort();
    while (const dirent* it = ::readdir(listing)) {
        const std::string path = std::string{record->folder.data()} + '/' + it->d_name;
        struct stat about{};
        if (::lstat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) continue;
        auto& name = into.names.at(into.count);
        if (std::strlen(it->d_name) >= name.text.size()) std::abort();
        if (::link(path.c_str(), shadow_of(about.st_ino).c_str()) != 0 && errno != EEXIST) continue;  // gone already
        std::strcpy(name.text.data(), it->d_name);
        name.inode = about.st_ino;
        ++into.count;
    }
    ::closedir(listing);
}

// Files that can never come back any more.
void drop_shadows(const disk_record::name_list& before, const disk_record::name_list& now)
{
    for (std::uint32_t i = 0; i < before.count; ++i) {
        const ino_t inode = before.names[i].inode;
        const auto* end = now.names.begin() + now.count;
        const bool is_there = std::any_of(now.names.begin(), end, [&](const auto& it) { return it.inode == inode; });
        static const auto remove = system_function<int(const char*)>("unlink");
        if (!is_there) remove(shadow_of(inode).c_str());
    }
}

int sync_folder(int (*sync)(int), int file)
{
    pass(point::folder);
    const std::lock_guard lock{syncing};
    const std::uint32_t next = 1 - record->which;
    list_folder(record->synced_names[next]);
    const int done = sync(file);
    if (done != 0) return done;
    record->which = next;
    drop_shadows(record->synced_names[1 - next], record->synced_names[next]);
    return done;
}

using watermark_bytes = decltype(disk_record::watermark);

// The descriptor is not for reading.
watermark_bytes read_watermark(int file)
{
    static const auto open = system_function<int(const char*, int, ...)>("open");
    static const auto close = system_function<int(int)>("close");
    watermark_bytes bytes{};
    const int again = open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDONLY | O_CLOEXEC);
    if (again < 0 || ::read(again, bytes.data(), bytes.size()) < 0) std::abort();
    close(again);
    return bytes;
}

int sync_file(int (*sync)(int), int file)
{
    const file_kind kind = kind_of(file);
    if (kind == file_kind::other_place) return sync(file);
    if (kind == file_kind::folder) return sync_folder(sync, file);
    pass(kind == file_kind::wal ? point::wal_before_sync : torn_write_of(kind));
    struct stat about{};
    if (::fstat(file, &about) != 0) std::abort();
    if (record->wal_syncs_lie && kind == file_kind::wal) return 0;
    const watermark_bytes mark = kind == file_kind::watermark ? read_watermark(file) : watermark_bytes{};
    const int done = sync(file);
    if (done == 0 && kind == file_kind::watermark) record->watermark = mark;
    if (done == 0) note_synced(about.st_ino, static_cast<std::uint64_t>(about.st_size));
    if (done == 0 && kind == file_kind::wal) pass(point::wal_after_sync);
    if (done == 0 && kind == file_kind::manifest) pass(point::manifest);
    return done;
}

void note_opened(int file, const char* path, int flags)
{
    const auto index = static_cast<std::size_t>(file);
    if (record == nullptr || file < 0 || index >= kinds.size()) return;
    kinds[index] = kind_of(std::string_view{path});
    if (kinds[index] == file_kind::other_place || (flags & (O_CREAT | O_TRUNC)) == 0) return;
    struct stat about{};
    if (::fstat(file, &about) == 0 && about.st_size == 0) forget_synced(about.st_ino);
}

}  // namespace

// ---- the functions that the server calls ----

extern "C" {

int open(const char* path, int flags, ...)
{
    static const auto real = system_function<int(const char*, int, ...)>("open");
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    const int file = real(path, flags, mode);
    note_opened(file, path, flags);
    return file;
}

int close(int file)
{
    static const auto real = system_function<int(int)>("close");
    if (kind_of(file) != file_kind::other_place) kinds[static_cast<std::size_t>(file)] = file_kind::other_place;
    return real(file);
}

ssize_t write(int file, const void* data, size_t size)
{
    static const auto real = system_function<ssize_t(int, const void*, size_t)>("write");
    const file_kind kind = kind_of(file);
    if (kind == file_kind::other_place) return real(file, data, size);
    if (kind == file_kind::wal) pass(point::wal_before_write);
    if (const point torn = torn_write_of(kind); is_due_on_disk(torn)) {
        if (real(file, data, torn_share_of(size)) < 0) std::abort();
        die(torn);
    }
    return real(file, data, size);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at)
{
    static const auto real = system_function<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    const file_kind kind = kind_of(file);
    if (kind == file_kind::watermark) pass(point::other_file);
    if (kind != file_kind::watermark && kind != file_kind::other_place) record->is_inexact = true;
    return real(file, data, size, at);
}

int fsync(int file)
{
    static const auto real = system_function<int(int)>("fsync");
    return sync_file(real, file);
}

int fdatasync(int file)
{
    static const auto real = system_function<int(int)>("fdatasync");
    return sync_file(real, file);
}

int ftruncate(int file, off_t size) noexcept
{
    static const auto real = system_function<int(int, off_t)>("ftruncate");
    if (kind_of(file) != file_kind::other_place) pass(point::other_file);
    return real(file, size);
}

int rename(const char* from, const char* to) noexcept
{
    static const auto real = system_function<int(const char*, const char*)>("rename");
    if (record != nullptr && is_in_folder(to)) pass(point::folder);
    return real(from, to);
}

int unlink(const char* path) noexcept
{
    static const auto real = system_function<int(const char*)>("unlink");
    if (record != nullptr && is_in_folder(path)) pass(point::folder);
    return real(path);
}

ssize_t sendmsg(int socket, const msghdr* message, int flags)
{
    static const auto real = system_function<ssize_t(int, const msghdr*, int)>("sendmsg");
    if (record == nullptr) return real(socket, message, flags);
    if (is_due(point::torn_send)) {
        std::string bytes;
        for (std::size_t i = 0; i < message->msg_iovlen; ++i) {
            bytes.append(static_cast<const char*>(message->msg_iov[i].iov_base), message->msg_iov[i].iov_len);
        }
        ::send(socket, bytes.data(), torn_share_of(bytes.size()), flags);
        die(point::torn_send);
    }
    const ssize_t sent = real(socket, message, flags);
    if (sent > 0 && is_due(point::after_send)) die(point::after_send);
    return sent;
}

}  // extern "C"
