// The one thread that writes to the log. Group commit: whatever all documents handed over while the last sync ran goes
// into the next write, synced once. Results go back to each document's own worker, one message per worker and write.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "server/runtime/services.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

class document_actor;

// One document's append on its way to the log and back.
struct commit_job {
    std::shared_ptr<document_actor> owner;
    std::uint64_t incarnation = 0;  // of the owner's room; an answer to an earlier one is dropped
    storage::document_append append;
    std::optional<storage::failure> failed;
};

class commit_worker {
public:
    explicit commit_worker(services& shared);
    ~commit_worker();
    commit_worker(const commit_worker&) = delete;
    commit_worker& operator=(const commit_worker&) = delete;

    void start();
    // What is asked for after that is not done. Twice is no harm.
    void stop();

    // Instead of `start`, for a simulation, whose disk takes its time: what waits is taken in hand, and later written.
    // False: nothing waits.
    bool take();
    void write_taken();

    // Any thread. A document has one job here at a time.
    void submit(std::vector<commit_job> jobs);
    void save_snapshot(std::string document, storage::stored_snapshot it);

    // Runs `task` on the committer's thread between writes, when everything submitted before is done.
    void run(std::function<void()> task);

private:
    struct snapshot_job {
        std::string document;
        storage::stored_snapshot snapshot;
    };
    struct work {
        std::vector<commit_job> jobs;
        std::vector<snapshot_job> snapshots;
        std::vector<std::function<void()>> tasks;
        [[nodiscard]] bool empty() const { return jobs.empty() && snapshots.empty() && tasks.empty(); }
    };

    void loop();
    [[nodiscard]] bool wait_for_work();
    void take_waiting();
    void leave_some();
    void write(std::vector<commit_job> jobs);
    [[nodiscard]] result<void, storage::failure> append(std::span<const storage::document_append> batch);
    void try_to_recover();
    void tell_workers(bool works, const std::string& why);

    services& shared_;
    std::mutex mutex_;
    std::condition_variable changed_;
    work waiting_;
    bool stopping_ = false;
    work taken_;                    // by the thread that writes
    std::vector<commit_job> left_;  // by it, for the next write
    bool told_damaged_ = false;
    std::thread thread_;
};

}  // namespace okra::runtime
