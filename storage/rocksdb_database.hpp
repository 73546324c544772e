// An opened RocksDB with Okra's column families and options; what rocksdb_log and rocksdb_backup share. Private to
// okra_rocksdb. Owned by one of them; RocksDB's own calls are thread-safe.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>

#include <rocksdb/db.h>

#include "storage/folder_check.hpp"
#include "storage/log.hpp"

namespace okra::storage {

// The families in use. A new one comes with a new format version. `snapshot` is a cache: one that is missing is made
// again.
enum class family : std::uint8_t { meta, document, log, client, snapshot };
inline constexpr std::size_t family_count = 5;

// Takes a line that RocksDB has to say, from warnings up; called on any thread, must not call the database.
using note_taker = std::function<void(const char* line)>;

enum class access : std::uint8_t { read_write, read_only };

struct database_location {
    std::filesystem::path folder;
    std::size_t table_files_max = 512;  // open at a time, when writing
    rocksdb::Env* env = nullptr;        // null: the system's
    note_taker take_note = {};
};

class database {
public:
    // Read-write: the caller holds the folder, the write-ahead logs are mended, and `contents` is what inspect_folder
    // says; a database is created where there is nothing. What a crash left in the write-ahead log is in synced table
    // files when this returns: after a failed sync the system may show bytes as written that are not on disk, so they
    // are written again.
    [[nodiscard]] static result<std::unique_ptr<database>, failure> open(const database_location& at, access how,
                                                                         folder_contents contents);

    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    [[nodiscard]] rocksdb::DB& db() { return *db_; }
    [[nodiscard]] rocksdb::ColumnFamilyHandle* operator[](family it) const
    {
        return handles_[static_cast<std::size_t>(it)];
    }
    // So that the next opening finds empty write-ahead logs and is fast. False: it could not be written.
    [[nodiscard]] bool flush();

private:
    database() = default;

    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

[[nodiscard]] failure failure_of(const rocksdb::Status& status, std::string_view doing);
[[nodiscard]] failure no_database(const std::filesystem::path& folder);

// Runs `read` on files that another process may be replacing, again until nothing was replaced meanwhile. RocksDB notes
// every file that comes or goes in its MANIFEST, synced, before the first one is deleted: if CURRENT and the MANIFEST's
// size are the same before and after, all files were there all the time.
[[nodiscard]] result<void, failure> while_unchanged(const std::filesystem::path& folder,
                                                    const std::function<result<void, failure>()>& read);

// In the meta family.
inline constexpr std::string_view format_key = "format";
inline constexpr std::string_view format_version = "1";

// The failure for a database of another format, or of none: names both.
[[nodiscard]] failure format_mismatch(std::string_view found);

}  // namespace okra::storage
