#include "protocol/wire/websocket.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/wire/decode.hpp"

namespace okra::wire {

namespace {

// frame := fin:1 rsv:3 opcode:4 masked:1 length:7 [extended:u16 | extended:u64] [key:u8[4]] payload
constexpr unsigned fin_bit = 0x80;
constexpr unsigned reserved_bits = 0x70;
constexpr unsigned opcode_bits = 0x0F;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7F;
constexpr unsigned length_is_u16 = 126;
constexpr unsigned length_is_u64 = 127;

unsigned byte_at(std::span<const char> bytes, std::size_t index)
{
    return static_cast<unsigned char>(bytes[index]);
}

std::uint64_t read_big_endian(std::span<const char> bytes)
{
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
}

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes)
{
    for (unsigned shift = bytes * 8; shift != 0; shift -= 8) out.push_back(static_cast<char>(value >> (shift - 8U)));
}

void append_header(std::string& out, frame_opcode kind, std::size_t length, unsigned mask)
{
    out.push_back(static_cast<char>(fin_bit | static_cast<unsigned>(kind)));
    if (length < length_is_u16) {
        out.push_back(static_cast<char>(mask | length));
    } else if (length <= std::numeric_limits<std::uint16_t>::max()) {
        out.push_back(static_cast<char>(mask | length_is_u16));
        append_big_endian(out, length, 2);
    } else {
        out.push_back(static_cast<char>(mask | length_is_u64));
        append_big_endian(out, length, 8);
    }
}

std::string close_payload(std::uint16_t code, std::string_view reason)
{
    std::string payload;
    append_big_endian(payload, code, 2);
    payload.append(reason.substr(0, control_payload_max - 2));
    return payload;
}

bool is_control(frame_opcode kind)
{
    return (static_cast<unsigned>(kind) & 0x8U) != 0;
}

bool is_known(unsigned code)
{
    return code <= 0x2 || (code >= 0x8 && code <= 0xA);
}

// RFC 6455 §7.4: what may stand in a close frame.
bool may_be_sent(std::uint16_t code)
{
    const bool defined = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
    return defined || (code >= 3000 && code <= 4999);
}

}  // namespace

void append_frame_header(std::string& out, frame_opcode kind, std::size_t length)
{
    append_header(out, kind, length, 0);
}

void append_frame(std::string& out, frame_opcode kind, std::string_view payload)
{
    append_frame_header(out, kind, payload.size());
    out.append(payload);
}

void append_close_frame(std::string& out, std::uint16_t code, std::string_view reason)
{
    append_frame(out, frame_opcode::close, close_payload(code, reason));
}

void append_masked_frame(std::string& out, frame_opcode kind, std::string_view payload, std::uint32_t key)
{
    append_header(out, kind, payload.size(), mask_bit);
    const auto key_bytes = std::bit_cast<std::array<char, sizeof key>>(key);
    out.append(key_bytes.data(), key_bytes.size());
    const std::size_t begin = out.size();
    out.append(payload);
    apply_mask(std::span{out}.subspan(begin), key);
}

void append_masked_close_frame(std::string& out, std::uint16_t code, std::uint32_t key)
{
    append_masked_frame(out, frame_opcode::close, close_payload(code, {}), key);
}

// HOT PATH: every byte a client sends. Eight at a time; the compiler makes wider steps of it where it can.
void apply_mask(std::span<char> bytes, std::uint32_t key)
{
    const std::uint64_t wide_key = std::uint64_t{key} << 32U | key;
    char* at = bytes.data();
    char* const end = at + bytes.size();
    for (; end - at >= 8; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        word ^= wide_key;
        std::memcpy(at, &word, sizeof word);
    }
    const auto key_bytes = std::bit_cast<std::array<char, sizeof key>>(key);
    for (std::size_t index = 0; at != end; ++at, ++index) {
        *at = static_cast<char>(*at ^ key_bytes[index % key_bytes.size()]);
    }
}

std::string_view describe(frame_violation it)
{
    switch (it) {
        case frame_violation::reserved_bits:
            return "a frame has reserved bits set";
        case frame_violation::unknown_opcode:
            return "a frame has an unknown opcode";
        case frame_violation::mask_missing:
            return "a frame is not masked";
        case frame_violation::mask_forbidden:
            return "a frame from the server is masked";
        case frame_violation::binary:
            return "binary messages are not part of this protocol";
        case frame_violation::control_fragmented:
            return "a control frame is fragmented";
        case frame_violation::control_too_long:
            return "a control frame is longer than 125 bytes";
        case frame_violation::continuation:
            return "a fragment does not continue the message before it";
        case frame_violation::close_malformed:
            return "a close frame has an invalid payload";
        case frame_violation::too_large:
            return "a message is larger than the limit";
    }
    OKRA_ASSERT(false);
}

void frame_reader::padded_buffer::append(std::span<const char> bytes)
{
    const std::size_t needed = size_ + bytes.size() + decoder::padding;
    if (needed > capacity_) {
        // Doubling is bounded by what the peer has really sent, not by what a header announces.
        const std::size_t grown = std::max(needed, std::size_t{capacity_} * 2);
        OKRA_ASSERT(grown <= std::numeric_limits<std::uint32_t>::max());
        auto* const memory = static_cast<char*>(std::realloc(data_.get(), grown));
        if (memory == nullptr) throw std::bad_alloc{};
        static_cast<void>(data_.release());
        data_.reset(memory);
        // What the decoder may read behind the end has any content, but a defined one.
        std::memset(memory + capacity_, 0, grown - capacity_);
        capacity_ = static_cast<std::uint32_t>(grown);
    }
    if (!bytes.empty()) std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
    size_ += static_cast<std::uint32_t>(bytes.size());
}

void frame_reader::padded_buffer::free()
{
    data_.reset();
    size_ = 0;
    capacity_ = 0;
}

frame_reader::frame_reader(role end, std::size_t message_bytes_max)
    : message_bytes_max_{static_cast<std::uint32_t>(message_bytes_max)}, end_{end}
{
    OKRA_ASSERT(message_bytes_max < std::numeric_limits<std::uint32_t>::max() / 4);
}

void frame_reader::feed(std::span<char> bytes)
{
    OKRA_ASSERT(fed_.empty());
    release_spent();
    fed_ = bytes;
}

frame_reader::event frame_reader::next()
{
    release_spent();
    event it = partial_.size() == 0 ? next_in_place() : next_of_partial();
    if (std::holds_alternative<need_more>(it)) kept_.free();
    return it;
}

void frame_reader::keep_rest()
{
    release_spent();
    if (fed_.empty() || kept_.size() != 0) return;  // what is kept already is what fed_ points into
    kept_.append(fed_);
    fed_ = kept_.bytes();
}

void frame_reader::drop()
{
    fed_ = {};
    kept_.free();
    partial_.free();
    fragments_.free();
}

std::size_t frame_reader::heap_bytes() const
{
    return kept_.capacity() + partial_.capacity() + fragments_.capacity();
}

// The bytes at hand begin with a frame.
frame_reader::event frame_reader::next_in_place()
{
    if (fed_.empty()) return need_more{};
    const inspection seen = inspect(fed_);
    if (const auto* violation = std::get_if<frame_violation>(&seen)) return *violation;
    const auto* found = std::get_if<header>(&seen);
    if (found == nullptr || fed_.size() < found->size + found->length) {
        partial_.append(fed_);
        fed_ = {};
        return need_more{};
    }
    const std::span<char> payload = fed_.subspan(found->size, found->length);
    fed_ = fed_.subspan(found->size + found->length);
    return deliver(*found, payload);
}

// A frame has begun in earlier bytes: takes just what it lacks from the new ones.
frame_reader::event frame_reader::next_of_partial()
{
    for (;;) {
        const inspection seen = inspect(partial_.bytes());
        if (const auto* violation = std::get_if<frame_violation>(&seen)) return *violation;
        const auto* found = std::get_if<header>(&seen);
        const std::size_t wanted =
            found == nullptr ? std::get<incomplete>(seen).bytes_wanted : found->size + found->length;
        if (partial_.size() >= wanted) {
            partial_spent_ = true;
            return deliver(*found, partial_.bytes().subspan(found->size, found->length));
        }
        if (fed_.empty()) return need_more{};
        const std::size_t taken = std::min(wanted - partial_.size(), fed_.size());
        partial_.append(fed_.first(taken));
        fed_ = fed_.subspan(taken);
    }
}

frame_reader::inspection frame_reader::inspect(std::span<const char> bytes) const
{
    if (bytes.size() < 2) return incomplete{2};
    const unsigned first = byte_at(bytes, 0);
    const unsigned second = byte_at(bytes, 1);
    const unsigned short_length = second & length_bits;
    if ((first & reserved_bits) != 0) return frame_violation::reserved_bits;
    if (!is_known(first & opcode_bits)) return frame_violation::unknown_opcode;

    header it{.kind = static_cast<frame_opcode>(first & opcode_bits),
              .fin = (first & fin_bit) != 0,
              .masked = (second & mask_bit) != 0,
              .key = 0,
              .length = short_length,
              .size = 2};
    // Before the length is known: a peer that breaks the rules need not be waited for.
    inspection verdict = check(it);
    if (std::holds_alternative<frame_violation>(verdict)) return verdict;

    const std::size_t length_size = short_length == length_is_u16 ? 2U : short_length == length_is_u64 ? 8U : 0U;
    const std::size_t key_size = it.masked ? sizeof it.key : 0U;
    it.size += length_size + key_size;
    if (bytes.size() < it.size) return incomplete{it.size};
    if (length_size != 0) it.length = read_big_endian(bytes.subspan(2, length_size));
    if (it.masked) std::memcpy(&it.key, bytes.data() + 2 + length_size, sizeof it.key);
    return check(it);
}

frame_reader::inspection frame_reader::check(const header& it) const
{
    if (end_ == role::server && !it.masked) return frame_violation::mask_missing;
    if (end_ != role::server && it.masked) return frame_violation::mask_forbidden;
    if (it.kind == frame_opcode::binary && end_ != role::foreign_client) return frame_violation::binary;
    if (is_control(it.kind)) {
        if (!it.fin) return frame_violation::control_fragmented;
        if (it.length > control_payload_max) return frame_violation::control_too_long;
        return it;
    }
    if ((it.kind == frame_opcode::continuation) != in_fragments_) return frame_violation::continuation;
    if (it.length > message_bytes_max_ - fragments_.size()) return frame_violation::too_large;
    return it;
}

frame_reader::event frame_reader::deliver(const header& it, std::span<char> payload)
{
    if (it.masked) apply_mask(payload, it.key);
    const std::string_view text{payload.data(), payload.size()};
    switch (it.kind) {
        case frame_opcode::ping:
            return ping{text};
        case frame_opcode::pong:
            return pong{text};
        case frame_opcode::close: {
            if (text.empty()) return closing{close_code::none, {}};
            if (text.size() == 1) return frame_violation::close_malformed;
            const auto code = static_cast<std::uint16_t>(read_big_endian(payload.first(2)));
            if (!may_be_sent(code)) return frame_violation::close_malformed;
            return closing{code, text.substr(2)};
        }
        case frame_opcode::continuation:
        case frame_opcode::text:
        case frame_opcode::binary:
            return deliver_message(it, payload);
    }
    OKRA_ASSERT(false);
}

frame_reader::event frame_reader::deliver_message(const header& it, std::span<char> payload)
{
    if (it.fin && !in_fragments_) return message{payload};
    fragments_.append(payload);
    in_fragments_ = !it.fin;
    if (!it.fin) return fragment{};
    fragments_spent_ = true;
    return message{fragments_.bytes()};
}

void frame_reader::release_spent()
{
    if (partial_spent_) partial_.free();
    if (fragments_spent_) fragments_.free();
    partial_spent_ = false;
    fragments_spent_ = false;
}

}  // namespace okra::wire
