// Backups of a database folder with RocksDB's own engine, and back. Both are for any process: a server may be running
// on the folder that is backed up and does not notice.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "storage/log.hpp"

namespace okra::storage {

struct backup_options {
    std::filesystem::path data;
    std::filesystem::path to;  // holds all backups; table files that several have in common are there once
    std::uint32_t keep = 0;    // delete all but so many of the newest ones; 0: none
};

struct backup_summary {
    std::uint32_t number = 0;
    std::uint64_t bytes = 0;
    std::string epoch;
};

// What was acknowledged before the call is in the backup. Uses a folder within `data` for hard links meanwhile;
// `locked` when another backup runs.
[[nodiscard]] result<backup_summary, failure> back_up(const backup_options& options);

struct restore_options {
    std::filesystem::path from;
    std::filesystem::path data;  // must not exist or be empty
};

// Restores the newest backup, after checking all of it. The restored history gets a new epoch before it appears at
// `data`, because changes after the backup are lost: clients must not take it for what they knew.
[[nodiscard]] result<backup_summary, failure> restore(const restore_options& options);

}  // namespace okra::storage
