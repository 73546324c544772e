// What others write, made harmless for a terminal.
#include "protocol/base/printable.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using okra::printable;
using namespace std::string_literals;

TEST_CASE("what a terminal would obey is shown instead, and everything else stays", "[printable]")
{
    const auto [text, shown] = GENERATE(table<std::string, std::string>({
        {"Grow by 20 % – 增长 é 👍 \\ \"", "Grow by 20 % – 增长 é 👍 \\ \""},
        {"\x1b]0;title\x07", "\\u001b]0;title\\u0007"},
        {"\x1b[31mred", "\\u001b[31mred"},
        {"a\0b\x7f"s, "a\\u0000b\\u007f"},
        {"one\ntwo\r\tthree", "one\\ntwo\\r\\tthree"},
        {"\u0085 \u009b31m \u009d52;c;x\u009c", "\\u0085 \\u009b31m \\u009d52;c;x\\u009c"},
        {"\u00a0\u00a1", "\u00a0\u00a1"},
        {"\u2028\u2029", "\\u2028\\u2029"},
        {"\u061c\u200e\u200f", "\\u061c\\u200e\\u200f"},
        {"\u202a\u202b\u202c\u202d\u202e", "\\u202a\\u202b\\u202c\\u202d\\u202e"},
        {"\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"},
        {"\u200d\u2027\u202f\u2065\u206a", "\u200d\u2027\u202f\u2065\u206a"},
    }));
    CHECK(printable(text) == shown);
    CHECK(printable(shown) == shown);
}

TEST_CASE("bytes that are no UTF-8 cannot hide anything", "[printable]")
{
    const auto [text, shown] = GENERATE(table<std::string, std::string>({
        {"\x9b"s + "31m", "\uFFFD31m"},                    // C1 in Latin-1
        {"\xc2", "\uFFFD"},                                // cut off
        {"\xc2\x1b[m", "\uFFFD\\u001b[m"},                 // a lead byte takes nothing with it
        {"\xc0\x9b", "\uFFFD\uFFFD"},                      // longer than needed
        {"\xe0\x82\x9b", "\uFFFD\uFFFD\uFFFD"},            // the same
        {"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},            // a surrogate
        {"\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // above U+10FFFF
        {"\xf0\x9f\x91\x8d", "👍"},
    }));
    CHECK(printable(text) == shown);
}
