// Keys of the stored column families. A document's rows are kept under a number that it gets at its first append, not
// under its name: keys stay 16 bytes instead of up to 140, all of one width, and need no escaping of the name's bytes.
//
//   log key       := document:u64 revision:u64
//   client key    := document:u64 client:bytes
//   snapshot key  := document:u64
//   document key  := name:bytes
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "protocol/base/numbers.hpp"

namespace okra::storage {

// 1, 2, 3, … in the order of first appends; never used again.
using document_number = strong_number<struct document_number_tag>;

// What the keys of a document's rows in `log`, `client` and `snapshot` begin with.
inline constexpr std::size_t document_prefix_bytes = 8;

using log_key_bytes = std::array<char, 16>;
using snapshot_key_bytes = std::array<char, 8>;

[[nodiscard]] log_key_bytes log_key(document_number document, revision at);
[[nodiscard]] std::string client_key(document_number document, std::string_view client);
[[nodiscard]] snapshot_key_bytes snapshot_key(document_number document);

struct log_position {
    document_number document;
    revision at;
};
// `key` must have been made by log_key: the width is asserted.
[[nodiscard]] log_position parse_log_key(std::string_view key);

template <typename Key>
[[nodiscard]] std::string_view view_of(const Key& key)
{
    return {key.data(), key.size()};
}

}  // namespace okra::storage
