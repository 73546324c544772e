#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include <catch2/catch_test_macros.hpp>

#include "protocol/base/prng.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/json_text.hpp"
#include "protocol/wire/json_writer.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra::wire_tests {
namespace {

std::string number(double value)
{
    std::string out;
    wire::append_number(out, value);
    return out;
}

std::string string(std::string_view text)
{
    std::string out;
    wire::append_string(out, text);
    return out;
}

}  // namespace

TEST_CASE("[OP14] numbers are written as JavaScript writes them", "[wire]")
{
    struct row {
        double value;
        std::string_view text;
    };
    static constexpr std::array rows{
        row{0, "0"},
        row{-0.0, "0"},
        row{1, "1"},
        row{-1, "-1"},
        row{0.1, "0.1"},
        row{-12.5, "-12.5"},
        row{100000, "100000"},
        row{1e15, "1000000000000000"},
        row{-1e15, "-1000000000000000"},
        row{123456789012345.67, "123456789012345.67"},
        row{0.1 + 0.2, "0.30000000000000004"},
        row{1.0 / 3, "0.3333333333333333"},
        row{1e-6, "0.000001"},
        row{1e-7, "1e-7"},
        row{1.5e-7, "1.5e-7"},
        row{1.25e-10, "1.25e-10"},
        row{5e-324, "5e-324"},
        row{-2.2250738585072014e-308, "-2.2250738585072014e-308"},
        row{1e21, "1e+21"},
        row{1.7976931348623157e308, "1.7976931348623157e+308"},
    };
    for (const row& it : rows) CHECK(number(it.value) == it.text);
}

TEST_CASE("[OP14] every number reads back as itself", "[wire]")
{
    prng random{7};
    for (int round = 0; round < 20'000; ++round) {
        double value = 0;
        const std::uint64_t bits = random.next();
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value)) continue;
        CAPTURE(bits);
        const std::string text = number(value);
        REQUIRE(wire::is_json_number(text));
        REQUIRE(wire::value_of_number(text) == value);
    }
}

TEST_CASE("[OP14] strings are escaped where JSON demands it and nowhere else", "[wire]")
{
    CHECK(string("") == R"("")");
    CHECK(string("plain / text") == R"("plain / text")");
    CHECK(string("\"\\") == R"("\"\\")");
    CHECK(string("a\b\f\n\r\tz") == R"("a\b\f\n\r\tz")");
    CHECK(string(std::string_view{"\0\x01\x1f\x7f", 4}) == "\"\\u0000\\u0001\\u001f\x7f\"");
    CHECK(string("中文 🙂 \u2028") == "\"中文 🙂 \u2028\"");
}

TEST_CASE("[OP14] every character survives being written and read", "[wire]")
{
    for (char32_t code_point = 1; code_point < 0x110000; code_point += code_point < 0x3000 ? 1 : 97) {
        if (code_point >= 0xD800 && code_point < 0xE000) continue;
        std::string text;
        std::array<char, 16> escape;
        // By way of an escape for what has a short one; as bytes otherwise, which the encoder never touches.
        if (code_point > 0xFFFF) continue;
        std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(code_point));
        REQUIRE(wire::append_unescaped(text, escape.data()) == wire::string_fault::none);
        const std::string written = string(text);
        std::string again;
        REQUIRE(wire::append_unescaped(again, std::string_view{written}.substr(1, written.size() - 2)) ==
                wire::string_fault::none);
        REQUIRE(again == text);
    }
}

TEST_CASE("[CM1] a commit around encoded changes is the same as one that is encoded whole", "[wire]")
{
    wire::decoder decoder;
    std::size_t compared = 0;
    for (const golden_message& golden : golden_messages()) {
        if (golden.from_client || golden.refused) continue;
        padded_text text{golden.text};
        const auto decoded = decoder.decode_server(text.span());
        REQUIRE(decoded.has_value());
        const auto* commit = std::get_if<wire::commit>(&*decoded);
        if (commit == nullptr) continue;
        CAPTURE(golden.where);

        std::string changes;
        for (const auto& change : commit->changes) {
            if (!changes.empty()) changes += ',';
            wire::encode_change(changes, change);
        }
        std::string around;
        wire::encode_commit(around, commit->document, commit->last, changes, commit->derived, commit->people);
        std::string whole;
        wire::encode(whole, *decoded);

        CHECK(around == whole);
        ++compared;
    }
    CHECK(compared >= 5);
}

TEST_CASE("[CM4] a figure that no number can say is left out", "[wire]")
{
    document::figures figures;
    figures.progress = std::numeric_limits<double>::infinity();
    figures.expected = std::nan("");
    figures.weight = 0.5;
    std::string out;
    wire::encode(out, wire::derived{.document = "acme/workspace", .at = {7}, .figures = {{"kr1", figures}}});

    CHECK(out == R"({"type":"derived","document":"acme/workspace","revision":7,"derived":{"kr1":{"weight":0.5}}})");
}

TEST_CASE("[RF1] a refusal names its code and rule", "[wire]")
{
    std::string out;
    wire::encode(out, wire::refused{.document = "acme/workspace",
                                    .seq = sequence{5},
                                    .why = {refusal_code::cycle, "under itself", 2},
                                    .final = true});

    CHECK(out == R"({"type":"refused","document":"acme/workspace","seq":5,"code":"cycle","rule":"OP6",)"
                 R"("message":"under itself","final":true,"op":2})");
}

}  // namespace okra::wire_tests
