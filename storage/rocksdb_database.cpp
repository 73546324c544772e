#include "storage/rocksdb_database.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "storage/keys.hpp"

namespace okra::storage {
namespace {

constexpr std::array<const char*, family_count> family_names{"default", "document", "log", "client", "snapshot"};

constexpr std::size_t mebibyte = 1024 * 1024;

// RocksDB would try again by itself when a full disk has room; here only `recover` does, so that nothing is written
// behind the back of a log that has said it failed.
class no_automatic_recovery final : public rocksdb::EventListener {
public:
    void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*why*/,
                              bool* automatic) override
    {
        *automatic = false;
    }
};

// RocksDB's notes, from warnings up, instead of its LOG file: that file's writer ends the process (an assertion in
// Debian's build) at the first note after one that a full disk did not take. Beside a live server it would also move
// that one's file away.
class notes final : public rocksdb::Logger {
public:
    explicit notes(note_taker take) : rocksdb::Logger{rocksdb::InfoLogLevel::WARN_LEVEL}, take_{std::move(take)} {}
    using rocksdb::Logger::Logv;
    void LogHeader(const char* /*format*/, va_list /*arguments*/) override {}
    void Logv(const char* format, va_list arguments) override
    {
        if (!take_) return;
        std::array<char, 1024> line{};
        std::vsnprintf(line.data(), line.size(), format, arguments);
        take_(line.data());
    }

private:
    note_taker take_;
};

rocksdb::DBOptions database_options(const database_location& at, access how, bool create)
{
    rocksdb::DBOptions options;
    if (at.env != nullptr) options.env = at.env;
    options.create_if_missing = create;
    options.create_missing_column_families = create;
    options.paranoid_checks = true;
    // A write-ahead log that is not the newest any more is listed in the manifest with its length: if it is missing or
    // shorter, nothing is opened. The end of the newest one is the watermark's to know.
    options.track_and_verify_wals_in_manifest = true;
    // mend_wals has removed a torn end, so whatever cannot be read now is damage. Beside a live server the end is a
    // write in progress.
    options.wal_recovery_mode = how == access::read_write ? rocksdb::WALRecoveryMode::kAbsoluteConsistency
                                                          : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    options.avoid_flush_during_recovery = false;
    options.recycle_log_file_num =
        0;  // a recycled log has an old one's bytes behind its end: a torn end would hide there
    options.max_bgerror_resume_count = 0;
    options.listeners.push_back(std::make_shared<no_automatic_recovery>());

    // Memory: 16 MiB of unflushed changes, 64 MiB of blocks. What is unflushed is also what a start after a crash has
    // to replay, at about 10 ms a MiB.
    options.db_write_buffer_size = 16 * mebibyte;
    options.max_total_wal_size = 16 * mebibyte;
    // All, beside a live server, which may delete them from under us.
    options.max_open_files = how == access::read_write ? static_cast<int>(at.table_files_max) : -1;
    options.max_background_jobs = 2;
    options.max_file_opening_threads = 2;

    // A fast start: no statistics are read from or kept in the files.
    options.skip_stats_update_on_db_open = true;
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;

    options.info_log = std::make_shared<notes>(at.take_note);
    return options;
}

// Of keys with the same prefix, the next one's place in the memory table is looked for from where the last one went:
// the revisions of a document follow each other, and its row is written again and again.
std::shared_ptr<const rocksdb::SliceTransform> neighbours(family it)
{
    const rocksdb::SliceTransform* prefix = nullptr;
    if (it == family::log || it == family::client) prefix = rocksdb::NewFixedPrefixTransform(document_prefix_bytes);
    if (it == family::document) prefix = rocksdb::NewNoopTransform();  // the key itself
    return std::shared_ptr<const rocksdb::SliceTransform>{prefix};
}

rocksdb::ColumnFamilyOptions family_options(family it, const std::shared_ptr<rocksdb::Cache>& blocks)
{
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = blocks;
    table.cache_index_and_filter_blocks = true;  // so that the cache's size bounds them too
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.format_version = 5;
    // The log is read in ranges, the others by key, often one that is not there.
    if (it != family::log) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));

    rocksdb::ColumnFamilyOptions options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    options.write_buffer_size = 8 * mebibyte;
    options.level_compaction_dynamic_level_bytes = true;
    options.memtable_insert_with_hint_prefix_extractor = neighbours(it);
    const std::vector<rocksdb::CompressionType> available = rocksdb::GetSupportedCompressions();
    const bool has_lz4 = std::ranges::find(available, rocksdb::kLZ4Compression) != available.end();
    options.compression = has_lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
    return options;
}

// What is wrong in RocksDB's own files is nothing that this program mends. Beside a live server a file that is not
// there any more is nothing wrong.
failure failure_of_opening(const rocksdb::Status& status, const database_location& at, access how)
{
    const bool is_incomplete = status.IsPathNotFound() && how == access::read_write;
    if (status.IsCorruption() || is_incomplete) return refuse_folder(at.folder, status.ToString());
    return failure_of(status, "open");
}

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator{stream}, {}};
}

// CURRENT's contents and the MANIFEST's size.
std::string files_version(const std::filesystem::path& folder)
{
    std::string current = read_file(folder / "CURRENT");
    while (current.ends_with('\n')) current.pop_back();
    std::error_code ec;
    const auto size = std::filesystem::file_size(folder / current, ec);
    return fmt::format("{} {}", current, ec ? 0 : size);
}

struct family_names_found {
    std::vector<std::string> missing;
    std::vector<std::string> unknown;
};

result<family_names_found, failure> compare_families(const database_location& at, access how)
{
    const rocksdb::DBOptions options = database_options(at, access::read_only, false);
    std::vector<std::string> found;
    const auto status = rocksdb::DB::ListColumnFamilies(options, at.folder.string(), &found);
    if (!status.ok()) return failure_of_opening(status, at, how);
    family_names_found names;
    const auto has = [](const auto& list, const auto& name) { return std::ranges::find(list, name) != list.end(); };
    std::ranges::copy_if(family_names, std::back_inserter(names.missing), [&](auto name) { return !has(found, name); });
    std::ranges::copy_if(found, std::back_inserter(names.unknown),
                         [&](const auto& name) { return !has(family_names, name); });
    return names;
}

// The format that is written in the database; nothing: none, and nothing else either, because a crash interrupted the
// creation.
result<std::optional<std::string>, failure> read_format(const database_location& at, access how)
{
    const rocksdb::Options options{database_options(at, access::read_only, false), {}};
    rocksdb::DB* raw = nullptr;
    if (const auto status = rocksdb::DB::OpenForReadOnly(options, at.folder.string(), &raw); !status.ok()) {
        return failure_of_opening(status, at, how);
    }
    const std::unique_ptr<rocksdb::DB> db{raw};
    std::string found;
    const auto status = db->Get({}, rocksdb::Slice{format_key.data(), format_key.size()}, &found);
    if (status.ok()) return std::optional{std::move(found)};
    if (!status.IsNotFound()) return failure_of_opening(status, at, how);
    const std::unique_ptr<rocksdb::Iterator> anything{db->NewIterator({})};
    anything->SeekToFirst();
    if (anything->Valid()) return format_mismatch("");
    return std::nullopt;
}

// RocksDB refuses to open when the column families are not the ones given. Answers whether the missing ones are to be
// made: of a database whose creation was interrupted all of them, of any other the cache.
result<void, failure> may_make_families(const database_location& at, access how)
{
    const auto names = compare_families(at, how);
    if (!names) return names.error();
    const auto format = read_format(at, how);
    if (!format) return format.error();
    if (!*format) return {};
    if (**format != format_version) return format_mismatch(**format);
    if (!names->unknown.empty()) {
        return failure{errc::format_mismatch,
                       fmt::format("the database has a column family '{}', which this program does not know",
                                   names->unknown.front())};
    }
    for (const std::string& name : names->missing) {
        if (name == family_names[static_cast<std::size_t>(family::snapshot)]) continue;
        return refuse_folder(at.folder, fmt::format("its column family '{}' is missing", name));
    }
    return {};
}

rocksdb::Status open_families(const database_location& at, access how, bool create,
                              std::vector<rocksdb::ColumnFamilyHandle*>& handles, std::unique_ptr<rocksdb::DB>& db)
{
    const auto blocks = rocksdb::NewLRUCache(64 * mebibyte);
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (std::size_t i = 0; i < family_count; ++i) {
        families.emplace_back(family_names[i], family_options(static_cast<family>(i), blocks));
    }
    const rocksdb::DBOptions options = database_options(at, how, create);
    rocksdb::DB* raw = nullptr;
    const auto status = how == access::read_write
                            ? rocksdb::DB::Open(options, at.folder.string(), families, &handles, &raw)
                            : rocksdb::DB::OpenForReadOnly(options, at.folder.string(), families, &handles, &raw);
    db.reset(raw);
    return status;
}

}  // namespace

result<std::unique_ptr<database>, failure> database::open(const database_location& at, access how,
                                                          folder_contents contents)
{
    const bool create = how == access::read_write && contents == folder_contents::nothing;
    if (how == access::read_only && contents == folder_contents::nothing) return no_database(at.folder);
    std::unique_ptr<database> it{new database};
    auto status = open_families(at, how, create, it->handles_, it->db_);
    if (status.IsInvalidArgument()) {
        if (auto may = may_make_families(at, how); !may) return may.error();
        if (how == access::read_only) {
            return failure{errc::unavailable, fmt::format("the database in {} is not complete; the server completes it "
                                                          "when it starts",
                                                          at.folder.string())};
        }
        status = open_families(at, how, true, it->handles_, it->db_);
        if (status.ok() && at.take_note) at.take_note("column families that were missing were made");
    }
    if (!status.ok()) return failure_of_opening(status, at, how);
    return it;
}

database::~database()
{
    if (!db_) return;
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
        db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
    // Nothing can be lost here: what was acknowledged is synced, and the next opening reads it.
    db_->Close().PermitUncheckedError();
}

bool database::flush()
{
    return db_->Flush(rocksdb::FlushOptions{}, handles_).ok();
}

failure failure_of(const rocksdb::Status& status, std::string_view doing)
{
    const std::string message = fmt::format("cannot {}: {}", doing, status.ToString());
    if (status.IsNoSpace()) return {errc::out_of_space, message};
    if (status.IsCorruption()) return {errc::damaged, message};
    if (status.IsIOError() && message.find("/LOCK") != std::string::npos) return {errc::locked, message};
    return {errc::unavailable, message};
}

failure no_database(const std::filesystem::path& folder)
{
    return {errc::unavailable, fmt::format("there is no database in {}", folder.string())};
}

result<void, failure> while_unchanged(const std::filesystem::path& folder,
                                      const std::function<result<void, failure>()>& read)
{
    // Files change every few seconds under the heaviest load, and `read` takes milliseconds.
    constexpr int attempts = 20;
    for (int attempt = 1;; ++attempt) {
        const std::string before = files_version(folder);
        const result<void, failure> done = read();
        const bool unchanged = files_version(folder) == before;
        // A write-ahead log whose contents had moved before may still go away after.
        const bool file_gone = !done && done.error().code == errc::unavailable;
        if (unchanged && (!file_gone || attempt == attempts)) return done;
        if (attempt == attempts) {
            return failure{errc::unavailable,
                           fmt::format("the files in {} changed {} times while they were read; try again",
                                       folder.string(), attempts)};
        }
    }
}

failure format_mismatch(std::string_view found)
{
    return {errc::format_mismatch,
            found.empty()
                ? fmt::format("this is not an Okra database (format {} is expected)", format_version)
                : fmt::format("the database has format {}, this program reads format {}", found, format_version)};
}

}  // namespace okra::storage

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// The system's RocksDB is not built for the thread sanitizer, which therefore sees its locks but not its atomics, and
// takes what they order for races. Races between two threads that are both in Okra's code are reported all the same.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions()
{
    return "race:librocksdb.so\n";
}
#endif
#endif
