#include "storage/rocksdb_log.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/write_batch.h>

#include "protocol/base/assert.hpp"
#include "storage/bytes.hpp"
#include "storage/folder_check.hpp"
#include "storage/folder_lock.hpp"
#include "storage/record.hpp"
#include "storage/rocksdb_database.hpp"
#include "storage/rocksdb_rows.hpp"
#include "storage/wal_check.hpp"
#include "storage/watermark.hpp"

namespace okra::storage {
namespace {

// Rows of documents appended to lately are kept in memory, about 150 bytes each; beyond this they are forgotten and
// read again.
constexpr std::size_t cached_rows_max = 100'000;

// Snapshots are not in the write-ahead log, so those that were not written to a table file are lost in a crash, and
// loading replays what was appended since. A table is asked for after so many appended bytes, a tenth of a second of
// replaying; after a start sooner, because what the crash before it took is due.
constexpr std::uint64_t snapshots_flush_bytes = 4 << 20;
constexpr std::uint64_t first_snapshots_flush_bytes = 256 << 10;

struct name_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
};
using row_table = std::unordered_map<std::string, document_row, name_hash, std::equal_to<>>;

}  // namespace

struct rocksdb_log::state {
    database_location location;
    std::optional<folder_lock> folder;  // none when read-only
    start_findings findings;

    std::mutex writing;  // held by everything that writes; guards the next six
    std::optional<failure> failed;
    std::uint64_t commits = 0;             // that the log holds
    std::unique_ptr<watermark_file> mark;  // none when read-only
    std::uint64_t bytes_to_snapshots_flush = first_snapshots_flush_bytes;
    document_number last_document;
    row_table rows;  // rows of documents appended to lately, as they are in the database

    mutable std::shared_mutex opening;  // shared: uses the database; exclusive: replaces it. After `writing`
    std::unique_ptr<database> opened;   // null: could not be reopened
    std::string epoch;

    [[nodiscard]] result<void, failure> write(rocksdb::WriteBatch& batch);
    [[nodiscard]] result<document_row, failure> row_for_append(const document_append& share, row_table& staged);
    void flush_snapshots_if_due(std::uint64_t appended);
    [[nodiscard]] result<void, failure> check_folder() const;
    [[nodiscard]] result<void, failure> reopen();
    [[nodiscard]] result<void, failure> renew_epoch();
    void reopen_for_readers();
    void close();
    [[nodiscard]] result<void, failure> probe();
};

namespace {

start_findings compare(const std::optional<watermark>& mark, std::uint64_t commits)
{
    // The first commit is that of the creation, which comes before the watermark.
    if (!mark) return {.commits_lost = 0, .watermark_missing = commits > 1};
    return {.commits_lost = mark->commits > commits ? mark->commits - commits : 0};
}

// A server that runs has told its clients an epoch; with another one it has to begin anew.
failure lost_meanwhile(const start_findings& what)
{
    return {errc::damaged, fmt::format("{} acknowledged commits are not in the log any more; start the server anew",
                                       what.commits_lost)};
}

result<meta, failure> read_or_create_meta(database& in, const std::optional<watermark>& mark)
{
    if (!holds_nothing(in)) return read_meta(in);
    // To begin anew would look like a new server to everybody.
    if (mark && mark->commits > 1) {
        return refuse_folder(in.db().GetName(),
                             fmt::format("its database is empty, to which {} commits were made", mark->commits));
    }
    if (auto created = create_meta(in); !created) return created.error();
    return read_meta(in);
}

const failure not_open{errc::unavailable, "the database could not be opened again after a failure"};

// Through the database's own disk, which then knows that the file is certain.
bool sync_file(rocksdb::Env* env, const std::filesystem::path& path)
{
    if (env == nullptr) env = rocksdb::Env::Default();
    std::unique_ptr<rocksdb::WritableFile> file;
    auto status = env->ReopenWritableFile(path.string(), &file, rocksdb::EnvOptions{});
    if (status.ok()) status = file->Sync();
    if (status.ok()) status = file->Close();
    return status.ok();
}

std::size_t size_of(std::span<const document_append> batch)
{
    std::size_t size = 64;
    for (const document_append& share : batch) {
        size += 64 + share.document.size() + 128 * share.clients.size();
        for (const std::string& record : share.records) size += record.size() + 40;
    }
    return size;
}

}  // namespace

rocksdb_log::rocksdb_log(std::unique_ptr<state> opened) : state_{std::move(opened)} {}

rocksdb_log::~rocksdb_log()
{
    state_->close();
}

// After a clean end the manifest is known to its last byte. That it is written down is worth no failure: without it
// less is noticed of what happens to the files until the next start.
void rocksdb_log::state::close()
{
    const bool flushed = opened && folder && !failed && opened->flush();
    opened.reset();
    if (!flushed || !mark || !sync_file(location.env, current_manifest_path(location.folder))) return;
    static_cast<void>(mark->seal(mark_of_closed(location.folder, commits)));
}

result<std::unique_ptr<rocksdb_log>, failure> rocksdb_log::open(const rocksdb_log_options& options)
{
    auto folder = folder_lock::acquire(options.folder);
    if (!folder) return folder.error();
    auto it = std::make_unique<state>();
    it->location = {.folder = options.folder,
                    .table_files_max = options.table_files_max,
                    .env = options.env,
                    .take_note = options.take_note};
    it->folder = *std::move(folder);
    if (auto done = it->reopen(); !done) return done.error();
    return std::unique_ptr<rocksdb_log>{new rocksdb_log{std::move(it)}};
}

result<std::unique_ptr<const rocksdb_log>, failure> rocksdb_log::open_read_only(const std::filesystem::path& folder)
{
    auto it = std::make_unique<state>();
    it->location = {.folder = folder};
    auto done = while_unchanged(folder, [&]() -> result<void, failure> {
        it->opened.reset();
        // First: what it says was in the log before it said so.
        const auto mark = read_watermark(folder);
        const auto contents = inspect_folder(folder, mark);
        if (!contents) return contents.error();
        if (auto checked = check_wals(folder); !checked) return checked;
        auto opened = database::open(it->location, access::read_only, *contents);
        if (!opened) return opened.error();
        it->opened = *std::move(opened);
        auto stored = read_meta(*it->opened);
        if (!stored) return stored.error();
        it->epoch = stored->epoch;
        it->commits = stored->commits;
        it->findings = compare(mark, stored->commits);
        return {};
    });
    if (!done) return done.error();
    return std::unique_ptr<const rocksdb_log>{new rocksdb_log{std::move(it)}};
}

const start_findings& rocksdb_log::findings() const
{
    return state_->findings;
}

std::uint64_t rocksdb_log::commits() const
{
    const std::lock_guard lock{state_->writing};
    return state_->commits;
}

std::string rocksdb_log::epoch() const
{
    const std::shared_lock lock{state_->opening};
    return state_->epoch;
}

// HOT PATH: beside RocksDB's write and sync about 1 µs a record, most of it the checksum.
result<void, failure> rocksdb_log::append(std::span<const document_append> batch)
{
    const std::lock_guard lock{state_->writing};
    if (state_->failed) return *state_->failed;
    const document_number last_before = state_->last_document;
    row_table staged;
    rocksdb::WriteBatch changes{size_of(batch)};
    const auto refuse = [&](failure why) {
        state_->last_document = last_before;
        return why;
    };
    for (const document_append& share : batch) {
        auto row = state_->row_for_append(share, staged);
        if (!row) return refuse(row.error());
        if (share.records.empty() && share.clients.empty()) continue;
        row->head.value += share.records.size();
        put_share(changes, *state_->opened, *row, share);
        staged.insert_or_assign(share.document, *row);
    }
    if (staged.empty()) return {};
    if (state_->last_document != last_before) {
        std::string number;
        append_number(number, state_->last_document.value);
        put(changes, (*state_->opened)[family::meta], meta_key::last_document, {number});
    }
    if (auto written = state_->write(changes); !written) return refuse(written.error());
    if (state_->rows.size() > cached_rows_max) state_->rows.clear();
    for (auto& [name, row] : staged) state_->rows.insert_or_assign(name, row);
    state_->flush_snapshots_if_due(changes.GetDataSize());
    return {};
}

result<void, failure> rocksdb_log::recover()
{
    const std::lock_guard lock{state_->writing};
    if (!state_->failed) return {};
    // While the disk still fails the database stays open for reading.
    if (auto checked = state_->check_folder(); !checked) return checked;
    if (auto done = state_->reopen(); !done) {
        state_->reopen_for_readers();
        return done;
    }
    state_->failed.reset();
    return state_->probe();
}

result<void, failure> rocksdb_log::put_snapshot(std::string_view document, const stored_snapshot& it)
{
    {
        const std::lock_guard lock{state_->writing};
        if (state_->failed) return *state_->failed;
    }
    // Appends do not wait for a snapshot of some megabytes: it does not go where they go.
    const std::string framed = encode_snapshot(it);
    const std::shared_lock lock{state_->opening};
    if (!state_->opened) return not_open;
    database& to = *state_->opened;
    const auto row = read_row(to, document);
    if (!row) return row.error();
    if (!*row || it.at > (*row)->head) {
        return failure{errc::conflict, "a snapshot beyond the head", std::string{document}};
    }
    // Past the write-ahead log: its size costs no sync, and every write in that log stays a synced one (wal_check.hpp).
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    const auto key = snapshot_key((*row)->number);
    const auto status = to.db().Put(unlogged, to[family::snapshot], slice(view_of(key)), slice(framed));
    if (!status.ok()) return failure_of(status, "write a snapshot");
    return {};
}

result<document_state, failure> rocksdb_log::load(std::string_view document) const
{
    const std::shared_lock lock{state_->opening};
    if (!state_->opened) return not_open;
    database& from = *state_->opened;
    rocksdb::ManagedSnapshot now{&from.db()};
    const auto row = read_row(from, document, now.snapshot());
    if (!row) return row.error();
    if (!*row) return document_state{};
    document_state it{.head = (*row)->head, .snapshot = std::nullopt};
    const auto key = snapshot_key((*row)->number);
    const auto stored = get(from, family::snapshot, view_of(key), now.snapshot());
    if (!stored && !stored.error().IsCorruption()) return read_failure(document, stored.error());
    it.snapshot_damaged = !stored;
    if (it.snapshot_damaged || !*stored) return it;
    auto snapshot = decode_snapshot(view(**stored));
    it.snapshot_damaged = !snapshot;
    if (it.snapshot_damaged) return it;
    if (snapshot->at > it.head) {
        return damage(document, fmt::format("revision {} was acknowledged, but the log ends at {}", snapshot->at.value,
                                            it.head.value));
    }
    it.snapshot = *std::move(snapshot);
    return it;
}

result<void, failure> rocksdb_log::read(std::string_view document, revision after, const visitor& visit) const
{
    const std::shared_lock lock{state_->opening};
    if (!state_->opened) return not_open;
    database& from = *state_->opened;
    rocksdb::ManagedSnapshot now{&from.db()};
    const auto row = read_row(from, document, now.snapshot());
    if (!row) return row.error();
    if (!*row || after >= (*row)->head) return {};
    const document_row& it = **row;
    const auto first = log_key(it.number, after.next());
    const auto end = log_key(it.number.next(), {});
    const rocksdb::Slice end_slice = slice(view_of(end));
    rocksdb::ReadOptions options;
    options.snapshot = now.snapshot();
    options.iterate_upper_bound = &end_slice;
    const std::unique_ptr<rocksdb::Iterator> records{from.db().NewIterator(options, from[family::log])};

    revision last = after;
    for (records->Seek(slice(view_of(first))); records->Valid(); records->Next()) {
        const revision at = parse_log_key(view(records->key())).at;
        if (at != last.next()) return damage(document, fmt::format("revision {} is missing", last.value + 1));
        if (at > it.head) return damage(document, fmt::format("revision {} is beyond the head", at.value));
        const auto record = unframe(view(records->value()));
        if (!record) return damage(document, fmt::format("revision {}: {}", at.value, record.error().what));
        if (!visit(at, *record)) return {};
        last = at;
    }
    if (!records->status().ok()) return read_failure(document, records->status());
    if (last < it.head) return damage(document, fmt::format("revision {} is missing", last.value + 1));
    return {};
}

result<std::optional<client_outcome>, failure> rocksdb_log::last_outcome(std::string_view document,
                                                                         std::string_view client) const
{
    const std::shared_lock lock{state_->opening};
    if (!state_->opened) return not_open;
    const auto row = read_row(*state_->opened, document);
    if (!row) return row.error();
    if (!*row) return std::nullopt;
    const auto stored = get(*state_->opened, family::client, client_key((*row)->number, client));
    if (!stored) return read_failure(document, stored.error());
    if (!*stored) return std::nullopt;
    auto outcome = decode_outcome(view(**stored));
    if (!outcome) return damage(document, fmt::format("outcome of {}: {}", client, outcome.error().what));
    return std::optional{*std::move(outcome)};
}

result<std::vector<std::string>, failure> rocksdb_log::documents(std::string_view prefix, std::string_view after,
                                                                 std::size_t limit) const
{
    const std::shared_lock lock{state_->opening};
    if (!state_->opened) return not_open;
    database& from = *state_->opened;
    const std::unique_ptr<rocksdb::Iterator> rows{from.db().NewIterator({}, from[family::document])};
    std::vector<std::string> names;
    rows->Seek(slice(std::max(prefix, after)));
    if (rows->Valid() && view(rows->key()) == after) rows->Next();
    for (; rows->Valid() && names.size() < limit && view(rows->key()).starts_with(prefix); rows->Next()) {
        names.emplace_back(view(rows->key()));
    }
    if (!rows->status().ok()) return failure_of(rows->status(), "list the documents");
    return names;
}

result<void, failure> rocksdb_log::probe()
{
    const std::lock_guard lock{state_->writing};
    if (state_->failed) return *state_->failed;
    return state_->probe();
}

result<void, failure> rocksdb_log::verify_checksums() const
{
    const std::shared_lock lock{state_->opening};
    if (!state_->opened) return not_open;
    const auto status = state_->opened->db().VerifyChecksum();
    if (!status.ok()) return failure_of(status, "read all tables");
    return {};
}

result<void, failure> rocksdb_log::renew_epoch()
{
    const std::lock_guard lock{state_->writing};
    if (state_->failed) return *state_->failed;
    return state_->renew_epoch();
}

result<void, failure> rocksdb_log::state::renew_epoch()
{
    std::string renewed = make_epoch();
    rocksdb::WriteBatch change;
    put(change, (*opened)[family::meta], meta_key::epoch, {renewed});
    if (auto written = write(change); !written) return written;
    const std::unique_lock lock{opening};
    epoch = std::move(renewed);
    return {};
}

// HOT PATH: the only way into the write-ahead log: atomic, synced, and the end of all writing when it fails. Each
// commit has the next number, which the watermark tells after it.
result<void, failure> rocksdb_log::state::write(rocksdb::WriteBatch& batch)
{
    put_commits(batch, *opened, commits + 1);
    const auto status = opened->db().Write(synced(), &batch);
    if (status.ok()) {
        ++commits;
        if (mark) mark->note(commits);
        return {};
    }
    failed = failure_of(status, "write to the log");
    // Damage found while writing is the database's, not a document's: nothing can be written until it is reopened.
    if (failed->code == errc::damaged) failed->code = errc::unavailable;
    return *failed;
}

// In the background: what RocksDB cannot write it tells at the next append.
void rocksdb_log::state::flush_snapshots_if_due(std::uint64_t appended)
{
    if (appended < bytes_to_snapshots_flush) {
        bytes_to_snapshots_flush -= appended;
        return;
    }
    bytes_to_snapshots_flush = snapshots_flush_bytes;
    rocksdb::FlushOptions later;
    later.wait = false;
    opened->db().Flush(later, (*opened)[family::snapshot]).PermitUncheckedError();
}

// The document's row before this share; a new document gets the next number. Staged rows are those of this batch.
result<document_row, failure> rocksdb_log::state::row_for_append(const document_append& share, row_table& staged)
{
    document_row row;
    if (const auto again = staged.find(share.document); again != staged.end()) {
        row = again->second;
    } else if (const auto cached = rows.find(share.document); cached != rows.end()) {
        row = cached->second;
    } else {
        const auto stored = read_row(*opened, share.document);
        if (!stored) return stored.error();
        row = *stored ? **stored : document_row{};
    }
    if (row.head != share.expected_head) {
        return failure{
            errc::conflict,
            fmt::format("{} is at revision {}, not {}", share.document, row.head.value, share.expected_head.value),
            share.document};
    }
    const bool is_new = row.number == document_number{};
    if (is_new && !(share.records.empty() && share.clients.empty())) row.number = last_document = last_document.next();
    return row;
}

// Whether the disk takes synced bytes again: tried on a file of its own before the database is touched.
result<void, failure> rocksdb_log::state::check_folder() const
{
    rocksdb::Env* env = location.env != nullptr ? location.env : rocksdb::Env::Default();
    const std::string path = (location.folder / "OKRA_PROBE").string();
    const std::string written(1 << 20, 'o');
    auto status = rocksdb::WriteStringToFile(env, slice(written), path, true);
    std::string read;
    if (status.ok()) status = rocksdb::ReadFileToString(env, path, &read);
    const bool same = read == written;
    env->DeleteFile(path).PermitUncheckedError();  // may not exist
    if (!status.ok()) return failure_of(status, "write to the folder");
    if (!same) return failure{errc::unavailable, "the folder does not give back what was written"};
    return {};
}

// Closes the database and opens it anew: the only recovery that is the same as a start, and so as well tested.
result<void, failure> rocksdb_log::state::reopen()
{
    const bool is_start = epoch.empty();
    const auto known = read_watermark(location.folder);
    std::unique_lock lock{opening};
    rows.clear();
    bytes_to_snapshots_flush = first_snapshots_flush_bytes;
    mark.reset();
    opened.reset();
    const auto contents = inspect_folder(location.folder, known);
    if (!contents) return contents.error();
    if (auto mended = mend_wals(location.folder); !mended) return mended;
    auto writable = database::open(location, access::read_write, *contents);
    if (!writable) return writable.error();
    auto stored = read_or_create_meta(**writable, known);
    if (!stored) return stored.error();
    const start_findings found = compare(known, stored->commits);
    if (found.commits_lost > 0 && !is_start) return lost_meanwhile(found);
    if (is_start) findings = found;
    // Never a number twice: what is written from now on is not what was lost.
    commits = std::max(stored->commits, known ? known->commits : 0);
    auto file =
        watermark_file::open(location.folder, {.commits = commits, .manifest = current_manifest(location.folder)});
    if (!file) return file.error();
    mark = *std::move(file);
    opened = *std::move(writable);
    epoch = stored->epoch;
    last_document = stored->last_document;
    lock.unlock();
    return found.commits_lost > 0 ? renew_epoch() : result<void, failure>{};
}

// When there is no way to write yet: loads go on, and the next `recover` tries again.
void rocksdb_log::state::reopen_for_readers()
{
    const std::unique_lock lock{opening};
    auto readable = database::open(location, access::read_only, folder_contents::database);
    if (readable) opened = *std::move(readable);
}

result<void, failure> rocksdb_log::state::probe()
{
    std::string written;
    append_number(written, std::uint64_t{last_document.value});
    rocksdb::WriteBatch change;
    put(change, (*opened)[family::meta], meta_key::probe, {written});
    if (auto done = write(change); !done) return done;
    const auto read = get(*opened, family::meta, meta_key::probe);
    if (read && *read && view(**read) == written) return {};
    failed = read ? failure{errc::unavailable, "the log does not give back what was written"}
                  : failure_of(read.error(), "read from the log");
    return *failed;
}

}  // namespace okra::storage
