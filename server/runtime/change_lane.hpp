// In which order one worker decides about changes, so that what is costly in one document does not hold up the others.
// A change that is cheap, in a document that has not used up its share of the worker's time, is decided at once. All
// others wait in the lane: document by document in turn, one between two turns of the loop, and while people edit other
// documents for a bounded share of the time. Costs are measured, as the same change is a thousand times dearer in one
// document than in another; only the next one's is estimated, from those before. Owned by a worker, touched by its
// thread only; knows no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/wire/messages.hpp"

namespace okra::runtime {

struct lane_bounds {
    // A longer piece of work is felt by somebody who types in another document.
    std::int64_t at_once_us = 500;
    // What one document may use at once, and of each second.
    std::int64_t document_burst_us = 25'000;
    std::int64_t document_us_per_second = 50'000;
    // While others edit, the lane rests so many times as long as it worked. A keystroke meets costly work twice at
    // most, when it comes and when it is on disk: with this, once or not at all in 98 of 100 cases.
    std::int64_t rest_per_work = 7;
    // Others edit if they did within this time.
    std::int64_t others_recent_us = 1'000'000;
    // What waits, in bytes of memory, unless it is a single change: that of the largest message may take more alone.
    std::size_t memory_max = 32 << 20;
};

// Who sends a change: a session, as the member of the document that this `open` of its made it.
struct sender {
    wire::session_number session = 0;
    std::uint64_t attempt = 0;
};

class change_lane {
public:
    // Whose turn it is when a document's figures are computed anew, as another document changed: it has no ops.
    static constexpr wire::session_number nobody = 0;

    struct waiting_change {
        sender from;
        wire::change what;
        std::size_t bytes = 0;  // of the message
        // What the session has asked for since: it leaves the document, and comes once more.
        std::function<void()> leaves = {};
        std::function<void()> joins = {};
    };
    enum class verdict : std::uint8_t {
        at_once,    // decide now, and `charge`
        waits,      // taken; `next` gives it when its turn comes
        copy,       // the same one waits already
        gap,        // the session's change before waits
        lane_full,  // there is no room: nothing was taken
    };

    explicit change_lane(lane_bounds bounds) : bounds_{bounds} {}

    [[nodiscard]] verdict submit(waiting_change&& it, std::int64_t now_us);

    // A document's figures are to be computed anew, which takes about `estimate_us`. True: now. False: `next` gives its
    // turn, one for all that ask for it meanwhile.
    [[nodiscard]] bool submit_figures(std::string_view document, std::int64_t estimate_us, std::int64_t now_us);

    // What was decided took so long. With no ops, what followed from it (figures, frames): if costly, the lane rests.
    void charge(std::string_view document, std::size_t ops, std::int64_t took_us, std::int64_t now_us);

    // Somebody opens a document, or edits one of another worker through this one.
    void note_light(std::string_view document, std::int64_t now_us);

    [[nodiscard]] bool empty() const { return turns_.empty(); }
    // The next in turn. Not empty.
    [[nodiscard]] waiting_change next();
    // How long the lane rests before that. Not empty.
    [[nodiscard]] std::int64_t rest_us(std::int64_t now_us) const;

    // The session leaves the document, or joins it. It does so when its waiting change has been decided, which is kept
    // with that; if none waits, what is to be done comes back, to be called now. However often a session comes and goes
    // meanwhile, only the first time that it leaves and the last time that it joins count: in between it is never
    // there.
    [[nodiscard]] std::function<void()> leave_in_turn(std::string_view document, wire::session_number from,
                                                      std::function<void()> leave);
    [[nodiscard]] std::function<void()> join_in_turn(std::string_view document, wire::session_number from,
                                                     std::function<void()> join);

    // Drops what is remembered of documents that have been quiet.
    void forget_quiet(std::int64_t now_us);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t memory() const { return memory_; }

private:
    struct document_share {
        double us_per_op = 10;  // of the last changes
        double balance_us = 0;
        std::int64_t refilled_us = 0;
        bool is_costly = false;  // its last change came out of the lane
        std::deque<waiting_change> waiting;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void wait(document_share& share, waiting_change&& it);
    document_share& share_of(std::string_view document, std::int64_t now_us);
    [[nodiscard]] waiting_change* find(std::string_view document, wire::session_number from);

    lane_bounds bounds_;
    std::unordered_map<std::string, document_share, text_hash, std::equal_to<>> documents_;
    std::deque<std::string> turns_;  // documents with changes that wait
    std::size_t size_ = 0;           // of all changes that wait
    std::size_t memory_ = 0;         // of all that waits, in bytes
    std::int64_t rests_until_us_ = 0;
    // The document that was last edited cheaply, and when; when another one was.
    std::string light_document_;
    std::optional<std::int64_t> light_us_;
    std::optional<std::int64_t> other_light_us_;
};

}  // namespace okra::runtime
