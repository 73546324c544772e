#include "server/runtime/loader.hpp"

#include <new>
#include <utility>

#include "server/runtime/log.hpp"

namespace okra::runtime {

void loader::turns::add(std::uint64_t session, task work)
{
    std::deque<task>& its = waiting_[session];
    its.push_back(std::move(work));
    if (its.size() == 1) next_.push_back(session);
}

void loader::turns::add_first(std::uint64_t session, task work)
{
    std::deque<task>& its = waiting_[session];
    its.push_front(std::move(work));
    if (its.size() == 1) next_.push_back(session);
}

std::optional<loader::task> loader::turns::take()
{
    if (next_.empty()) return {};
    const auto its = waiting_.find(next_.front());
    next_.pop_front();
    task first = std::move(its->second.front());
    its->second.pop_front();
    if (its->second.empty()) {
        waiting_.erase(its);
    } else {
        next_.push_back(its->first);
    }
    return first;
}

void loader::start()
{
    // More only fight for the disk.
    for (const bool long_too : {false, true}) {
        threads_.emplace_back([this, long_too] { work(long_too); });
    }
}

void loader::stop()
{
    std::array<turns, kinds> dropped;
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
        dropped = std::exchange(waiting_, {});
    }
    changed_.notify_all();
    for (std::thread& it : std::exchange(threads_, {})) it.join();
}

bool loader::step()
{
    std::optional<task> next;
    {
        const std::scoped_lock lock{mutex_};
        next = take(true);
    }
    if (next) (*next)();
    return next.has_value();
}

void loader::post(kind what, std::uint64_t session, task work)
{
    {
        const std::scoped_lock lock{mutex_};
        if (stopping_) return;
        of(what).add(session, std::move(work));
    }
    changed_.notify_all();
}

void loader::post_rest(kind what, std::uint64_t session, task work)
{
    {
        const std::scoped_lock lock{mutex_};
        if (stopping_) return;
        of(what).add_first(session, std::move(work));
    }
    changed_.notify_all();
}

void loader::work(bool long_too)
{
    for (;;) {
        std::optional<task> next;
        {
            std::unique_lock lock{mutex_};
            changed_.wait(lock, [&] { return stopping_ || (next = take(long_too)).has_value(); });
        }
        if (!next) return;
        try {
            (*next)();
        } catch (const std::bad_alloc&) {  // each task knows what to do; this is when even that had no memory
            log::error("load_lost", {{"reason", "there is no memory"}});
        }
    }
}

// A document before the pieces, which the other thread reads meanwhile.
std::optional<loader::task> loader::take(bool long_too)
{
    if (auto next = of(kind::outcome).take()) return next;
    if (long_too) {
        if (auto next = of(kind::document).take()) return next;
    }
    return of(kind::piece).take();
}

}  // namespace okra::runtime
