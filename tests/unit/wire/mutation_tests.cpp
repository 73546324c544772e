// Random damage to the golden messages: the decoder must answer every one with a value or a refusal, and what it
// accepts must be JSON that means the same when it is written and read again.
#include <array>

#include <catch2/catch_test_macros.hpp>
#include <simdjson.h>

#include "protocol/base/prng.hpp"
#include "protocol/wire/encode.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra::wire_tests {
namespace {

constexpr std::array<std::string_view, 32> snippets{"{",
                                                    "}",
                                                    "[",
                                                    "]",
                                                    ",",
                                                    ":",
                                                    "\"",
                                                    "\\",
                                                    "\\u0000",
                                                    "\\ud800",
                                                    "\\udc00",
                                                    "null",
                                                    "true",
                                                    "-",
                                                    "0",
                                                    "1e",
                                                    "1e999",
                                                    "9e15",
                                                    "1e-400",
                                                    "\xff",
                                                    "\xf0\x9f",
                                                    "\"op\":",
                                                    "\"d\":",
                                                    "[[[[[[[[[[[[[[[[[",
                                                    "{\"a\":",
                                                    "\"type\":\"ping\",",
                                                    "\"id\":\"a\",",
                                                    " ",
                                                    "\n",
                                                    "\0",
                                                    "\x7f",
                                                    "//"};

std::string mutated(const std::string& text, prng& random)
{
    std::string out = text;
    const std::uint64_t steps = 1 + random.below(3);
    for (std::uint64_t step = 0; step < steps; ++step) {
        const std::size_t at = random.below(out.size() + 1);
        const std::size_t length = random.below(std::min<std::size_t>(out.size() - at, 12) + 1);
        switch (random.below(6)) {
            case 0:
                if (at < out.size()) out[at] = static_cast<char>(random.below(256));
                break;
            case 1:
                out.erase(at, length);
                break;
            case 2:
                out.insert(at, out.substr(at, length));
                break;
            case 3:
                out.insert(at, snippets[random.below(snippets.size())]);
                break;
            case 4:
                out.replace(at, length, snippets[random.below(snippets.size())]);
                break;
            default:
                out.resize(at);
                break;
        }
    }
    return out;
}

// The front of one message and the back of another.
std::string spliced(const std::string& front, const std::string& back, prng& random)
{
    return front.substr(0, random.below(front.size() + 1)) + back.substr(random.below(back.size() + 1));
}

// By simdjson's own full parser. Two things that it refuses are JSON all the same, and pass as long as they are in a
// member that nobody reads: lone surrogates in escapes, and numbers that no double holds.
bool is_json(const std::string& text)
{
    simdjson::dom::parser parser;
    const auto error = parser.parse(text.data(), text.size()).error();
    return error == simdjson::SUCCESS || error == simdjson::STRING_ERROR || error == simdjson::NUMBER_ERROR;
}

template <typename Decode>
std::optional<std::string> check_one(const std::string& text, Decode&& decode)
{
    padded_text padded{text, '}'};
    padded_text other{text, ','};
    const auto decoded = decode(padded.span());
    const auto again = decode(other.span());
    REQUIRE(decoded.has_value() == again.has_value());
    if (!decoded) {
        REQUIRE(decoded.error().why == again.error().why);
        REQUIRE(decoded.error().document == again.error().document);
        REQUIRE(decoded.error().seq == again.error().seq);
        REQUIRE_FALSE(decoded.error().why.message.empty());
        return std::nullopt;
    }
    std::string out;
    wire::encode(out, *decoded);
    return out;
}

template <typename Decode>
void check(const std::string& text, Decode&& decode)
{
    CAPTURE(text);
    const auto first = check_one(text, decode);
    if (!first) return;
    REQUIRE(is_json(text));
    // A hello of another protocol version is let through as it is, with members that would not pass otherwise.
    if (first->find(R"("type":"hello")") != std::string::npos) return;
    const auto second = check_one(*first, decode);
    REQUIRE(second == first);
}

}  // namespace

TEST_CASE("[ER1][ER4] damaged messages are refused or mean what they say", "[wire]")
{
    const auto& golden = golden_messages();
    wire::decoder decoder;
    const auto client = [&](std::span<char> text) { return decoder.decode_client(text); };
    const auto server = [&](std::span<char> text) { return decoder.decode_server(text); };

    prng random{20261123};
    for (int round = 0; round < 30'000; ++round) {
        const golden_message& it = golden[random.below(golden.size())];
        const std::string text = random.one_in(8) ? spliced(it.text, golden[random.below(golden.size())].text, random)
                                                  : mutated(it.text, random);
        if (it.from_client) {
            check(text, client);
        } else {
            check(text, server);
        }
    }
}

TEST_CASE("[ER4] every message cut off anywhere is refused", "[wire]")
{
    wire::decoder decoder;
    for (const golden_message& it : golden_messages()) {
        if (it.refused || it.text.back() != '}') continue;
        for (std::size_t length = 0; length < it.text.size(); ++length) {
            CAPTURE(it.where, length);
            padded_text text{std::string_view{it.text}.substr(0, length)};
            if (it.from_client) {
                REQUIRE_FALSE(decoder.decode_client(text.span()).has_value());
            } else {
                REQUIRE_FALSE(decoder.decode_server(text.span()).has_value());
            }
        }
    }
}

}  // namespace okra::wire_tests
