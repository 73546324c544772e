// How far a database had come, kept in a file of its own beside it (docs/storage_format.md, "The watermark"). The end
// of a write-ahead log does not tell that something is missing behind it; this does. It is written after each commit
// and never before it, so it may be behind the log and is never ahead of it, unless the log has lost something.
//
//   watermark := slot slot                a slot has 4096 bytes; they are written in turn, the greater number counts
//   slot      := frame(number:u64 commits:u64 manifest:u64 manifest_bytes:u64 manifest_crc32c:u32) zeros
//
// A write that a power cut tears leaves the other slot. No dependency on RocksDB.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "storage/log.hpp"

namespace okra::storage {

inline constexpr const char* watermark_name = "OKRA_WATERMARK";

struct watermark {
    std::uint64_t commits = 0;   // synced writes of this history
    std::uint64_t manifest = 0;  // the number of the MANIFEST in use
    // What it held at a clean stop; 0 bytes while the database is in use.
    std::uint64_t manifest_bytes = 0;
    std::uint32_t manifest_crc32c = 0;
    friend bool operator==(const watermark&, const watermark&) = default;
};

// No value: there is no such file, or none of its slots can be read.
[[nodiscard]] std::optional<watermark> read_watermark(const std::filesystem::path& folder);

// The file of a database in use. Owned by the log; `note` and `seal` by whoever holds the log's write lock.
class watermark_file {
public:
    // Makes the file if there is none; `now` is on the disk when this returns.
    [[nodiscard]] static result<std::unique_ptr<watermark_file>, failure> open(const std::filesystem::path& folder,
                                                                               const watermark& now);

    ~watermark_file();
    watermark_file(const watermark_file&) = delete;
    watermark_file& operator=(const watermark_file&) = delete;

    // HOT PATH: one system call, about 1 µs, that no disk is waited for: a killed process loses nothing of it. A thread
    // of the file's own syncs it within a second, for a power cut. A write that fails leaves the mark behind, which
    // does no harm.
    void note(std::uint64_t commits);

    // Nothing is noted any more, and the database is closed: how it was left, synced.
    [[nodiscard]] result<void, failure> seal(const watermark& last);

private:
    watermark_file(std::filesystem::path path, int file, std::uint64_t number, const watermark& now);

    [[nodiscard]] bool write();
    void keep_synced(const std::stop_token& stop);

    const std::filesystem::path path_;
    const int file_;
    std::uint64_t number_;
    watermark now_;

    std::mutex mutex_;  // guards `unsynced_`
    std::condition_variable_any changed_;
    bool unsynced_ = false;
    std::jthread syncing_;
};

}  // namespace okra::storage
