// The ways in which the crash test kills a server, by name.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tests/crash/disk_record.hpp"

namespace okra::crash {

struct death {
    enum class phase : std::uint8_t {
        serving,
        flushing,  // edits are large, until a memory table is full and written
        stopping,  // it was asked to end; it may come to its end before its point
        starting,  // killed while serving, and again while it recovers
    };
    std::string_view name;
    point at;                      // none: at any moment, from outside
    std::uint32_t occurrence_max;  // of the occurrences up to this one, one by chance
    phase during = phase::serving;
};

inline constexpr std::array<std::string_view, point_count> point_names{
    "none",           "wal-before-write", "wal-torn-write", "wal-before-sync",
    "wal-after-sync", "torn-send",        "after-send",     "table",
    "manifest",       "folder",           "other-file",     "disk"};

constexpr std::string_view name_of(point it)
{
    return point_names[static_cast<std::size_t>(it)];
}

inline constexpr std::array<death, 12> deaths{{
    {"any-moment", point::none, 1},
    {"wal-before-write", point::wal_before_write, 40},
    {"wal-torn-write", point::wal_torn_write, 40},
    {"wal-before-sync", point::wal_before_sync, 40},
    {"wal-after-sync", point::wal_after_sync, 40},
    {"torn-send", point::torn_send, 200},
    {"after-send", point::after_send, 200},
    {"table-write", point::table, 12, death::phase::flushing},
    {"manifest-write", point::manifest, 3, death::phase::flushing},
    {"folder-change", point::folder, 3, death::phase::flushing},
    {"clean-stop", point::disk, 40, death::phase::stopping},
    {"recovery", point::disk, 0, death::phase::starting},  // up to as many as the last start had
}};

}  // namespace okra::crash
