// Looks at RocksDB's write-ahead logs before RocksDB does. It answers the one question that its recovery modes do not:
// is what cannot be read the last write, torn by a crash, or something that had been synced?
//
// Every write to the log is synced before the next one begins (snapshots are written past it). So if a whole record
// begins behind the first unreadable byte, what is unreadable had been acknowledged: that is damage, and opening must
// stop. If none does, it is the write that the crash interrupted, which nobody has seen: it is cut off, and RocksDB
// opens in its strictest mode. Its own tolerant modes cannot tell the two apart: one refuses a torn page within the
// last record, another drops acknowledged changes behind a flipped bit, and all skip zeroed blocks silently.
//
//   log      := block*                                             a block is 32768 bytes
//   block    := fragment* padding                                  fewer than 7 bytes left: zeros
//   fragment := crc:u32 length:u16 type:u8 data                    little-endian; crc32c of type and data, masked
//   type     := 1 whole record | 2 first | 3 middle | 4 last fragment of one
//
// (rocksdb: db/log_format.h; the recyclable and compressed kinds are switched off.) No dependency on RocksDB.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "storage/log.hpp"

namespace okra::storage {

enum class wal_condition : std::uint8_t {
    whole,
    torn,     // ends in a write that was interrupted
    damaged,  // something is unreadable in front of a later write, or is there for the second time
};

struct wal_state {
    wal_condition condition;
    std::uint64_t whole_bytes;  // up to the end of the last whole record before anything unreadable
    // RocksDB's sequence number of the first and of the last record, which begin with it; 0: there is none. They rise
    // from record to record and from file to file: else something would be replayed twice, at which the system's
    // RocksDB ends the process.
    std::uint64_t first_sequence = 0;
    std::uint64_t last_sequence = 0;
};

[[nodiscard]] wal_state check_wal(std::string_view bytes);

// Checks all write-ahead logs of a closed database and cuts a torn end off the newest one. The caller holds the folder.
[[nodiscard]] result<void, failure> mend_wals(const std::filesystem::path& folder);

// The same check without touching anything: for reading beside a live server, where a torn end is a write in progress.
[[nodiscard]] result<void, failure> check_wals(const std::filesystem::path& folder);

}  // namespace okra::storage
