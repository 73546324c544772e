// What one engine counts during one step. Only operations scheduled between `from` and `until` count. Owned by the
// engine, one thread; the tallies of several engines are added up afterwards.
#pragma once

#include <cstdint>
#include <span>

#include "tools/load/histogram.hpp"
#include "tools/load/poller.hpp"

namespace okra::load {

struct tally {
    clock::time_point from;
    clock::time_point until;

    histogram to_peer;    // scheduled submit → receipt by each other participant
    histogram to_author;  // scheduled submit → acknowledgement
    std::uint64_t submitted = 0;
    std::uint64_t refused = 0;
    std::uint64_t deliveries_expected = 0;

    // The whole run, not only the window: each of them is a breach of the protocol, or of the connection.
    std::uint64_t duplicated = 0;
    std::uint64_t gaps = 0;
    std::uint64_t malformed = 0;
    std::uint64_t disconnects = 0;

    [[nodiscard]] bool counts(clock::time_point scheduled) const { return scheduled >= from && scheduled < until; }
    [[nodiscard]] std::uint64_t lost() const
    {
        const auto arrived = to_peer.count();
        return deliveries_expected > arrived ? deliveries_expected - arrived : 0;
    }
    void record(histogram& into, std::span<const clock::time_point> scheduled, clock::time_point now)
    {
        for (const auto at : scheduled) {
            if (counts(at)) into.record((now - at).count());
        }
    }
    void add(const tally& other);
};

}  // namespace okra::load
