#include "tests/support/faulty_disk.hpp"

#include <map>
#include <mutex>
#include <utility>

#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

namespace okra::test {

struct faulty_disk::state {
    mutable std::mutex mutex;
    fault now = fault::none;
    bool half_written = false;
    std::map<std::string, std::uint64_t> synced_bytes;  // of files written through this disk
};

namespace {

using fault = faulty_disk::fault;

rocksdb::IOStatus process_is_dead()
{
    return rocksdb::IOStatus::IOError("the process is dead (as planned)");
}

class faulty_file final : public rocksdb::FSWritableFileOwnerWrapper {
public:
    faulty_file(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path,
                std::shared_ptr<faulty_disk::state> disk)
        : FSWritableFileOwnerWrapper{std::move(file)}, path_{std::move(path)}, disk_{std::move(disk)}
    {
    }

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override
    {
        const std::lock_guard lock{disk_->mutex};
        const fault now = disk_->now;
        if (now == fault::gone) return process_is_dead();
        if (now != fault::full && now != fault::torn) return target()->Append(data, options, context);
        if (!std::exchange(disk_->half_written, true)) {
            target()->Append({data.data(), data.size() / 2}, options, context).PermitUncheckedError();
        }
        if (now == fault::full) return rocksdb::IOStatus::NoSpace("the disk is full (as planned)");
        return rocksdb::IOStatus::IOError("the write failed (as planned)");
    }

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& /*checksum*/,
                             rocksdb::IODebugContext* context) override
    {
        return Append(data, options, context);
    }

    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override
    {
        return sync(target()->Sync(options, context));
    }

    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override
    {
        return sync(target()->Fsync(options, context));
    }

private:
    rocksdb::FSWritableFile* target() { return FSWritableFileWrapper::target(); }

    rocksdb::IOStatus sync(rocksdb::IOStatus done)
    {
        const std::lock_guard lock{disk_->mutex};
        if (disk_->now == fault::gone) return process_is_dead();
        if (disk_->now == fault::sync_fails) return rocksdb::IOStatus::IOError("the sync failed (as planned)");
        if (done.ok()) disk_->synced_bytes[path_] = std::filesystem::file_size(path_);
        return done;
    }

    std::string path_;
    std::shared_ptr<faulty_disk::state> disk_;
};

class faulty_file_system final : public rocksdb::FileSystemWrapper {
public:
    explicit faulty_file_system(std::shared_ptr<faulty_disk::state> disk)
        : FileSystemWrapper{rocksdb::FileSystem::Default()}, disk_{std::move(disk)}
    {
    }

    [[nodiscard]] const char* Name() const override { return "faulty_disk"; }

    rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* context) override
    {
        const std::lock_guard lock{disk_->mutex};
        if (disk_->now == fault::gone) return process_is_dead();
        auto opened = FileSystemWrapper::NewWritableFile(path, options, file, context);
        if (opened.ok()) disk_->synced_bytes[path] = 0;
        return wrap(path, opened, file);
    }

    rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file,
                                         rocksdb::IODebugContext* context) override
    {
        const std::lock_guard lock{disk_->mutex};
        if (disk_->now == fault::gone) return process_is_dead();
        auto opened = FileSystemWrapper::ReopenWritableFile(path, options, file, context);
        if (opened.ok()) disk_->synced_bytes.try_emplace(path, 0);
        return wrap(path, opened, file);
    }

    rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* context) override
    {
        const std::lock_guard lock{disk_->mutex};
        if (disk_->now == fault::gone) return process_is_dead();
        disk_->synced_bytes.erase(path);
        return FileSystemWrapper::DeleteFile(path, options, context);
    }

    rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* context) override
    {
        const std::lock_guard lock{disk_->mutex};
        if (disk_->now == fault::gone) return process_is_dead();
        auto done = FileSystemWrapper::RenameFile(from, to, options, context);
        if (auto moved = disk_->synced_bytes.extract(from); done.ok() && !moved.empty()) {
            disk_->synced_bytes[to] = moved.mapped();
        }
        return done;
    }

private:
    rocksdb::IOStatus wrap(const std::string& path, rocksdb::IOStatus opened,
                           std::unique_ptr<rocksdb::FSWritableFile>* file)
    {
        if (!opened.ok()) return opened;
        *file = std::make_unique<faulty_file>(std::move(*file), path, disk_);
        return opened;
    }

    std::shared_ptr<faulty_disk::state> disk_;
};

// RocksDB rests for a second after a failed write in the background.
class restless_clock final : public rocksdb::SystemClockWrapper {
public:
    restless_clock() : SystemClockWrapper{rocksdb::SystemClock::Default()} {}
    [[nodiscard]] const char* Name() const override { return "restless_clock"; }
    void SleepForMicroseconds(int micros) override { SystemClockWrapper::SleepForMicroseconds(micros / 1000); }
};

class faulty_env final : public rocksdb::EnvWrapper {
public:
    explicit faulty_env(std::shared_ptr<faulty_disk::state> disk)
        : EnvWrapper{rocksdb::NewCompositeEnv(std::make_shared<faulty_file_system>(std::move(disk)))}
    {
        system_clock_ = std::make_shared<restless_clock>();
    }
};

}  // namespace

faulty_disk::faulty_disk() : state_{std::make_shared<state>()}, env_{std::make_unique<faulty_env>(state_)} {}

faulty_disk::~faulty_disk() = default;

void faulty_disk::set(fault what)
{
    const std::lock_guard lock{state_->mutex};
    state_->now = what;
    state_->half_written = false;
}

std::uint64_t faulty_disk::cut_power(const std::function<std::uint64_t(std::uint64_t)>& below)
{
    const std::lock_guard lock{state_->mutex};
    std::uint64_t lost = 0;
    for (auto& [path, synced] : state_->synced_bytes) {
        if (!std::filesystem::exists(path)) continue;
        const std::uint64_t written = std::filesystem::file_size(path);
        if (written <= synced) continue;
        synced += below(written - synced + 1);
        lost += written - synced;
        std::filesystem::resize_file(path, synced);
    }
    return lost;
}

void faulty_disk::copy_synced(const std::filesystem::path& folder, const std::filesystem::path& to) const
{
    const std::lock_guard lock{state_->mutex};
    std::filesystem::create_directories(to);
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        const auto copy = to / entry.path().filename();
        std::filesystem::copy_file(entry.path(), copy);
        const auto known = state_->synced_bytes.find(entry.path().string());
        if (known != state_->synced_bytes.end()) std::filesystem::resize_file(copy, known->second);
    }
}

}  // namespace okra::test
