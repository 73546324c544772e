// Writes records to RocksDB with one synced write for all that came in while the last one ran. Its own thread; `submit`
// may be called from any, and `done` is called on the committer's.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <rocksdb/db.h>

namespace okra::ceiling {

struct record {
    std::uint32_t room;
    std::uint64_t revision;
    std::string bytes;
};

class committer {
public:
    using callback = std::function<void(std::vector<record>)>;

    committer(const std::string& folder, callback done);  // throws std::runtime_error: start-up
    ~committer();
    committer(const committer&) = delete;
    committer& operator=(const committer&) = delete;

    void submit(std::vector<record> more);

private:
    void run();
    void write(const std::vector<record>& batch);

    std::unique_ptr<rocksdb::DB> database_;
    callback done_;
    std::mutex mutex_;
    std::condition_variable woken_;
    std::vector<record> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace okra::ceiling
