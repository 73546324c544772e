#include "storage/record.hpp"

#include <limits>

#include <fmt/format.h>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "storage/bytes.hpp"
#include "storage/crc32c.hpp"

namespace okra::storage {
namespace {

constexpr std::uint8_t committed_tag = 0;
constexpr std::uint8_t refused_tag = 1;
constexpr std::uint32_t no_op_index = std::numeric_limits<std::uint32_t>::max();

void append_refusal(std::string& out, const refusal& it)
{
    const std::string_view code = name_of(it.code);
    append_number(out, refused_tag);
    append_number(out, it.op_index.value_or(no_op_index));
    append_number(out, static_cast<std::uint8_t>(code.size()));
    out += code;
    out += it.message;
}

result<refusal, defect> read_refusal(byte_reader& reader)
{
    const auto op_index = reader.number<std::uint32_t>();
    const auto code_name = reader.bytes(reader.number<std::uint8_t>());
    const auto code = refusal_code_named(code_name);
    if (!code) return defect{fmt::format("unknown refusal code '{}'", code_name)};
    refusal it{.code = *code, .message = std::string{reader.rest()}, .op_index = std::nullopt};
    if (op_index != no_op_index) it.op_index = op_index;
    return it;
}

}  // namespace

frame_header_bytes frame_header(std::string_view payload)
{
    OKRA_ASSERT(payload.size() <= std::numeric_limits<std::uint32_t>::max());
    frame_header_bytes header;
    write_number(header.data(), frame_version);
    write_number(header.data() + 1, crc32c(payload));
    write_number(header.data() + 5, static_cast<std::uint32_t>(payload.size()));
    return header;
}

std::string frame(std::string_view payload)
{
    std::string out{view_of(frame_header(payload))};
    out += payload;
    return out;
}

result<std::string_view, defect> unframe(std::string_view bytes)
{
    byte_reader reader{bytes};
    const auto version = reader.number<std::uint8_t>();
    const auto checksum = reader.number<std::uint32_t>();
    const auto length = reader.number<std::uint32_t>();
    if (reader.failed()) return defect{fmt::format("{} bytes are too few for a header", bytes.size())};
    if (version != frame_version) return defect{fmt::format("unknown record version {}", version)};
    const std::string_view payload = reader.rest();
    if (payload.size() != length) return defect{fmt::format("{} bytes instead of {}", payload.size(), length)};
    if (crc32c(payload) != checksum) return defect{"the checksum does not match"};
    return payload;
}

std::string encode_snapshot(const stored_snapshot& it)
{
    std::string payload;
    payload.reserve(8 + it.entities.size());
    append_number(payload, it.at.value);
    payload += it.entities;
    return frame(payload);
}

result<stored_snapshot, defect> decode_snapshot(std::string_view bytes)
{
    const auto payload = unframe(bytes);
    if (!payload) return payload.error();
    byte_reader reader{*payload};
    const revision at{reader.number<std::uint64_t>()};
    if (reader.failed()) return defect{"a snapshot without a revision"};
    return stored_snapshot{.at = at, .entities = std::string{reader.rest()}};
}

std::string encode_document(const document_row& it)
{
    std::string payload;
    append_number(payload, it.number.value);
    append_number(payload, it.head.value);
    return frame(payload);
}

result<document_row, defect> decode_document(std::string_view bytes)
{
    const auto payload = unframe(bytes);
    if (!payload) return payload.error();
    byte_reader reader{*payload};
    const document_number number{reader.number<std::uint64_t>()};
    const revision head{reader.number<std::uint64_t>()};
    if (!reader.finished()) return defect{"a document row of the wrong size"};
    return document_row{.number = number, .head = head};
}

std::string encode_outcome(const client_outcome& it)
{
    std::string payload;
    append_number(payload, it.seq.value);
    std::visit(overloaded{[&](revision at) {
                              append_number(payload, committed_tag);
                              append_number(payload, at.value);
                          },
                          [&](const refusal& why) { append_refusal(payload, why); }},
               it.what);
    return frame(payload);
}

result<client_outcome, defect> decode_outcome(std::string_view bytes)
{
    const auto payload = unframe(bytes);
    if (!payload) return payload.error();
    byte_reader reader{*payload};
    client_outcome it{.seq = {reader.number<std::uint64_t>()}, .what = revision{}};
    const auto tag = reader.number<std::uint8_t>();
    if (tag == committed_tag) {
        it.what = revision{reader.number<std::uint64_t>()};
    } else if (tag == refused_tag) {
        auto why = read_refusal(reader);
        if (!why) return why.error();
        it.what = *std::move(why);
    } else {
        return defect{fmt::format("unknown outcome tag {}", tag)};
    }
    if (!reader.finished()) return defect{"an outcome of the wrong size"};
    return it;
}

}  // namespace okra::storage
