#include "server/runtime/fanout.hpp"

#include <algorithm>
#include <utility>

#include "server/runtime/session.hpp"

namespace okra::runtime {

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
    wake_all();
}

void fanout::restart(revision floor)
{
    ring_.restart(floor);
    wake_all();
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
