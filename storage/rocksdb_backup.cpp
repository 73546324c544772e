#include "storage/rocksdb_backup.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>
#include <memory>
#include <ranges>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/utilities/backup_engine.h>
#include <rocksdb/utilities/checkpoint.h>

#include "storage/folder_lock.hpp"
#include "storage/log_check.hpp"
#include "storage/rocksdb_database.hpp"
#include "storage/rocksdb_log.hpp"
#include "storage/sync_folder.hpp"
#include "storage/wal_check.hpp"

namespace okra::storage {
namespace {

namespace fs = std::filesystem;

failure file_failure(const std::error_code& ec, std::string_view doing, const fs::path& path)
{
    return {ec == std::errc::no_space_on_device ? errc::out_of_space : errc::unavailable,
            fmt::format("cannot {} {}: {}", doing, path.string(), ec.message())};
}

// With what is in it, but never through a symbolic link, which may lead anywhere.
result<void, failure> remove_folder(const fs::path& path)
{
    std::error_code ec;
    fs::remove_all(path, ec);
    if (ec) return file_failure(ec, "remove", path);
    return {};
}

// Where a restore works; gone with all that is in it when the restore is given up. What somebody else has there is
// never taken for it.
class work_folder {
public:
    [[nodiscard]] static result<work_folder, failure> make(const fs::path& path)
    {
        std::error_code ec;
        const bool made = fs::create_directory(path, ec);
        if (ec && ec != std::errc::file_exists) return file_failure(ec, "create", path);
        if (made) return work_folder{path};
        return failure{errc::conflict, fmt::format("{} exists already: a restore that was interrupted may have left "
                                                   "it. Look what is in it, and remove it or move it away",
                                                   path.string())};
    }

    work_folder(work_folder&& other) noexcept : path_{std::exchange(other.path_, {})} {}
    work_folder& operator=(work_folder&&) = delete;
    ~work_folder()
    {
        std::error_code ignored;  // the failure that ended the work is the one to tell
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }

    [[nodiscard]] const fs::path& path() const { return path_; }
    // Its work is done: it stays, under this name.
    [[nodiscard]] result<void, failure> rename_to(const fs::path& name)
    {
        std::error_code ec;
        fs::rename(path_, name, ec);
        if (ec) return file_failure(ec, "rename to", name);
        path_.clear();
        return {};
    }

private:
    explicit work_folder(fs::path path) : path_{std::move(path)} {}
    fs::path path_;
};

// ---- what is told of a backup, beside its files ----

struct contents {
    std::uint64_t documents = 0;
    std::uint64_t commits = 0;
    std::uint64_t problems = 0;
};

std::string encode(const contents& it)
{
    return fmt::format("documents {} commits {} problems {}", it.documents, it.commits, it.problems);
}

// No value: a backup of a program that did not look at what it copied.
std::optional<contents> contents_of(const rocksdb::BackupInfo& info)
{
    unsigned long long documents = 0;
    unsigned long long commits = 0;
    unsigned long long problems = 0;
    const int read = std::sscanf(info.app_metadata.c_str(), "documents %llu commits %llu problems %llu", &documents,
                                 &commits, &problems);
    if (read != 3) return std::nullopt;
    return contents{.documents = documents, .commits = commits, .problems = problems};
}

bool is_sound(const rocksdb::BackupInfo& info)
{
    const auto known = contents_of(info);
    return !known || known->problems == 0;
}

std::vector<rocksdb::BackupInfo> newest_first(const rocksdb::BackupEngineReadOnlyBase& engine)
{
    std::vector<rocksdb::BackupInfo> all;
    engine.GetBackupInfo(&all);
    std::ranges::sort(all, std::ranges::greater{}, &rocksdb::BackupInfo::backup_id);
    return all;
}

// ---- backing up ----

// A folder of hard links to one consistent set of the database's files, which a live server cannot change any more.
result<void, failure> link_files(const fs::path& data, const fs::path& links)
{
    return while_unchanged(data, [&]() -> result<void, failure> {
        if (auto removed = remove_folder(links); !removed) return removed;
        const auto found = inspect_folder(data, read_watermark(data));
        if (!found) return found.error();
        // Before RocksDB reads them: what is wrong in some ways makes it end the process.
        if (auto checked = check_wals(data); !checked) return checked;
        const auto source = database::open({.folder = data}, access::read_only, *found);
        if (!source) return source.error();
        rocksdb::Checkpoint* raw = nullptr;
        auto status = rocksdb::Checkpoint::Create(&(*source)->db(), &raw);
        const std::unique_ptr<rocksdb::Checkpoint> checkpoint{raw};
        // Never flush: the write-ahead log is copied as it is.
        if (status.ok())
            status = checkpoint->CreateCheckpoint(links.string(), std::numeric_limits<std::uint64_t>::max());
        if (!status.ok()) return failure_of(status, "link the files");
        return {};
    });
}

struct examined {
    std::string epoch;
    contents what;
    std::vector<std::string> problems;
};

// Reads all of it. `acknowledged`: so many commits it must hold.
result<examined, failure> examine(const fs::path& folder, std::uint64_t acknowledged, const log_examiner& more)
{
    const auto log = rocksdb_log::open_read_only(folder);
    if (!log) return log.error();
    log_check checked = check_documents(**log);
    examined it{.epoch = (*log)->epoch(),
                .what = {.documents = checked.documents, .commits = (*log)->commits()},
                .problems = std::move(checked.problems)};
    if (it.what.commits < acknowledged) {
        it.problems.push_back(
            fmt::format("{} acknowledged commits are missing at the end of the log", acknowledged - it.what.commits));
    }
    if (auto sound = (*log)->verify_checksums(); !sound) it.problems.push_back(sound.error().message);
    if (more) std::ranges::move(more(**log), std::back_inserter(it.problems));
    it.what.problems = it.problems.size();
    return it;
}

using engine_result = result<std::unique_ptr<rocksdb::BackupEngine>, failure>;

engine_result open_backups(const fs::path& folder)
{
    std::error_code ec;
    fs::create_directories(folder, ec);
    if (ec) return file_failure(ec, "create", folder);
    rocksdb::BackupEngine* raw = nullptr;
    const rocksdb::Status status =
        rocksdb::BackupEngine::Open(rocksdb::Env::Default(), rocksdb::BackupEngineOptions{folder.string()}, &raw);
    std::unique_ptr<rocksdb::BackupEngine> engine{raw};
    if (!status.ok()) return failure_of(status, "open the backups");
    return engine;
}

// Copies from the links, and reads back what it has written.
result<rocksdb::BackupInfo, failure> copy_files(rocksdb::BackupEngine& engine, const fs::path& links,
                                                const contents& what)
{
    const auto source = database::open({.folder = links}, access::read_only, folder_contents::database);
    if (!source) return source.error();
    rocksdb::BackupID number = 0;
    rocksdb::Status status =
        engine.CreateNewBackupWithMetadata(rocksdb::CreateBackupOptions{}, &(*source)->db(), encode(what), &number);
    if (!status.ok()) return failure_of(status, "write the backup");
    status = engine.VerifyBackup(number, true);
    if (!status.ok()) {
        engine.DeleteBackup(number).PermitUncheckedError();
        return failure_of(status, "read back the backup");
    }
    rocksdb::BackupInfo info;
    status = engine.GetBackupInfo(number, &info);
    if (!status.ok()) return failure_of(status, "read the backup");
    return info;
}

// Counts sound ones only: those with problems go when as many sound ones are newer.
result<void, failure> delete_old(rocksdb::BackupEngine& engine, std::uint32_t keep)
{
    std::uint32_t sound = 0;
    for (const rocksdb::BackupInfo& it : newest_first(engine)) {
        if (sound == keep) {
            const auto status = engine.DeleteBackup(it.backup_id);
            if (!status.ok()) return failure_of(status, "delete an old backup");
        } else if (is_sound(it)) {
            ++sound;
        }
    }
    return {};
}

// An empty database beside backups that have something in them is one that has been lost, or another folder.
bool replaces_something_by_nothing(const rocksdb::BackupEngine& engine, const contents& now)
{
    const auto holds_documents = [](const rocksdb::BackupInfo& it) {
        const auto known = contents_of(it);
        return !known || known->documents != 0;
    };
    return now.documents == 0 && std::ranges::any_of(newest_first(engine), holds_documents);
}

result<backup_summary, failure> back_up_links(const fs::path& links, std::uint64_t acknowledged,
                                              const backup_options& options)
{
    auto found = examine(links, acknowledged, options.examine);
    if (!found) return found.error();
    const auto engine = open_backups(options.to);
    if (!engine) return engine.error();
    const auto info = copy_files(**engine, links, found->what);
    if (!info) {
        // What was wrong in the first place tells more than what the engine made of it.
        return found->problems.empty() ? info.error() : failure{errc::damaged, found->problems.front()};
    }
    backup_summary done{.number = info->backup_id,
                        .bytes = info->size,
                        .epoch = std::move(found->epoch),
                        .documents = found->what.documents,
                        .problems = std::move(found->problems)};
    if (replaces_something_by_nothing(**engine, found->what)) {
        done.none_deleted_because = "the database holds no document, and older backups do";
    }
    if (options.keep == 0 || !done.problems.empty() || !done.none_deleted_because.empty()) return done;
    if (auto deleted = delete_old(**engine, options.keep); !deleted) return deleted.error();
    return done;
}

// ---- restoring ----

using chosen_backup = std::pair<rocksdb::BackupInfo, std::vector<std::uint32_t>>;

result<chosen_backup, failure> choose(const rocksdb::BackupEngineReadOnly& engine, const restore_options& options)
{
    const std::vector<rocksdb::BackupInfo> all = newest_first(engine);
    std::vector<std::uint32_t> passed_over;
    for (const rocksdb::BackupInfo& it : all) {
        if (options.number ? it.backup_id == *options.number : is_sound(it)) return chosen_backup{it, passed_over};
        if (!options.number) passed_over.push_back(it.backup_id);
    }
    if (all.empty()) return failure{errc::unavailable, fmt::format("there is no backup in {}", options.from.string())};
    if (options.number) {
        return failure{errc::unavailable,
                       fmt::format("there is no backup {} in {}", *options.number, options.from.string())};
    }
    return failure{errc::damaged, fmt::format("every backup in {} has problems; `--number {}` restores the newest one "
                                              "nevertheless",
                                              options.from.string(), all.front().backup_id)};
}

result<chosen_backup, failure> copy_chosen(const restore_options& options, const fs::path& to)
{
    rocksdb::BackupEngineReadOnly* raw = nullptr;
    rocksdb::Status status = rocksdb::BackupEngineReadOnly::Open(
        rocksdb::Env::Default(), rocksdb::BackupEngineOptions{options.from.string()}, &raw);
    const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine{raw};
    if (!status.ok()) return failure_of(status, "open the backups");
    auto chosen = choose(*engine, options);
    if (!chosen) return chosen;
    const rocksdb::BackupID number = chosen->first.backup_id;
    status = engine->VerifyBackup(number, true);
    if (!status.ok()) return failure_of(status, fmt::format("trust backup {}", number));
    status = engine->RestoreDBFromBackup(number, to.string(), to.string());
    if (!status.ok()) return failure_of(status, "restore");
    return chosen;
}

result<std::string, failure> begin_new_history(const fs::path& folder)
{
    const auto log = rocksdb_log::open({.folder = folder});
    if (!log) return log.error();
    if (auto renewed = (*log)->renew_epoch(); !renewed) return renewed.error();
    return (*log)->epoch();
}

// What came out against what is told of the backup.
result<restore_summary, failure> look_at_restored(const fs::path& folder, const chosen_backup& chosen,
                                                  const restore_options& options)
{
    const auto& [info, passed_over] = chosen;
    const auto told = contents_of(info);
    auto found = examine(folder, told ? told->commits : 0, options.examine);
    if (!found) return found.error();
    if (told && found->what.documents != told->documents) {
        found->problems.push_back(fmt::format("{} documents were restored, not the {} of the backup",
                                              found->what.documents, told->documents));
    }
    if (!found->problems.empty() && !options.number) {
        return failure{errc::damaged,
                       fmt::format("backup {} has {} problems: {}; `--number {}` restores it nevertheless",
                                   info.backup_id, found->problems.size(), found->problems.front(), info.backup_id)};
    }
    return restore_summary{.number = info.backup_id,
                           .epoch = {},
                           .documents = found->what.documents,
                           .passed_over = passed_over,
                           .problems = std::move(found->problems)};
}

}  // namespace

result<backup_summary, failure> back_up(const backup_options& options)
{
    // First: what it says was in the log before it said so.
    const auto mark = read_watermark(options.data);
    const auto found = inspect_folder(options.data, mark);
    if (!found) return found.error();
    if (*found == folder_contents::nothing) return no_database(options.data);
    const fs::path workspace = options.data / "OKRA_BACKUP";
    std::error_code ignored;  // nothing is there
    if (const auto is = fs::symlink_status(workspace, ignored); fs::exists(is) && !fs::is_directory(is)) {
        return failure{errc::conflict, fmt::format("{} is not a folder: it is used for hard links while a backup is "
                                                   "made. Remove it or move it away",
                                                   workspace.string())};
    }
    const auto mine = folder_lock::acquire(workspace);
    if (!mine) return mine.error();
    const fs::path links = workspace / "links";
    if (auto linked = link_files(options.data, links); !linked) return linked.error();
    auto done = back_up_links(links, mark ? mark->commits : 0, options);
    if (auto removed = remove_folder(workspace); !removed) return removed.error();
    return done;
}

result<restore_summary, failure> restore(const restore_options& options)
{
    std::error_code ec;
    if (fs::exists(options.data, ec) && !fs::is_empty(options.data, ec)) {
        return failure{errc::conflict, fmt::format("{} is not empty", options.data.string())};
    }
    const fs::path target = fs::absolute(options.data).lexically_normal();
    const fs::path data = target.has_filename() ? target : target.parent_path();
    fs::create_directories(data.parent_path(), ec);
    if (ec) return file_failure(ec, "create", data.parent_path());
    // Only what is complete and has its new epoch gets the name.
    auto unfinished = work_folder::make(data.string() + ".restoring");
    if (!unfinished) return unfinished.error();
    const auto chosen = copy_chosen(options, unfinished->path());
    if (!chosen) return chosen.error();
    auto done = look_at_restored(unfinished->path(), *chosen, options);
    if (!done) return done.error();
    auto epoch = begin_new_history(unfinished->path());
    if (!epoch) return epoch.error();
    done->epoch = *std::move(epoch);
    if (auto synced = sync_folder(unfinished->path()); !synced) return synced.error();
    if (auto named = unfinished->rename_to(data); !named) return named.error();
    if (auto synced = sync_folder(data.parent_path()); !synced) return synced.error();
    return done;
}

}  // namespace okra::storage
