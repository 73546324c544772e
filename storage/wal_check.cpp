#include "storage/wal_check.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "storage/crc32c.hpp"

namespace okra::storage {
namespace {

constexpr std::size_t block_size = 32768;
constexpr std::size_t header_size = 7;
// What a record begins with: sequence:u64 count:u32, the number of its first change and how many it has.
constexpr std::size_t record_header_size = 12;

enum class fragment_type : std::uint8_t { whole = 1, first = 2, middle = 3, last = 4 };

struct fragment {
    fragment_type type;
    std::size_t end;
    std::string_view data;
};

std::uint64_t little_endian64(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
    return value;
}

std::uint32_t little_endian(std::string_view bytes)
{
    return static_cast<std::uint32_t>(little_endian64(bytes));
}

// RocksDB stores checksums rotated and shifted, so that a checksum over data with embedded checksums stays useful.
std::uint32_t unmask(std::uint32_t masked)
{
    const std::uint32_t rotated = masked - 0xa282ead8U;
    return rotated >> 17U | rotated << 15U;
}

// 0: a block's end has cut the header, or the record has no change, and the next one has the same number.
std::uint64_t sequence_of(std::string_view record)
{
    if (record.size() < record_header_size || little_endian(record.substr(8, 4)) == 0) return 0;
    return little_endian64(record.substr(0, 8));
}

// The fragment that begins at `at`; nothing when there is no whole one.
std::optional<fragment> fragment_at(std::string_view bytes, std::size_t at)
{
    const std::size_t block_end = std::min(bytes.size(), (at / block_size + 1) * block_size);
    if (at + header_size > block_end) return std::nullopt;
    const auto type = static_cast<std::uint8_t>(bytes[at + 6]);
    if (type < 1 || type > 4) return std::nullopt;
    const std::size_t end = at + header_size + little_endian(bytes.substr(at + 4, 2));
    if (end > block_end) return std::nullopt;
    if (crc32c(bytes.substr(at + 6, end - at - 6)) != unmask(little_endian(bytes.substr(at, 4)))) return std::nullopt;
    return fragment{.type = static_cast<fragment_type>(type),
                    .end = end,
                    .data = bytes.substr(at + header_size, end - at - header_size)};
}

// Whether a record begins anywhere behind `from`. Every offset is tried, because an unreadable length hides where the
// next fragment is. JSON cannot imitate one: it has no raw byte 1 or 2.
bool record_begins_behind(std::string_view bytes, std::size_t from)
{
    for (std::size_t at = from + 1; at + header_size <= bytes.size(); ++at) {
        if (const auto it = fragment_at(bytes, at);
            it && (it->type == fragment_type::whole || it->type == fragment_type::first)) {
            return true;
        }
    }
    return false;
}

bool only_zeros(std::string_view bytes)
{
    return bytes.find_first_not_of('\0') == std::string_view::npos;
}

struct wal_file {
    std::uint64_t number;
    std::filesystem::path path;
};

// Newest first.
std::vector<wal_file> wal_files(const std::filesystem::path& folder)
{
    std::vector<wal_file> files;
    std::error_code ignored;  // no folder: no files
    for (const auto& entry : std::filesystem::directory_iterator{folder, ignored}) {
        const std::string stem = entry.path().stem().string();
        const bool numbered = !stem.empty() && stem.find_first_not_of("0123456789") == std::string::npos;
        if (entry.path().extension() == ".log" && numbered) files.push_back({std::stoull(stem), entry.path()});
    }
    std::ranges::sort(files, std::greater{}, &wal_file::number);
    return files;
}

failure system_failure(const std::filesystem::path& path, std::string_view what)
{
    const int code = errno;
    return {code == ENOSPC ? errc::out_of_space : errc::unavailable,
            fmt::format("{} {}: {}", what, path.string(), std::strerror(code))};
}

result<void, failure> cut(const std::filesystem::path& path, std::uint64_t size)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return system_failure(path, "cannot open");
    const bool done = ::ftruncate(file, static_cast<off_t>(size)) == 0 && ::fsync(file) == 0;
    const auto failed = done ? std::nullopt : std::optional{system_failure(path, "cannot shorten")};
    ::close(file);
    if (failed) return *failed;
    return {};
}

enum class torn_end : std::uint8_t { cut_off, leave };

// From the newest to the oldest: beside a live server, all of an older log was there before a newer one began.
result<void, failure> check_files(const std::filesystem::path& folder, torn_end what_to_do)
{
    bool later_write = false;
    std::uint64_t later_sequence = std::numeric_limits<std::uint64_t>::max();
    for (const wal_file& it : wal_files(folder)) {
        std::ifstream stream{it.path, std::ios::binary};
        // A live server may have removed it since the listing: then its contents are in a table file.
        if (!stream && what_to_do == torn_end::leave) continue;
        if (!stream) return system_failure(it.path, "cannot read");
        const std::string bytes{std::istreambuf_iterator{stream}, {}};
        const wal_state state = check_wal(bytes);
        const bool torn = state.condition == wal_condition::torn;
        if (state.condition == wal_condition::damaged || (torn && later_write)) {
            return failure{errc::damaged,
                           fmt::format("{} is damaged behind byte {}: acknowledged changes cannot be read; "
                                       "restore a backup",
                                       it.path.string(), state.whole_bytes)};
        }
        if (state.last_sequence >= later_sequence) {
            return failure{errc::damaged, fmt::format("{} is not what it was: it goes on where a later one begins; "
                                                      "restore a backup",
                                                      it.path.string())};
        }
        if (state.first_sequence != 0) later_sequence = state.first_sequence;
        if (torn && what_to_do == torn_end::cut_off) {
            if (auto done = cut(it.path, state.whole_bytes); !done) return done;
        }
        later_write = later_write || state.whole_bytes > 0;
    }
    return {};
}

}  // namespace

wal_state check_wal(std::string_view bytes)
{
    std::size_t at = 0;
    wal_state state{.condition = wal_condition::whole, .whole_bytes = 0};
    bool in_record = false;
    std::uint64_t sequence = 0;  // of the record at hand
    while (at < bytes.size()) {
        const std::size_t left_in_block = block_size - at % block_size;
        if (left_in_block < header_size && only_zeros(bytes.substr(at, left_in_block))) {
            at += std::min(left_in_block, bytes.size() - at);
            continue;
        }
        const auto it = fragment_at(bytes, at);
        const bool begins = it && (it->type == fragment_type::whole || it->type == fragment_type::first);
        const bool ends = it && (it->type == fragment_type::whole || it->type == fragment_type::last);
        if (!it || begins == in_record) {
            const bool damaged = begins || record_begins_behind(bytes, at);
            state.condition = damaged ? wal_condition::damaged : wal_condition::torn;
            return state;
        }
        if (begins) sequence = sequence_of(it->data);
        if (begins && sequence != 0 && sequence <= state.last_sequence) {
            state.condition = wal_condition::damaged;
            return state;
        }
        in_record = !ends;
        at = it->end;
        if (!ends) continue;
        state.whole_bytes = at;
        if (sequence == 0) continue;
        if (state.first_sequence == 0) state.first_sequence = sequence;
        state.last_sequence = sequence;
    }
    if (in_record) state.condition = wal_condition::torn;
    return state;
}

result<void, failure> mend_wals(const std::filesystem::path& folder)
{
    return check_files(folder, torn_end::cut_off);
}

result<void, failure> check_wals(const std::filesystem::path& folder)
{
    return check_files(folder, torn_end::leave);
}

}  // namespace okra::storage
