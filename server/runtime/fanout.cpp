#include "server/runtime/fanout.hpp"

#include <algorithm>
#include <utility>

#include "server/runtime/session.hpp"

namespace okra::runtime {

fanout::fanout(const bounds& keep, reader_budget& unread, rings_total& total) : ring_{keep, unread}, total_{total} {}

fanout::~fanout()
{
    total_.bytes -= counted_;
}

void fanout::follow(session& reader)
{
    readers_.push_back(&reader);
}

void fanout::unfollow(session& reader)
{
    const auto found = std::ranges::find(readers_, &reader);
    if (found == readers_.end()) return;
    if (waking_) {
        *found = nullptr;
    } else {
        *found = readers_.back();
        readers_.pop_back();
    }
}

void fanout::publish(frame_ptr it)
{
    ring_.push(std::move(it));
    ++published_;
    count();
    wake_all();
}

void fanout::receive(std::uint64_t number, frame_ptr it)
{
    if (number != published_) {
        ring_.restart({});
        published_ = number;
    }
    publish(std::move(it));
}

void fanout::catch_up(std::span<const frame_ptr> recent, std::uint64_t published, bool follows)
{
    if (!follows || published != published_) {
        published_ = published;
        restart({});
    }
    ring_.complete(recent);
    count();
}

void fanout::restart(revision floor)
{
    ring_.restart(floor);
    count();
    wake_all();
}

void fanout::shrink_to(std::size_t bytes)
{
    ring_.shrink_to(bytes);
    count();
}

void fanout::count()
{
    total_.bytes += ring_.bytes() - counted_;
    counted_ = ring_.bytes();
}

void fanout::wake_all()
{
    // A write can fail and end a session, which leaves while we walk: by index, and slots are emptied, not moved.
    waking_ = true;
    for (std::size_t index = 0; index < readers_.size(); ++index) {
        if (readers_[index] != nullptr) readers_[index]->wake();
    }
    waking_ = false;
    std::erase(readers_, nullptr);
}

}  // namespace okra::runtime
