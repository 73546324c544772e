#include "storage/watermark.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "protocol/base/assert.hpp"
#include "storage/bytes.hpp"
#include "storage/record.hpp"
#include "storage/sync_folder.hpp"

namespace okra::storage {
namespace {

constexpr std::size_t slot_size = 4096;  // a page of its own, so that the two are never written back together
constexpr std::size_t slot_count = 2;
constexpr std::size_t payload_size = 4 * 8 + 4;

// What a power cut may take: as many seconds of commits as the system has not written back by itself.
constexpr std::chrono::seconds sync_interval{1};

struct numbered_mark {
    std::uint64_t number = 0;
    watermark mark;
};

std::string slot_of(const numbered_mark& it)
{
    std::string payload;
    append_number(payload, it.number);
    append_number(payload, it.mark.commits);
    append_number(payload, it.mark.manifest);
    append_number(payload, it.mark.manifest_bytes);
    append_number(payload, it.mark.manifest_crc32c);
    OKRA_ASSERT(payload.size() == payload_size);
    return frame(payload);
}

std::optional<numbered_mark> read_slot(std::string_view bytes)
{
    const auto payload = unframe(bytes.substr(0, frame_header_size + payload_size));
    if (!payload) return std::nullopt;
    byte_reader reader{*payload};
    numbered_mark it;
    it.number = reader.number<std::uint64_t>();
    it.mark.commits = reader.number<std::uint64_t>();
    it.mark.manifest = reader.number<std::uint64_t>();
    it.mark.manifest_bytes = reader.number<std::uint64_t>();
    it.mark.manifest_crc32c = reader.number<std::uint32_t>();
    if (!reader.finished()) return std::nullopt;
    return it;
}

std::optional<numbered_mark> read_newest(const std::filesystem::path& folder)
{
    std::ifstream stream{folder / watermark_name, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator{stream}, {}};
    std::optional<numbered_mark> newest;
    for (std::size_t at = 0; at < bytes.size(); at += slot_size) {
        const auto it = read_slot(std::string_view{bytes}.substr(at));
        if (it && (!newest || it->number > newest->number)) newest = it;
    }
    return newest;
}

bool write_whole(int file, std::string_view bytes, std::uint64_t at)
{
    return ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size());
}

failure system_failure(std::string_view doing, const std::filesystem::path& path)
{
    const int code = errno;
    return {code == ENOSPC ? errc::out_of_space : errc::unavailable,
            fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(code))};
}

// Under another name first, so that a crash leaves the file whole or none.
result<void, failure> make_file(const std::filesystem::path& path)
{
    const std::filesystem::path unfinished = path.string() + ".new";
    const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return system_failure("create", unfinished);
    const std::string zeros(slot_size * slot_count, '\0');
    const bool done = ::write(file, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size()) &&
                      ::fsync(file) == 0 && ::rename(unfinished.c_str(), path.c_str()) == 0;
    const auto failed = done ? std::nullopt : std::optional{system_failure("write", unfinished)};
    ::close(file);
    if (failed) return *failed;
    return sync_folder(path.parent_path());
}

}  // namespace

std::optional<watermark> read_watermark(const std::filesystem::path& folder)
{
    const auto newest = read_newest(folder);
    return newest ? std::optional{newest->mark} : std::nullopt;
}

result<std::unique_ptr<watermark_file>, failure> watermark_file::open(const std::filesystem::path& folder,
                                                                      const watermark& now)
{
    const std::filesystem::path path = folder / watermark_name;
    const auto before = read_newest(folder);
    std::error_code ec;
    if (std::filesystem::file_size(path, ec) != slot_size * slot_count || ec) {
        if (auto made = make_file(path); !made) return made.error();
    }
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return system_failure("open", path);
    std::unique_ptr<watermark_file> it{new watermark_file{path, file, before ? before->number : 0, now}};
    if (!it->write() || ::fdatasync(file) != 0) return system_failure("write", path);
    return it;
}

watermark_file::watermark_file(std::filesystem::path path, int file, std::uint64_t number, const watermark& now)
    : path_{std::move(path)}, file_{file}, number_{number}, now_{now}, syncing_{[this](const std::stop_token& stop) {
          keep_synced(stop);
      }}
{
}

watermark_file::~watermark_file()
{
    syncing_.request_stop();
    syncing_.join();
    ::close(file_);
}

void watermark_file::note(std::uint64_t commits)
{
    now_.commits = commits;
    if (!write()) return;
    const std::lock_guard lock{mutex_};
    if (!std::exchange(unsynced_, true)) changed_.notify_one();
}

result<void, failure> watermark_file::seal(const watermark& last)
{
    now_ = last;
    if (!write() || ::fdatasync(file_) != 0) return system_failure("write", path_);
    return {};
}

bool watermark_file::write()
{
    ++number_;
    return write_whole(file_, slot_of({.number = number_, .mark = now_}), number_ % slot_count * slot_size);
}

void watermark_file::keep_synced(const std::stop_token& stop)
{
    std::unique_lock lock{mutex_};
    while (changed_.wait(lock, stop, [this] { return unsynced_; })) {
        // What comes meanwhile is synced along.
        changed_.wait_for(lock, stop, sync_interval, [] { return false; });
        unsynced_ = false;
        lock.unlock();
        ::fdatasync(file_);  // the next one takes along what a failed one left
        lock.lock();
    }
}

}  // namespace okra::storage
