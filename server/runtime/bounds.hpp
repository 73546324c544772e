// How much the runtime keeps, and for how long. A simulation draws small ones, so that what is rare in production
// happens all the time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "server/runtime/change_lane.hpp"

namespace okra::runtime {

struct bounds {
    // What one busy document may keep in memory for readers that are a little behind. At 150 commits a second and 300
    // bytes each this is half a minute.
    std::size_t ring_frames = 4096;
    std::size_t ring_bytes = 4 << 20;

    // What all documents together may keep so: each worker has its share, and the largest ring gives way. Sixteen busy
    // documents at their own limit; of two hundred, whose commits are 60 KB a second in all, a quarter of an hour.
    std::size_t rings_bytes = 64 << 20;

    // What readers alone may keep alive: frames that were read for one of them or that nobody else needs any more. When
    // it is used up, readers share the newest snapshot, and those that do not read give back what they hold.
    std::size_t unread_bytes = 16 << 20;

    // A tail from the log is read in pieces of this size, the next one when the last has been taken: as much as one
    // write may take.
    std::size_t piece_bytes = 256 << 10;

    // A longer tail than this is broken off: a snapshot, of which all readers share one, is no longer.
    std::size_t tail_bytes = 8 << 20;

    // A snapshot comes in parts of this size: below what fills a socket's buffer at once, above what makes many small
    // frames.
    std::size_t part_bytes = 128 << 10;

    // What was decided together goes out in frames of this size, so that a reader that stops in the middle of one keeps
    // no more.
    std::size_t commit_bytes = 256 << 10;

    // How old a snapshot may be that serves a join, the newer commits following it: who comes at the same time shares
    // one, and nobody watches a page catch up.
    std::int64_t snapshot_age_ms = 100;

    // A document that was changed or opened tells its hash so much later (AU2).
    std::int64_t audit_interval_ms = 10'000;

    // Changes that were decoded on one worker and have not come to their document's, which may be busy: in memory they
    // are up to twenty times as large as on the wire. While they are more, no connection's messages are read.
    std::size_t under_way_bytes = 64 << 20;

    // A longer tail than this is not worth its bytes: the reader gets a snapshot.
    std::uint64_t tail_revisions = 20'000;

    // A snapshot that was stored is renewed after this many revisions: what a cold start replays at most, about.
    std::uint64_t store_snapshot_every = 500;
    // And when the changes since have taken so long: a cold start takes that again. Storing one takes some
    // milliseconds.
    std::int64_t store_snapshot_after_us = 300'000;
    // At a clean end, if they have taken so long.
    std::int64_t store_snapshot_at_end_us = 20'000;

    // A document is replayed for so long, then others are.
    std::int64_t replay_turn_us = 10'000;

    // What is written to one document, to one workspace and to all in a day (ER8); 0: without a limit.
    std::uint64_t document_bytes_per_day = 0;
    std::uint64_t workspace_bytes_per_day = 0;
    std::uint64_t server_bytes_per_day = 0;

    // Appends up to this size are never left for the next write; of larger ones a write takes as much: about 1 ms,
    // which everybody waits for who has something in it or comes meanwhile.
    std::size_t small_append_bytes = 16 << 10;
    std::size_t large_bytes_per_write = 128 << 10;

    // How changes that cost much take turns with those of others.
    lane_bounds lane = {};

    // A document stays in memory this long after its last reader, unless nothing was ever written to it.
    std::int64_t idle_before_unload_ms = 60'000;

    // So many of these, and about so much memory in all: each worker has its share, and the oldest leave. Opening one
    // after the other is cheaper than any other way to fill the memory of a server.
    std::size_t idle_documents = 2'000;
    std::size_t idle_document_bytes = 128 << 20;
};

}  // namespace okra::runtime
