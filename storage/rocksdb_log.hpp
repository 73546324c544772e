// The log on disk, in an embedded RocksDB (docs/storage_format.md). One owner per folder. The functions that write may
// be called by any thread, one at a time wins; the const ones by many at once.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>

#include "storage/log.hpp"

namespace rocksdb {
class Env;
}

namespace okra::storage {

struct rocksdb_log_options {
    std::filesystem::path folder;
    std::size_t table_files_max = 512;  // open at a time
    rocksdb::Env* env = nullptr;        // tests put a faulty disk here; null: the system's. Outlives the log.
    // Takes a line that RocksDB has to say, from warnings up; called on any thread, must not call the log.
    std::function<void(const char* line)> take_note = {};
};

// What a start has found missing, and gone on without.
struct start_findings {
    // Commits that had been acknowledged and are not in the log any more: the end of the write-ahead log is gone. The
    // log has got a new epoch for it.
    std::uint64_t commits_lost = 0;
    // There was no watermark, or it could not be read: nothing can be said of the log's end.
    bool watermark_missing = false;
};

class rocksdb_log final : public log {
public:
    // Creates the folder, and an empty database in it when there is nothing of one (storage/folder_check.hpp). Fails
    // with format_mismatch, locked, damaged (the write-ahead log or RocksDB's own files; single documents show when
    // they are read), out_of_space or unavailable.
    [[nodiscard]] static result<std::unique_ptr<rocksdb_log>, failure> open(const rocksdb_log_options& options);

    // A view of the database as it is now, also beside a live server, which does not notice. Touches nothing.
    [[nodiscard]] static result<std::unique_ptr<const rocksdb_log>, failure> open_read_only(
        const std::filesystem::path& folder);

    // Ends the log cleanly: the next start finds its write-ahead log empty.
    ~rocksdb_log() override;

    [[nodiscard]] const start_findings& findings() const;
    // Synced writes so far.
    [[nodiscard]] std::uint64_t commits() const;

    [[nodiscard]] std::string epoch() const override;
    [[nodiscard]] result<void, failure> append(std::span<const document_append> batch) override;
    [[nodiscard]] result<void, failure> recover() override;
    [[nodiscard]] result<void, failure> put_snapshot(std::string_view document, const stored_snapshot& it) override;
    [[nodiscard]] result<document_state, failure> load(std::string_view document) const override;
    [[nodiscard]] result<void, failure> read(std::string_view document, revision after,
                                             const visitor& visit) const override;
    [[nodiscard]] result<std::optional<client_outcome>, failure> last_outcome(std::string_view document,
                                                                              std::string_view client) const override;
    [[nodiscard]] result<std::vector<std::string>, failure> documents(std::string_view prefix, std::string_view after,
                                                                      std::size_t limit) const override;
    [[nodiscard]] result<void, failure> probe() override;

    // Names a new history: after a restore.
    [[nodiscard]] result<void, failure> renew_epoch();

    // Reads every block of every table.
    [[nodiscard]] result<void, failure> verify_checksums() const;

private:
    struct state;
    explicit rocksdb_log(std::unique_ptr<state> opened);

    std::unique_ptr<state> state_;
};

}  // namespace okra::storage
