// Write-ahead logs built by the format's description (storage/wal_check.hpp), without RocksDB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/crc32c.hpp"

namespace okra::test {

inline constexpr std::size_t wal_block_size = 32768;

inline void append_little_endian(std::string& out, std::uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
}

inline void append_wal_fragment(std::string& log, char type, std::string_view data)
{
    const std::uint32_t crc = storage::crc32c(type + std::string{data});
    append_little_endian(log, (crc >> 15U | crc << 17U) + 0xa282ead8U, 4);
    append_little_endian(log, static_cast<std::uint32_t>(data.size()), 2);
    log.push_back(type);
    log += data;
}

// Appends one record, cut into fragments at the ends of blocks.
inline void append_wal_record(std::string& log, std::string_view data)
{
    bool first = true;
    do {
        if (const std::size_t left = wal_block_size - log.size() % wal_block_size; left < 7) log.append(left, '\0');
        const std::size_t room = wal_block_size - log.size() % wal_block_size - 7;
        const std::string_view part = data.substr(0, room);
        data.remove_prefix(part.size());
        const bool last = data.empty();
        append_wal_fragment(log, first && last ? '\1' : first ? '\2' : last ? '\4' : '\3', part);
        first = false;
    } while (!data.empty());
}

}  // namespace okra::test
