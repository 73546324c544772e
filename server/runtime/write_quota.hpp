// How many bytes a document, a workspace and the server take in a day: what one of them is given beyond that is refused
// until tomorrow (SPEC ER8), so that nobody can fill the disk for all. Counted where appends are made, by each
// document's actor; the table is the server's and may be used by any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/document/derive/derive.hpp"

namespace okra::runtime {

// The bytes of one day; another day's count nothing. Day and bytes are one word, so that midnight finds them together.
class daily_bytes {
public:
    void add(std::uint64_t bytes, document::day_number today);
    [[nodiscard]] std::uint64_t of(document::day_number today) const;

private:
    static constexpr unsigned byte_bits = 48;  // 256 TiB; the rest are days since 1970, until 2149
    static constexpr std::uint64_t byte_mask = (std::uint64_t{1} << byte_bits) - 1;

    std::atomic<std::uint64_t> day_and_bytes_{0};
};

// The name of what counts all bytes, which is no document's or workspace's.
inline constexpr std::string_view whole_server = "*";

class write_quotas {
public:
    // The same counter for as long as anybody has it or its day lasts. `name`: of a document or a workspace, or
    // `whole_server`.
    [[nodiscard]] std::shared_ptr<daily_bytes> counter_of(std::string_view name);

    // quotas := "okra quotas 1 " day LF (bytes " " name LF)*. Only what is worth remembering: at least 64 KiB.
    [[nodiscard]] std::string save(document::day_number today);
    // Another day's, or what is no such text, is nothing.
    void restore(std::string_view saved, document::day_number today);

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<daily_bytes>> counters_;
};

}  // namespace okra::runtime
