// A document's recent frames, numbered without gaps. Readers hold a number, not the frames: a reader whose number has
// fallen off the ring is lagging. Bounded by count and bytes; a frame that falls off and is still being written to
// somebody is charged to the readers. Owned by a fanout, touched by one worker.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <utility>

#include "server/runtime/bounds.hpp"
#include "server/runtime/frame.hpp"

namespace okra::runtime {

class frame_ring {
public:
    // `unread` outlives the ring.
    frame_ring(const bounds& keep, reader_budget& unread)
        : frames_max_{keep.ring_frames}, bytes_max_{keep.ring_bytes}, unread_{unread}, begin_{frames_max_}
    {
    }
    ~frame_ring()
    {
        for (const frame_ptr& it : frames_) part_with(it);
    }
    frame_ring(const frame_ring&) = delete;
    frame_ring& operator=(const frame_ring&) = delete;

    [[nodiscard]] std::uint64_t begin() const { return begin_; }
    [[nodiscard]] std::uint64_t end() const { return begin_ + frames_.size(); }
    [[nodiscard]] const frame_ptr& at(std::uint64_t number) const { return frames_[number - begin_]; }

    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    // Every commit after this revision is here.
    [[nodiscard]] revision floor() const { return floor_; }

    // Who has seen no later revision than this may miss figures: those of before the ring began, perhaps on another
    // day, or those of a frame without revisions that has fallen off.
    [[nodiscard]] revision figures_after() const { return figures_after_; }

    void push(frame_ptr it)
    {
        const std::size_t size = it->size();
        frames_.push_back(std::move(it));
        bytes_ += size;
        while (frames_.size() > frames_max_ || (bytes_ > bytes_max_ && frames_.size() > 1)) drop_oldest();
    }

    // `recent` ends where this ring does: what the ring lacks of it is put in front. For a ring that follows another
    // one, whose floor says nothing.
    void complete(std::span<const frame_ptr> recent)
    {
        for (std::size_t lacking = recent.size() - std::min(recent.size(), frames_.size()); lacking != 0; --lacking) {
            frames_.push_front(recent[lacking - 1]);
            bytes_ += recent[lacking - 1]->size();
            --begin_;
        }
    }

    // Drops the oldest until no more than so many bytes are left, or one frame.
    void shrink_to(std::size_t bytes)
    {
        while (bytes_ > bytes && frames_.size() > 1) drop_oldest();
    }

    // Forgets everything, and leaves every reader behind: the frames to come are not a continuation of those before.
    void restart(revision floor)
    {
        begin_ = end() + 1 + frames_max_;  // room for `complete`, behind every place that a reader may have
        for (const frame_ptr& it : frames_) part_with(it);
        frames_.clear();
        bytes_ = 0;
        floor_ = floor;
        figures_after_ = floor;
    }

    // Where a reader that has seen everything up to `seen` goes on; nothing when that is not here, or lies inside of a
    // frame. Figures and presence that came after `seen` are told again, which does no harm.
    [[nodiscard]] std::optional<std::uint64_t> first_after(revision seen) const
    {
        if (seen < floor_) return {};
        std::uint64_t number = end();
        while (number > begin_) {
            const revision_span& brings = at(number - 1)->brings();
            if (!brings.empty() && brings.last <= seen) break;
            if (!brings.empty() && brings.before < seen) return {};
            --number;
        }
        return number;
    }

private:
    void drop_oldest()
    {
        bytes_ -= frames_.front()->size();
        floor_ = std::max(floor_, frames_.front()->brings().last);
        if (frames_.front()->brings().empty()) figures_after_ = floor_;
        part_with(frames_.front());
        frames_.pop_front();
        ++begin_;
    }

    void part_with(const frame_ptr& it)
    {
        if (it.use_count() > 1) it->charge_to(unread_);
    }

    const std::size_t frames_max_;
    const std::size_t bytes_max_;
    reader_budget& unread_;
    std::deque<frame_ptr> frames_;
    std::uint64_t begin_;
    std::size_t bytes_ = 0;
    revision floor_;
    revision figures_after_;
};

}  // namespace okra::runtime
