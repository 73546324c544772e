// The WebSocket frame decoder against hostile peers, in both roles.
//
//   input := role:u8 reads:u8 read:u8[reads] bytes
//
// What comes out must not depend on how the bytes were cut into reads, nor on pauses between messages; memory stays
// within the bounds of server/net/limits.hpp; and the events, sent again as frames, are the same events.
#include <vector>

#include "protocol/base/overloaded.hpp"
#include "protocol/wire/websocket.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace okra::fuzz {

namespace {

using wire::frame_opcode;
using wire::frame_reader;
using role = frame_reader::role;

constexpr std::size_t message_bytes_max = 300;  // small, so that short inputs reach it; above 125 and 126 + header

struct event {
    frame_opcode kind;  // binary stands for a violation, continuation for nothing to hand out
    std::string content;
    std::uint16_t code = 0;  // of a close frame; of a violation, which one
    friend bool operator==(const event&, const event&) = default;
};

event kept(const frame_reader::event& it)
{
    return std::visit(
        overloaded{[](frame_reader::need_more) -> event { return {frame_opcode::continuation, {}}; },
                   [](const frame_reader::message& m) -> event {
                       return {frame_opcode::text, {m.text.begin(), m.text.end()}};
                   },
                   [](frame_reader::fragment) -> event { return {frame_opcode::continuation, {}}; },
                   [](const frame_reader::ping& p) -> event { return {frame_opcode::ping, std::string{p.payload}}; },
                   [](const frame_reader::pong& p) -> event { return {frame_opcode::pong, std::string{p.payload}}; },
                   [](const frame_reader::closing& c) -> event {
                       return {frame_opcode::close, std::string{c.reason}, c.code};
                   },
                   [](wire::frame_violation v) -> event {
                       require(!describe(v).empty(), "a violation has no description");
                       return {frame_opcode::binary, {}, static_cast<std::uint16_t>(v)};
                   }},
        it);
}

void check_limits(const frame_reader& reader, const event& it, std::size_t read_bytes)
{
    constexpr std::size_t header_max = 14;
    const std::size_t receiving = 2 * (message_bytes_max + header_max + 2 * wire::decoder::padding);
    require(reader.heap_bytes() <= receiving + read_bytes + wire::decoder::padding, "more memory than the bound");
    require(it.kind != frame_opcode::text || it.content.size() <= message_bytes_max, "a message above the bound");
    const bool is_control = it.kind != frame_opcode::text;
    require(!is_control || it.content.size() <= wire::control_payload_max, "a long control frame");
}

// One read: its bytes are there only while the reader may use them.
class reading {
public:
    reading(role end, std::vector<event>& into) : reader_{end, message_bytes_max}, into_{into} {}

    // False: the peer broke the rules, and nothing more is to be read.
    bool read(std::string_view bytes, bool pauses)
    {
        padded_text buffer{bytes, '\xff'};
        reader_.feed(buffer.span());
        while (true) {
            const frame_reader::event next = reader_.next();
            if (const auto* message = std::get_if<frame_reader::message>(&next)) use(*message);
            const event it = kept(next);
            check_limits(reader_, it, bytes.size());
            if (std::holds_alternative<frame_reader::need_more>(next)) return true;
            if (it.kind != frame_opcode::continuation) into_.push_back(it);
            if (it.kind == frame_opcode::binary) return false;
            if (pauses) {
                reader_.keep_rest();
                std::ranges::fill(buffer.span(), '\xee');  // another connection reads into it
            }
        }
    }

    [[nodiscard]] std::size_t heap_bytes() const { return reader_.heap_bytes(); }

private:
    // As the decoder does: looks behind the end.
    static void use(const frame_reader::message& it)
    {
        const std::string_view padding{it.text.data() + it.text.size(), wire::decoder::padding};
        std::string copy{padding};
        require(copy.size() == wire::decoder::padding, "room behind a message");
    }

    frame_reader reader_;
    std::vector<event>& into_;
};

std::vector<event> events_of(role end, std::string_view bytes, std::string_view reads, bool pauses)
{
    std::vector<event> events;
    reading it{end, events};
    for (std::size_t turn = 0; !bytes.empty(); ++turn) {
        const std::size_t cut =
            reads.empty() ? bytes.size() : 1 + static_cast<unsigned char>(reads[turn % reads.size()]);
        if (!it.read(bytes.substr(0, cut), pauses)) return events;
        bytes.remove_prefix(std::min(cut, bytes.size()));
    }
    return events;
}

void append(std::string& out, role sender, frame_opcode kind, std::string_view payload)
{
    if (sender == role::client) {
        wire::append_masked_frame(out, kind, payload, 0x9a3c5e71);
    } else {
        wire::append_frame(out, kind, payload);
    }
}

std::string sent_again(role sender, const std::vector<event>& events)
{
    std::string out;
    for (const event& it : events) {
        std::string payload;
        if (it.kind == frame_opcode::close && it.code != wire::close_code::none) {
            payload = {static_cast<char>(it.code >> 8U), static_cast<char>(it.code)};
        }
        append(out, sender, it.kind, payload + it.content);
    }
    return out;
}

void run(std::string_view input)
{
    choices in{input};
    const std::size_t mode = in.below(4);
    const role end = mode % 2 == 0 ? role::server : role::client;
    const std::string_view reads = in.take(in.below(256));
    const std::string_view bytes = in.rest();

    std::vector<event> events = events_of(end, bytes, {}, false);
    require(events_of(end, bytes, reads, mode >= 2) == events, "the cut into reads matters");
    require(events_of(end, bytes, {"\0", 1}, true) == events, "bytes one by one give something else");
    if (!events.empty() && events.back().kind == frame_opcode::binary) events.pop_back();

    const std::string again = sent_again(end == role::server ? role::client : role::server, events);
    std::vector<event> heard;
    reading reader{end, heard};
    require(reader.read(again, false), "what was sent again is refused");
    require(heard == events, "what was sent again is something else");
    require(reader.heap_bytes() == 0, "whole messages leave memory behind");
}

}  // namespace

}  // namespace okra::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    okra::fuzz::run(okra::fuzz::as_text(data, size));
    return 0;
}
