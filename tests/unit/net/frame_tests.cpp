// The frame codec (protocol/wire/websocket.hpp): RFC 6455's own examples, every violation, and the property that the
// way in which bytes are cut into reads never matters.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "protocol/base/overloaded.hpp"
#include "protocol/base/prng.hpp"
#include "protocol/wire/decode.hpp"
#include "protocol/wire/websocket.hpp"

namespace okra::wire {

namespace {

using namespace std::string_literals;
using role = frame_reader::role;

constexpr std::size_t bytes_max = 4096;
constexpr std::uint32_t key = 0x3d21fa37;  // RFC 6455 §5.7's, as it lies in memory

// A read buffer as the server's: with readable slack behind its end. The slack is filled with what would spoil a parser
// that took it for content.
class read_buffer {
public:
    explicit read_buffer(std::string_view bytes) : bytes_{bytes} { bytes_.append(decoder::padding, '"'); }
    std::span<char> span() { return std::span{bytes_}.first(bytes_.size() - decoder::padding); }

private:
    std::string bytes_;
};

std::string told(const frame_reader::event& it)
{
    return std::visit(
        overloaded{[](frame_reader::need_more) { return "more"s; },
                   [](const frame_reader::message& m) { return "text " + std::string{m.text.begin(), m.text.end()}; },
                   [](frame_reader::fragment) { return "fragment"s; },
                   [](const frame_reader::ping& p) { return "ping " + std::string{p.payload}; },
                   [](const frame_reader::pong& p) { return "pong " + std::string{p.payload}; },
                   [](const frame_reader::closing& c) {
                       return "close " + std::to_string(c.code) + " " + std::string{c.reason};
                   },
                   [](frame_violation v) { return "violation " + std::string{describe(v)}; }},
        it);
}

// What is handed out of `bytes`, cut into reads of the given sizes (the last one repeats).
std::vector<std::string> events(role end, std::string_view bytes, const std::vector<std::size_t>& reads)
{
    frame_reader reader{end, bytes_max};
    std::vector<std::string> all;
    std::size_t turn = 0;
    while (!bytes.empty()) {
        const std::size_t size = std::min(reads[std::min(turn++, reads.size() - 1)], bytes.size());
        read_buffer buffer{bytes.substr(0, size)};
        bytes.remove_prefix(size);
        reader.feed(buffer.span());
        for (;;) {
            const auto it = reader.next();
            if (std::holds_alternative<frame_reader::need_more>(it)) break;
            if (std::holds_alternative<frame_reader::fragment>(it)) continue;
            all.push_back(told(it));
            if (std::holds_alternative<frame_violation>(it)) return all;
        }
    }
    return all;
}

std::vector<std::string> events(role end, std::string_view bytes)
{
    return events(end, bytes, {bytes.size()});
}

std::string violation(frame_violation it)
{
    return "violation " + std::string{describe(it)};
}

std::string masked(frame_opcode kind, std::string_view payload)
{
    std::string out;
    append_masked_frame(out, kind, payload, key);
    return out;
}

// A masked frame with bits of one's own choice in its first byte.
std::string masked_with(unsigned char first_byte, std::string_view payload)
{
    std::string out = masked(frame_opcode::text, payload);
    out[0] = static_cast<char>(first_byte);
    return out;
}

}  // namespace

TEST_CASE("frames are built as in the examples of RFC 6455", "[websocket]")
{
    std::string out;
    append_frame(out, frame_opcode::text, "Hello");
    CHECK(out == "\x81\x05Hello");

    CHECK(masked(frame_opcode::text, "Hello") == "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
    CHECK(masked(frame_opcode::pong, "Hello") == "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");

    out.clear();
    append_frame_header(out, frame_opcode::binary, 256);
    CHECK(out == "\x82\x7e\x01\x00"s);
    out.clear();
    append_frame_header(out, frame_opcode::binary, 65536);
    CHECK(out == "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST_CASE("the length takes the shortest form that holds it", "[websocket]")
{
    const auto [length, header_bytes] =
        GENERATE(table<std::size_t, std::size_t>({{0, 2}, {125, 2}, {126, 4}, {65535, 4}, {65536, 10}}));
    std::string out;
    append_frame_header(out, frame_opcode::text, length);
    CHECK(out.size() == header_bytes);
}

TEST_CASE("frames are read as in the examples of RFC 6455", "[websocket]")
{
    CHECK(events(role::client, "\x81\x05Hello") == std::vector{"text Hello"s});
    CHECK(events(role::server, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") == std::vector{"text Hello"s});
    CHECK(events(role::client, "\x01\x03Hel\x80\x02lo"s) == std::vector{"text Hello"s});
    CHECK(events(role::client, "\x89\x05Hello") == std::vector{"ping Hello"s});
    CHECK(events(role::server, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") == std::vector{"pong Hello"s});
}

TEST_CASE("a control frame may stand between the fragments of a message", "[websocket]")
{
    CHECK(events(role::client, "\x01\x03Hel\x89\x01!\x00\x01l\x80\x01o"s) == std::vector{"ping !"s, "text Hello"s});
}

TEST_CASE("empty messages and fragments are messages", "[websocket]")
{
    CHECK(events(role::client, "\x81\x00"s) == std::vector{"text "s});
    CHECK(events(role::client, "\x01\x00\x80\x00"s) == std::vector{"text "s});
    CHECK(events(role::client, "\x01\x00\x00\x00\x80\x02ok"s) == std::vector{"text ok"s});
}

TEST_CASE("every frame is an event, so that whoever reads can count it", "[websocket]")
{
    read_buffer buffer{"\x01\x00\x00\x00\x89\x00\x80\x02ok\x81\x00"s};
    frame_reader reader{role::client, bytes_max};
    reader.feed(buffer.span());
    std::vector<std::string> seen;
    for (int index = 0; index < 6; ++index) seen.push_back(told(reader.next()));
    CHECK(seen == std::vector{"fragment"s, "fragment"s, "ping "s, "text ok"s, "text "s, "more"s});
}

TEST_CASE("the longer forms of a length are accepted for short messages", "[websocket]")
{
    CHECK(events(role::client, "\x81\x7e\x00\x02ok"s) == std::vector{"text ok"s});
    CHECK(events(role::client, "\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x02ok"s) == std::vector{"text ok"s});
}

TEST_CASE("[RC2] close frames carry a code and a reason", "[websocket]")
{
    std::string out;
    append_close_frame(out, 4000, "restart");
    CHECK(events(role::client, out) == std::vector{"close 4000 restart"s});
    CHECK(events(role::client, "\x88\x00"s) == std::vector{"close 1005 "s});
    CHECK(events(role::client, "\x88\x01\x03"s) == std::vector{violation(frame_violation::close_malformed)});
}

TEST_CASE("close codes that must not be sent are refused", "[websocket]")
{
    const auto [code, good] = GENERATE(table<std::uint16_t, bool>({{0, false},
                                                                   {999, false},
                                                                   {1000, true},
                                                                   {1003, true},
                                                                   {1004, false},
                                                                   {1005, false},
                                                                   {1006, false},
                                                                   {1007, true},
                                                                   {1014, true},
                                                                   {1015, false},
                                                                   {2999, false},
                                                                   {3000, true},
                                                                   {4199, true},
                                                                   {4999, true},
                                                                   {5000, false}}));
    CAPTURE(code);
    std::string out;
    append_masked_close_frame(out, code, key);
    const auto seen = events(role::server, out);
    CHECK((seen == std::vector{violation(frame_violation::close_malformed)}) == !good);
}

TEST_CASE("[ER2] what breaks the framing is named", "[websocket]")
{
    const auto long_payload = std::string(126, 'x');
    const auto [bytes, what] = GENERATE_COPY(table<std::string, frame_violation>({
        {"\x81\x02hi"s, frame_violation::mask_missing},
        {masked(frame_opcode::binary, "hi"), frame_violation::binary},
        {masked_with(0xC1, "hi"), frame_violation::reserved_bits},
        {masked_with(0xA1, "hi"), frame_violation::reserved_bits},
        {masked_with(0x91, "hi"), frame_violation::reserved_bits},
        {masked_with(0x83, "hi"), frame_violation::unknown_opcode},
        {masked_with(0x8B, "hi"), frame_violation::unknown_opcode},
        {masked_with(0x09, "hi"), frame_violation::control_fragmented},
        {masked(frame_opcode::ping, long_payload), frame_violation::control_too_long},
        {masked(frame_opcode::continuation, "hi"), frame_violation::continuation},
        {masked_with(0x01, "a") + masked(frame_opcode::text, "b"), frame_violation::continuation},
        {masked(frame_opcode::text, std::string(bytes_max + 1, 'x')), frame_violation::too_large},
    }));
    CHECK(events(role::server, bytes) == std::vector{violation(what)});
    CHECK(events(role::server, bytes, {1}) == std::vector{violation(what)});
}

TEST_CASE("a client refuses masked frames", "[websocket]")
{
    CHECK(events(role::client, masked(frame_opcode::text, "hi")) ==
          std::vector{violation(frame_violation::mask_forbidden)});
}

TEST_CASE("only a client of somebody else's server takes binary messages", "[websocket]")
{
    std::string bytes;
    append_frame(bytes, frame_opcode::binary, "hi");
    CHECK(events(role::client, bytes) == std::vector{violation(frame_violation::binary)});
    CHECK(events(role::foreign_client, bytes) == std::vector{"text hi"s});
    CHECK(events(role::foreign_client, bytes, {1}) == std::vector{"text hi"s});
    CHECK(events(role::foreign_client, masked(frame_opcode::binary, "hi")) ==
          std::vector{violation(frame_violation::mask_forbidden)});
}

TEST_CASE("[ER3] the bound counts the whole message, and is checked before anything is kept for it", "[websocket]")
{
    const std::string half(bytes_max / 2, 'x');
    SECTION("just within the bound")
    {
        const std::string bytes = masked_with(0x01, half) + masked_with(0x80, half);
        CHECK(events(role::server, bytes) == std::vector{"text " + half + half});
    }
    SECTION("fragments that sum up to more")
    {
        const std::string bytes = masked_with(0x01, half) + masked_with(0x80, half + "x");
        CHECK(events(role::server, bytes) == std::vector{violation(frame_violation::too_large)});
    }
    SECTION("a header that announces 2^63 bytes")
    {
        read_buffer buffer{"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04"s};
        frame_reader reader{role::server, bytes_max};
        reader.feed(buffer.span());
        CHECK(told(reader.next()) == violation(frame_violation::too_large));
        CHECK(reader.heap_bytes() == 0);
    }
}

TEST_CASE("masking is its own inverse at every length and offset", "[websocket]")
{
    prng random{7};
    std::string original(100, '\0');
    for (char& it : original) it = static_cast<char>(random.next());
    for (std::size_t begin = 0; begin < 9; ++begin) {
        for (std::size_t size = 0; size + begin <= original.size(); ++size) {
            std::string bytes = original;
            apply_mask(std::span{bytes}.subspan(begin, size), key);
            for (std::size_t i = 0; i < size; ++i) {
                const auto mask = static_cast<char>(key >> (8 * (i % 4)));
                REQUIRE(bytes[begin + i] == static_cast<char>(original[begin + i] ^ mask));
            }
            apply_mask(std::span{bytes}.subspan(begin, size), key);
            REQUIRE(bytes == original);
        }
    }
}

TEST_CASE("a message that came whole is handed out where it lies, and nothing is kept", "[websocket]")
{
    read_buffer buffer{masked(frame_opcode::text, "{\"type\":\"ping\"}")};
    frame_reader reader{role::server, bytes_max};
    reader.feed(buffer.span());
    const auto it = reader.next();
    REQUIRE(std::holds_alternative<frame_reader::message>(it));
    CHECK(std::get<frame_reader::message>(it).text.data() == buffer.span().data() + 6);
    CHECK(reader.heap_bytes() == 0);
}

TEST_CASE("an unfinished message costs what has arrived of it, and nothing once it is finished", "[websocket]")
{
    const std::string bytes = masked(frame_opcode::text, std::string(bytes_max, 'x'));
    frame_reader reader{role::server, bytes_max};
    read_buffer first{std::string_view{bytes}.substr(0, 100)};
    reader.feed(first.span());
    CHECK(told(reader.next()) == "more");
    CHECK(reader.heap_bytes() >= 100);
    CHECK(reader.heap_bytes() <= 2 * (100 + decoder::padding));

    read_buffer rest{std::string_view{bytes}.substr(100)};
    reader.feed(rest.span());
    CHECK(told(reader.next()).size() == bytes_max + 5);
    CHECK(told(reader.next()) == "more");
    CHECK(reader.heap_bytes() == 0);
}

TEST_CASE("a reader that pauses goes on from its own copy", "[websocket]")
{
    const std::string bytes = masked(frame_opcode::text, "one") + masked(frame_opcode::text, "two") +
                              masked(frame_opcode::text, "three").substr(0, 8);
    frame_reader reader{role::server, bytes_max};
    {
        read_buffer buffer{bytes};
        reader.feed(buffer.span());
        CHECK(told(reader.next()) == "text one");
        reader.keep_rest();
        std::ranges::fill(buffer.span(), '\0');  // it is another connection's now
    }
    CHECK(told(reader.next()) == "text two");
    reader.keep_rest();
    CHECK(told(reader.next()) == "more");
    read_buffer rest{masked(frame_opcode::text, "three").substr(8)};
    reader.feed(rest.span());
    CHECK(told(reader.next()) == "text three");
    CHECK(told(reader.next()) == "more");
    CHECK(reader.heap_bytes() == 0);
}

namespace {

// A random conversation and what a reader must make of it.
struct conversation {
    std::string bytes;
    std::vector<std::string> expected;
};

std::string random_text(prng& random)
{
    const std::size_t sizes[] = {random.below(8), random.below(200), 120 + random.below(20), random.below(1500)};
    std::string text(sizes[random.below(4)], '\0');
    for (char& it : text) it = static_cast<char>('a' + random.below(26));
    return text;
}

void add_frame(prng& random, std::string& bytes, unsigned char first_byte, std::string_view payload)
{
    const std::size_t begin = bytes.size();
    append_masked_frame(bytes, frame_opcode::text, payload, static_cast<std::uint32_t>(random.next()));
    bytes[begin] = static_cast<char>(first_byte);
}

conversation random_conversation(prng& random)
{
    conversation it;
    for (std::uint64_t left = 1 + random.below(12); left != 0; --left) {
        std::string whole;
        const std::uint64_t fragments = random.one_in(3) ? 1 + random.below(4) : 1;
        for (std::uint64_t index = 0; index < fragments; ++index) {
            if (random.one_in(4)) {
                const std::string payload = random_text(random).substr(0, 125);
                const bool ping = random.one_in(2);
                add_frame(random, it.bytes, ping ? 0x89 : 0x8A, payload);
                it.expected.push_back((ping ? "ping " : "pong ") + payload);
            }
            const bool last = index + 1 == fragments;
            const std::string text = random_text(random).substr(0, (bytes_max - whole.size()));
            add_frame(random, it.bytes, static_cast<unsigned char>((last ? 0x80 : 0) | (index == 0 ? 1 : 0)), text);
            whole += text;
        }
        it.expected.push_back("text " + whole);
    }
    return it;
}

}  // namespace

TEST_CASE("how bytes are cut into reads does not matter", "[websocket][random]")
{
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        prng random{seed};
        const conversation it = random_conversation(random);
        REQUIRE(events(role::server, it.bytes) == it.expected);
        REQUIRE(events(role::server, it.bytes, {1}) == it.expected);
        std::vector<std::size_t> cuts;
        for (int cut = 0; cut < 50; ++cut) cuts.push_back(1 + random.below(random.one_in(3) ? 2000 : 12));
        REQUIRE(events(role::server, it.bytes, cuts) == it.expected);
    }
}

TEST_CASE("random bytes end in a violation or in waiting, never beyond the bounds", "[websocket][random]")
{
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        CAPTURE(seed);
        prng random{seed};
        conversation it = random_conversation(random);
        for (std::uint64_t flips = 1 + random.below(4); flips != 0; --flips) {
            it.bytes[random.below(it.bytes.size())] = static_cast<char>(random.next());
        }
        const auto at_once = events(role::server, it.bytes);
        REQUIRE(events(role::server, it.bytes, {1 + random.below(64)}) == at_once);
    }
}

}  // namespace okra::wire
