// What the crash test and the library that it preloads into the server (interposer.cpp) share: one file, mapped by
// both, which outlives a server that is killed. The test gives the order to die; the library writes down what is
// certain to be on the disk. Fixed layout, no pointers; each change of it is one store, so that it is true at whatever
// moment the process is killed.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <sys/types.h>

namespace okra::crash {

// Where a server can be told to die.
enum class point : std::uint32_t {
    none,
    wal_before_write,
    wal_torn_write,  // a part of the write is done
    wal_before_sync,
    wal_after_sync,
    torn_send,   // a part of what goes to one client is sent
    after_send,  // all of it
    table,       // any of: in the middle of a write to a table file, before its sync
    manifest,    // any of: in the middle of a write to the manifest, before its sync, after it
    folder,      // any of: before a file is renamed or deleted, before the folder is synced
    other_file,  // any of: in the middle of a write to another file, before its sync, before a file is cut
    disk,        // any of the above but the sends
};
inline constexpr std::size_t point_count = 12;

struct disk_record {
    struct file {
        std::atomic<ino_t> inode;  // 0: a free place
        std::atomic<std::uint64_t> synced_bytes;
    };
    struct name {
        std::array<char, 56> text;
        ino_t inode;
    };
    struct name_list {
        std::uint32_t count;
        std::array<name, 512> names;
    };

    // The order: die at the occurrence of `armed` that takes `left` to 0.
    std::atomic<point> armed;
    std::atomic<std::uint32_t> left;
    std::atomic<std::uint32_t> torn_share;  // how much of a torn write or send is done, of 256
    std::atomic<bool> wal_syncs_lie;        // they answer that all is well, and do nothing

    std::atomic<point> died_at;
    std::array<std::atomic<std::uint64_t>, point_count> passed;  // how often each point was passed
    std::atomic<bool> is_inexact;  // a file was written otherwise than at its end: this record does not know of that

    // Of each file the length that was synced last. All but the watermark only grow at their end.
    std::array<file, 4096> files;

    // The watermark (storage/watermark.hpp) is written in place: what it held when its last sync began.
    std::array<char, 8192> watermark;

    // The names in the folder as they were when it was synced last. `shadow` has a link to each of their files by its
    // inode, so that a file whose deletion was not synced can come back.
    std::array<char, 256> folder;
    std::array<char, 256> shadow;
    std::atomic<std::uint32_t> which;  // of these is the newest
    std::array<name_list, 2> synced_names;
};

static_assert(std::atomic<point>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

// The environment variable that tells the library where the record is.
inline constexpr const char* record_variable = "OKRA_CRASH_RECORD";

}  // namespace okra::crash
