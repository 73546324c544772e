// Backups of a database folder with RocksDB's own engine, and back. Both are for any process: a server may be running
// on the folder that is backed up and does not notice. What is copied is read first and after, so that damage is told
// on the day it comes, and no sound backup gives way to one that is not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/log.hpp"

namespace okra::storage {

// What else is looked for in a log that is backed up or restored; a sentence for each problem.
using log_examiner = std::function<std::vector<std::string>(const log&)>;

struct backup_options {
    std::filesystem::path data;
    std::filesystem::path to;  // holds all backups; table files that several have in common are there once
    std::uint32_t keep = 0;    // of the sound ones the newest so many are kept, with all that is newer; 0: all are
    log_examiner examine = {};
};

struct backup_summary {
    std::uint32_t number = 0;
    std::uint64_t bytes = 0;
    std::string epoch;
    std::uint64_t documents = 0;
    // What is wrong in it; then it is marked, no older one was deleted for it, and restore passes it over.
    std::vector<std::string> problems = {};
    // Why older ones were kept although `keep` asked to delete them, beside `problems`.
    std::string none_deleted_because = {};
};

// What was acknowledged before the call is in the backup. Every block, every document's state and records are read
// before, and all that was written is read back. Uses a folder within `data` for hard links meanwhile; `locked` when
// another backup runs, `damaged` when nothing was backed up, `conflict` when something else has that folder's name.
[[nodiscard]] result<backup_summary, failure> back_up(const backup_options& options);

struct restore_options {
    std::filesystem::path from;
    std::filesystem::path data;                // must not exist or be empty
    std::optional<std::uint32_t> number = {};  // none: the newest sound one
    log_examiner examine = {};
};

struct restore_summary {
    std::uint32_t number = 0;
    std::string epoch;
    std::uint64_t documents = 0;
    std::vector<std::uint32_t> passed_over = {};  // newer ones that are known to have problems
    std::vector<std::string> problems = {};       // of one that was asked for by its number
};

// Restores a backup, after checking all of it, and reads the result once through. The restored history gets a new epoch
// before it appears at `data`, because changes after the backup are lost: clients must not take it for what they knew.
// `damaged`: it has problems and was not asked for by its number; nothing appears at `data`. `conflict`: something is
// at `data`, or at `data`.restoring, where the work is done; it is left as it is.
[[nodiscard]] result<restore_summary, failure> restore(const restore_options& options);

}  // namespace okra::storage
