// A document's frames on one worker: the ring, and the sessions that follow it there. On the document's own worker this
// is the ring that joins and resumes are served from; other workers hold one that follows it while they have readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/runtime/frame_ring.hpp"

namespace okra::runtime {

class session;

// Bytes in all rings of one worker.
struct rings_total {
    std::size_t bytes = 0;
};

class fanout {
public:
    // Both outlive the fanout.
    fanout(const bounds& keep, reader_budget& unread, rings_total& total);
    ~fanout();
    fanout(const fanout&) = delete;
    fanout& operator=(const fanout&) = delete;

    [[nodiscard]] const frame_ring& ring() const { return ring_; }
    // How many frames the document has published: its own counting, which the rings of all workers know.
    [[nodiscard]] std::uint64_t published() const { return published_; }

    // The document was loaded anew: readers find themselves lagging and join again.
    void restart(revision floor);
    void shrink_to(std::size_t bytes);

    [[nodiscard]] bool is_followed() const { return !readers_.empty(); }
    void follow(session& reader);
    void unfollow(session& reader);

    // HOT PATH: keeps the frame and wakes every reader; the cost per reader is its own write.
    void publish(frame_ptr it);

    // ---- on the other workers ----
    // The frame that the document published as number `number`. One that did not arrive leaves no gap: readers join
    // again.
    void receive(std::uint64_t number, frame_ptr it);
    // A reader comes who is to go on with `recent`, the document's last frames before number `published`. `follows`:
    // this ring has had all frames so far.
    void catch_up(std::span<const frame_ptr> recent, std::uint64_t published, bool follows);

private:
    void wake_all();
    void count();

    frame_ring ring_;
    rings_total& total_;
    std::size_t counted_ = 0;  // of ring_, in total_
    std::uint64_t published_ = 0;
    std::vector<session*> readers_;  // null: left while readers were being woken
    bool waking_ = false;
};

}  // namespace okra::runtime
