#include "server/runtime/commit_worker.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <new>
#include <utility>

#include "server/runtime/document_actor.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

namespace {

constexpr std::chrono::milliseconds recover_interval{500};

bool stops_the_log(storage::errc code)
{
    return code == storage::errc::unavailable || code == storage::errc::out_of_space;
}

// Results go home in one message per worker.
void send_home(std::vector<commit_job> jobs)
{
    while (!jobs.empty()) {
        worker* const home = &jobs.front().owner->home();
        const auto others =
            std::partition(jobs.begin(), jobs.end(), [&](const commit_job& it) { return &it.owner->home() == home; });
        std::vector<commit_job> rest(std::make_move_iterator(others), std::make_move_iterator(jobs.end()));
        jobs.erase(others, jobs.end());
        home->post([home, done = std::move(jobs)]() mutable { home->on_appended(std::move(done)); });
        jobs = std::move(rest);
    }
}

}  // namespace

commit_worker::commit_worker(services& shared) : shared_{shared} {}

commit_worker::~commit_worker()
{
    stop();
}

void commit_worker::stop()
{
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void commit_worker::start()
{
    thread_ = std::thread{[this] { loop(); }};
}

void commit_worker::submit(std::vector<commit_job> jobs)
{
    if (jobs.empty()) return;
    bool was_empty = false;
    {
        const std::scoped_lock lock{mutex_};
        was_empty = waiting_.empty();
        if (waiting_.jobs.empty()) {
            waiting_.jobs = std::move(jobs);
        } else {
            for (commit_job& job : jobs) waiting_.jobs.push_back(std::move(job));
        }
    }
    if (was_empty) changed_.notify_one();
}

void commit_worker::save_snapshot(std::string document, storage::stored_snapshot it)
{
    {
        const std::scoped_lock lock{mutex_};
        waiting_.snapshots.push_back({std::move(document), std::move(it)});
    }
    changed_.notify_one();
}

void commit_worker::run(std::function<void()> task)
{
    {
        const std::scoped_lock lock{mutex_};
        waiting_.tasks.push_back(std::move(task));
    }
    changed_.notify_one();
}

bool commit_worker::wait_for_work()
{
    std::unique_lock lock{mutex_};
    const auto ready = [this] { return stopping_ || !waiting_.empty(); };
    if (!left_.empty()) {
        // There is something to write already.
    } else if (shared_.storage_works) {
        changed_.wait(lock, ready);
    } else {
        changed_.wait_for(lock, recover_interval, ready);
    }
    take_waiting();
    return !(stopping_ && taken_.empty());
}

void commit_worker::loop()
{
    while (wait_for_work()) write_taken();
}

bool commit_worker::take()
{
    const std::scoped_lock lock{mutex_};
    take_waiting();
    return !taken_.empty();
}

// What was left comes first, so that it is not left again and again.
void commit_worker::take_waiting()
{
    taken_ = std::exchange(waiting_, {});
    taken_.jobs.insert(taken_.jobs.begin(), std::make_move_iterator(left_.begin()),
                       std::make_move_iterator(left_.end()));
    left_.clear();
    leave_some();
}

// Who waits for a small append does not wait for all the large ones. Documents' appends do not depend on each other.
// Nothing is left before a task, which waits for everything that was submitted before it.
void commit_worker::leave_some()
{
    std::size_t large_bytes = 0;
    const auto goes_now = [&](const commit_job& it) {
        const std::size_t size = storage::written_bytes(it.append);
        if (size <= shared_.keep.small_append_bytes) return true;
        const bool first = large_bytes == 0;
        large_bytes += size;
        return first || large_bytes <= shared_.keep.large_bytes_per_write;
    };
    if (!taken_.tasks.empty() || std::ranges::all_of(taken_.jobs, goes_now)) return;
    large_bytes = 0;
    for (commit_job& it : std::exchange(taken_.jobs, {})) {
        (goes_now(it) ? taken_.jobs : left_).push_back(std::move(it));
    }
}

void commit_worker::write_taken()
{
    work now = std::exchange(taken_, {});
    if (!now.jobs.empty()) write(std::move(now.jobs));
    for (snapshot_job& it : now.snapshots) {
        if (!shared_.storage_works) break;  // a cache: the next one will do
        if (const auto saved = shared_.log.put_snapshot(it.document, it.snapshot); !saved) {
            log::warning("snapshot_not_saved", {{"document", it.document}, {"reason", saved.error().message}});
        }
    }
    if (!shared_.storage_works) try_to_recover();
    for (const auto& task : now.tasks) task();
}

// HOT PATH: one synced write for all documents; no copy of a record on the way in or out.
void commit_worker::write(std::vector<commit_job> jobs)
{
    if (!shared_.storage_works) {
        for (commit_job& job : jobs) job.failed = storage::failure{storage::errc::unavailable, "storage has failed"};
        send_home(std::move(jobs));
        return;
    }
    std::vector<storage::document_append> batch;
    batch.reserve(jobs.size());
    std::size_t changes = 0;
    for (commit_job& job : jobs) {
        changes += job.append.records.size();
        batch.push_back(std::move(job.append));
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto written = append(batch);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;

    for (std::size_t index = 0; index < jobs.size(); ++index) {
        jobs[index].append = std::move(batch[index]);
        if (!written) jobs[index].failed = written.error();
    }
    if (written) {
        shared_.figures.commits.Increment();
        shared_.figures.changes_committed.Increment(static_cast<double>(changes));
        shared_.figures.sync_seconds.Observe(took.count());
        shared_.figures.documents_per_commit.Observe(static_cast<double>(jobs.size()));
    } else {
        shared_.figures.storage_failures.Increment();
        log::error("storage_failed", {{"reason", written.error().message}});
        // One document's conflict or damage writes nothing and stops nobody else: its actors load again and go on.
        shared_.storage_works = !stops_the_log(written.error().code);
    }
    send_home(std::move(jobs));
    if (!shared_.storage_works) tell_workers(false, "changes cannot be saved at the moment");  // paths stay in the log
}

result<void, storage::failure> commit_worker::append(std::span<const storage::document_append> batch)
{
    try {
        return shared_.log.append(batch);
    } catch (const std::bad_alloc&) {
        return storage::failure{storage::errc::unavailable, "there is no memory for a write"};
    }
}

void commit_worker::try_to_recover()
{
    const auto recovered = shared_.log.recover();
    if (!recovered) {
        // What is damaged does not mend itself; said once, because it is tried again all the time.
        const bool is_news = recovered.error().code == storage::errc::damaged && !std::exchange(told_damaged_, true);
        if (is_news) log::error("storage_damaged", {{"reason", recovered.error().message}});
        return;
    }
    told_damaged_ = false;
    shared_.storage_works = true;
    log::info("storage_recovered");
    tell_workers(true, "changes are being saved again");
}

void commit_worker::tell_workers(bool works, const std::string& why)
{
    for (const auto& each : *shared_.workers) {
        worker* const it = each.get();
        it->post([it, works, why] { it->on_storage(works, why); });
    }
}

}  // namespace okra::runtime
