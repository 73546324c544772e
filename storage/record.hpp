// The values that storage keeps, as bytes. Every value is framed, so that damage shows before anything is believed:
//
//   frame     := version:u8 crc32c:u32 length:u32 payload      crc32c of payload; length of payload; version 1
//   record    := frame(json)                                   a committed change, wire::encode_change
//   snapshot  := frame(revision:u64 json)                      a whole document, array of wire::encode_entity
//   document  := frame(number:u64 head:u64)
//   outcome   := frame(seq:u64 (committed | refused))
//   committed := 0:u8 revision:u64
//   refused   := 1:u8 op:u32 code_length:u8 code message       op 0xffffffff: none; the code by its name in SPEC
//
// Numbers are big-endian. Pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "storage/keys.hpp"
#include "storage/log.hpp"

namespace okra::storage {

// Why bytes are not a whole value; for logs and reports.
struct defect {
    std::string what;
};

inline constexpr std::uint8_t frame_version = 1;
inline constexpr std::size_t frame_header_size = 9;
using frame_header_bytes = std::array<char, frame_header_size>;

// HOT PATH: the header for a payload that is written behind it; the payload is not copied.
[[nodiscard]] frame_header_bytes frame_header(std::string_view payload);
[[nodiscard]] std::string frame(std::string_view payload);
// A view into `bytes`.
[[nodiscard]] result<std::string_view, defect> unframe(std::string_view bytes);

[[nodiscard]] std::string encode_snapshot(const stored_snapshot& it);
[[nodiscard]] result<stored_snapshot, defect> decode_snapshot(std::string_view bytes);

struct document_row {
    document_number number;
    revision head;
};
[[nodiscard]] std::string encode_document(const document_row& it);
[[nodiscard]] result<document_row, defect> decode_document(std::string_view bytes);

[[nodiscard]] std::string encode_outcome(const client_outcome& it);
[[nodiscard]] result<client_outcome, defect> decode_outcome(std::string_view bytes);

}  // namespace okra::storage
