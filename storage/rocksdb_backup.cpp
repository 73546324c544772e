#include "storage/rocksdb_backup.hpp"

#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <memory>
#include <unistd.h>

#include <fmt/format.h>
#include <rocksdb/utilities/backup_engine.h>
#include <rocksdb/utilities/checkpoint.h>

#include "storage/folder_lock.hpp"
#include "storage/rocksdb_database.hpp"
#include "storage/rocksdb_log.hpp"

namespace okra::storage {
namespace {

namespace fs = std::filesystem;

failure file_failure(const std::error_code& ec, std::string_view doing, const fs::path& path)
{
    return {ec == std::errc::no_space_on_device ? errc::out_of_space : errc::unavailable,
            fmt::format("cannot {} {}: {}", doing, path.string(), ec.message())};
}

result<void, failure> remove_folder(const fs::path& path)
{
    std::error_code ec;
    fs::remove_all(path, ec);
    if (ec) return file_failure(ec, "remove", path);
    return {};
}

// A folder of hard links to one consistent set of the database's files, which a live server cannot change any more.
result<void, failure> link_files(const fs::path& data, const fs::path& links)
{
    return while_unchanged(data, [&]() -> result<void, failure> {
        if (auto removed = remove_folder(links); !removed) return removed;
        const auto source = database::open({.folder = data}, access::read_only);
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

result<backup_summary, failure> copy_files(const fs::path& links, const backup_options& options)
{
    const auto source = database::open({.folder = links}, access::read_only);
    if (!source) return source.error();
    std::error_code ec;
    fs::create_directories(options.to, ec);
    if (ec) return file_failure(ec, "create", options.to);
    rocksdb::BackupEngine* raw = nullptr;
    rocksdb::Status status =
        rocksdb::BackupEngine::Open(rocksdb::Env::Default(), rocksdb::BackupEngineOptions{options.to.string()}, &raw);
    const std::unique_ptr<rocksdb::BackupEngine> engine{raw};
    if (!status.ok()) return failure_of(status, "open the backups");
    rocksdb::BackupID number = 0;
    status = engine->CreateNewBackup(rocksdb::CreateBackupOptions{}, &(*source)->db(), &number);
    if (!status.ok()) return failure_of(status, "write the backup");
    rocksdb::BackupInfo info;
    status = engine->GetBackupInfo(number, &info);
    if (!status.ok()) return failure_of(status, "read the backup");
    if (options.keep > 0) {
        status = engine->PurgeOldBackups(options.keep);
        if (!status.ok()) return failure_of(status, "delete old backups");
    }
    return backup_summary{.number = number, .bytes = info.size, .epoch = {}};
}

result<backup_summary, failure> copy_newest(const restore_options& options, const fs::path& to)
{
    rocksdb::BackupEngineReadOnly* raw = nullptr;
    rocksdb::Status status = rocksdb::BackupEngineReadOnly::Open(
        rocksdb::Env::Default(), rocksdb::BackupEngineOptions{options.from.string()}, &raw);
    const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine{raw};
    if (!status.ok()) return failure_of(status, "open the backups");
    rocksdb::BackupInfo newest;
    if (engine->GetLatestBackupInfo(&newest).IsNotFound()) {
        return failure{errc::unavailable, fmt::format("there is no backup in {}", options.from.string())};
    }
    status = engine->VerifyBackup(newest.backup_id, true);
    if (!status.ok()) return failure_of(status, "trust the backup");
    status = engine->RestoreDBFromBackup(newest.backup_id, to.string(), to.string());
    if (!status.ok()) return failure_of(status, "restore");
    return backup_summary{.number = newest.backup_id, .bytes = newest.size, .epoch = {}};
}

result<std::string, failure> begin_new_history(const fs::path& folder)
{
    const auto log = rocksdb_log::open({.folder = folder});
    if (!log) return log.error();
    if (auto renewed = (*log)->renew_epoch(); !renewed) return renewed.error();
    return (*log)->epoch();
}

result<void, failure> sync_folder(const fs::path& folder)
{
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    const std::error_code ec{errno, std::generic_category()};
    if (file >= 0) ::close(file);
    if (!done) return file_failure(ec, "sync", folder);
    return {};
}

}  // namespace

result<backup_summary, failure> back_up(const backup_options& options)
{
    if (!holds_database(options.data)) {
        return failure{errc::unavailable, fmt::format("there is no database in {}", options.data.string())};
    }
    const fs::path workspace = options.data / "OKRA_BACKUP";
    const auto mine = folder_lock::acquire(workspace);
    if (!mine) return mine.error();
    const fs::path links = workspace / "links";
    if (auto linked = link_files(options.data, links); !linked) return linked.error();
    auto done = copy_files(links, options);
    if (done) {
        const auto copied = rocksdb_log::open_read_only(links);
        if (!copied) return copied.error();
        done->epoch = (*copied)->epoch();
    }
    if (auto removed = remove_folder(workspace); !removed) return removed.error();
    return done;
}

result<backup_summary, failure> restore(const restore_options& options)
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
    fs::path unfinished = data;
    unfinished += ".restoring";
    if (auto removed = remove_folder(unfinished); !removed) return removed.error();
    auto done = copy_newest(options, unfinished);
    if (!done) return done;
    const auto epoch = begin_new_history(unfinished);
    if (!epoch) return epoch.error();
    done->epoch = *epoch;
    if (auto synced = sync_folder(unfinished); !synced) return synced.error();
    fs::rename(unfinished, data, ec);
    if (ec) return file_failure(ec, "rename to", data);
    if (auto synced = sync_folder(data.parent_path()); !synced) return synced.error();
    return done;
}

}  // namespace okra::storage
