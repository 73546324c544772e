#include "tests/support/faulty_disk.hpp"

#include <map>
#include <mutex>
#include <utility>

#include <rocksdb/file_system.h>

namespace okra::test {

struct faulty_disk::state {
    mutable std::mutex mutex;
    fault now = fault::none;
    bool half_written = false;
    std::map<std::string, std::uint64_t> synced_bytes;  // of files written through this disk
};

namespace {

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
        if (disk_->now == faulty_disk::fault::full) {
            if (!std::exchange(disk_->half_written, true)) {
                target()->Append({data.data(), data.size() / 2}, options, context).PermitUncheckedError();
            }
            return rocksdb::IOStatus::NoSpace("the disk is full (as planned)");
        }
        return target()->Append(data, options, context);
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
        if (disk_->now == faulty_disk::fault::sync_fails) {
            return rocksdb::IOStatus::IOError("the sync failed (as planned)");
        }
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
        return wrap(path, FileSystemWrapper::NewWritableFile(path, options, file, context), file);
    }

    rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file,
                                         rocksdb::IODebugContext* context) override
    {
        return wrap(path, FileSystemWrapper::ReopenWritableFile(path, options, file, context), file);
    }

    rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* context) override
    {
        auto done = FileSystemWrapper::RenameFile(from, to, options, context);
        const std::lock_guard lock{disk_->mutex};
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
        const std::lock_guard lock{disk_->mutex};
        disk_->synced_bytes.try_emplace(path, 0);
        *file = std::make_unique<faulty_file>(std::move(*file), path, disk_);
        return opened;
    }

    std::shared_ptr<faulty_disk::state> disk_;
};

}  // namespace

faulty_disk::faulty_disk()
    : state_{std::make_shared<state>()}, env_{rocksdb::NewCompositeEnv(std::make_shared<faulty_file_system>(state_))}
{
}

faulty_disk::~faulty_disk() = default;

void faulty_disk::set(fault what)
{
    const std::lock_guard lock{state_->mutex};
    state_->now = what;
    state_->half_written = false;
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
