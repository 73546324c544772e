#include "tools/bench/ceiling/committer.hpp"

#include <cstdlib>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <rocksdb/write_batch.h>

namespace okra::ceiling {

committer::committer(const std::string& folder, callback done) : done_{std::move(done)}
{
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::Open(options, folder, &opened);
    if (!status.ok()) throw std::runtime_error{status.ToString()};
    database_.reset(opened);
    thread_ = std::thread{[this] { run(); }};
}

committer::~committer()
{
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void committer::submit(std::vector<record> more)
{
    {
        const std::lock_guard lock{mutex_};
        waiting_.insert(waiting_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    woken_.notify_one();
}

void committer::run()
{
    while (true) {
        std::vector<record> batch;
        {
            std::unique_lock lock{mutex_};
            woken_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            batch.swap(waiting_);
        }
        write(batch);
        done_(std::move(batch));
    }
}

void committer::write(const std::vector<record>& batch)
{
    rocksdb::WriteBatch writes;
    for (const auto& it : batch) writes.Put(fmt::format("{:08x}{:016x}", it.room, it.revision), it.bytes);
    rocksdb::WriteOptions options;
    options.sync = true;
    if (const auto status = database_->Write(options, &writes); !status.ok()) {
        fmt::print(stderr, "okra-ceiling: {}\n", status.ToString());
        std::abort();
    }
}

}  // namespace okra::ceiling
