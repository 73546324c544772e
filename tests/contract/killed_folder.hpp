// Data folders as a killed server leaves them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/rocksdb_log.hpp"
#include "storage/watermark.hpp"
#include "tests/contract/log_support.hpp"
#include "tests/support/temporary_folder.hpp"

namespace okra::test {

inline std::unique_ptr<storage::rocksdb_log> open(const std::filesystem::path& folder)
{
    auto opened = storage::rocksdb_log::open({.folder = folder});
    if (!opened) FAIL(opened.error().message);
    return *std::move(opened);
}

// The write-ahead log that has something in it.
inline std::filesystem::path newest_wal(const std::filesystem::path& folder)
{
    std::filesystem::path newest;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".log" && entry.file_size() > 0 && entry.path() > newest) newest = entry.path();
    }
    REQUIRE_FALSE(newest.empty());
    return newest;
}

inline void overwrite(const std::filesystem::path& path, std::uint64_t at, std::string_view bytes)
{
    std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(static_cast<std::streamoff>(at));
    file << bytes;
    REQUIRE(file.good());
}

enum class last_append : std::uint8_t { acknowledged, in_doubt };

// What is on the disk while a log with some appends is open: as after kill -9, of a server that had acknowledged the
// last one or had not come to it.
inline void write_and_crash(const std::filesystem::path& crashed, const std::vector<std::string>& contents,
                            last_append last = last_append::acknowledged)
{
    const temporary_folder running;
    const temporary_folder before;
    const auto log = open(running.path());
    std::uint64_t head = 0;
    for (const std::string& record : contents) {
        std::filesystem::copy(running.path() / storage::watermark_name, before.path(),
                              std::filesystem::copy_options::overwrite_existing);
        REQUIRE(append(*log, {changes("d", head++, {record})}));
    }
    std::filesystem::copy(running.path(), crashed, std::filesystem::copy_options::recursive);
    if (last == last_append::in_doubt) {
        std::filesystem::copy(before.path() / storage::watermark_name, crashed,
                              std::filesystem::copy_options::overwrite_existing);
    }
}

}  // namespace okra::test
