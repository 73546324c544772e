// A document's frames on one worker: the ring, and the sessions that follow it there. On the document's own worker this
// is the ring that joins and resumes are served from; other workers hold one while they have readers.
#pragma once

#include <cstdint>
#include <vector>

#include "server/runtime/frame_ring.hpp"

namespace okra::runtime {

class session;

class fanout {
public:
    explicit fanout(const bounds& keep) : ring_{keep} {}

    [[nodiscard]] const frame_ring& ring() const { return ring_; }
    // The document was loaded anew: readers find themselves lagging and join again.
    void restart(revision floor);

    [[nodiscard]] bool is_followed() const { return !readers_.empty(); }
    void follow(session& reader);
    void unfollow(session& reader);

    // HOT PATH: keeps the frame and wakes every reader; the cost per reader is its own write.
    void publish(frame_ptr it);

private:
    void wake_all();

    frame_ring ring_;
    std::vector<session*> readers_;  // null: left while readers were being woken
    bool waking_ = false;
};

}  // namespace okra::runtime
