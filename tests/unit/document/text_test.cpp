#include "protocol/document/text.hpp"

#include <algorithm>
#include <limits>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/document/desk.hpp"

namespace okra::document {

TEST_CASE("[TX1] canonical form has no empty components, equal neighbours or trailing skip", "[document][text]")
{
    struct row {
        text_edit given;
        text_edit canonical;
    };
    const row rows[] = {
        {{}, {}},
        {{skip(3)}, {}},
        {{insert("")}, {}},
        {{skip(0), insert("a"), erase(0)}, {insert("a")}},
        {{skip(1), skip(2), insert("a"), insert("b")}, {skip(3), insert("ab")}},
        {{erase(1), insert(""), erase(2)}, {erase(3)}},
        {{insert("a"), erase(1), insert("b")}, {insert("a"), erase(1), insert("b")}},
        {{insert("a"), skip(2), skip(0)}, {insert("a")}},
    };
    for (const row& it : rows) CHECK(normalise(it.given) == it.canonical);
}

TEST_CASE("[TX6] what replaces stands behind what it replaces", "[document][text]")
{
    struct row {
        text_edit given;
        text_edit first;
    };
    const row rows[] = {
        {{}, {}},
        {{skip(8), insert("t"), erase(2)}, {skip(8), erase(2), insert("t")}},
        {{skip(8), insert("t"), erase(2), insert("hirty")}, {skip(8), erase(2), insert("thirty")}},
        {{erase(2), insert("x")}, {erase(2), insert("x")}},
        {{insert("a"), erase(1), skip(0), insert("b"), erase(1), skip(3), insert("c"), erase(1), skip(2)},
         {erase(2), insert("ab"), skip(3), erase(1), insert("c")}},
        {{skip(1), insert("x"), skip(1), erase(1)}, {skip(1), insert("x"), skip(1), erase(1)}},
    };
    for (const row& it : rows) CHECK(deletions_first(it.given) == it.first);
}

TEST_CASE("[TX3] [TX6] transformation keeps the order of a deletion and an insertion, whichever it is",
          "[document][text]")
{
    const text_edit deletes_first{skip(2), erase(2), insert("x")};
    const text_edit inserts_first{skip(2), insert("x"), erase(2)};
    for (const text_side side : {text_side::left, text_side::right}) {
        CHECK(transform(deletes_first, {insert("目")}, side) == text_edit{skip(3), erase(2), insert("x")});
        CHECK(transform(inserts_first, {insert("目")}, side) == text_edit{skip(3), insert("x"), erase(2)});
        CHECK(transform(deletes_first, {skip(1), erase(2)}, side) == text_edit{skip(1), erase(1), insert("x")});
        CHECK(transform(inserts_first, {skip(1), erase(2)}, side) == text_edit{skip(1), insert("x"), erase(1)});
    }
}

TEST_CASE("[TX1] counts add up without wrapping around", "[document][text]")
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    CHECK(normalise({skip(most), skip(2), insert("a")}) == text_edit{skip(most), insert("a")});
    CHECK(clamp({skip(most), erase(most), insert("a")}, 3) == text_edit{skip(3), insert("a")});
    CHECK(transform({skip(most), insert("a")}, {insert("b")}, text_side::right) == text_edit{skip(most), insert("a")});
}

TEST_CASE("[TX2] of two inserts at one place the left one comes first", "[document][text]")
{
    const text_edit mine{skip(1), insert("M")};
    const text_edit theirs{skip(1), insert("字")};
    CHECK(transform(mine, theirs, text_side::left) == mine);
    CHECK(transform(mine, theirs, text_side::right) == text_edit{skip(2), insert("M")});
}

TEST_CASE("[TX2] what the other deleted is neither skipped nor deleted again, inserts into it stay", "[document][text]")
{
    const text_edit deletion{skip(1), erase(3)};
    CHECK(transform({skip(2), insert("x")}, deletion, text_side::right) == text_edit{skip(1), insert("x")});
    CHECK(transform({erase(2)}, deletion, text_side::right) == text_edit{erase(1)});
    CHECK(transform({skip(3), erase(3)}, deletion, text_side::right) == text_edit{skip(1), erase(2)});
    CHECK(transform(deletion, {skip(2), insert("x")}, text_side::left) ==
          text_edit{skip(1), erase(1), skip(1), erase(2)});
}

TEST_CASE("[TX1] positions count code points, not bytes", "[document][text]")
{
    const std::string text = "a目😅z";
    CHECK(code_point_count(text) == 4);
    CHECK(okra::document::apply(text, {skip(2), erase(1), insert("标")}) == "a目标z");
    CHECK(invert(text, {skip(1), erase(2)}) == text_edit{skip(1), insert("目😅")});
}

TEST_CASE("[TX1] long texts: the code point is found across blocks of any width", "[document][text]")
{
    for (const std::string_view unit : {"a", "é", "目", "😅"}) {
        for (const std::uint64_t length : {63U, 64U, 65U, 127U, 128U, 300U}) {
            std::string text;
            for (std::uint64_t count = 0; count < length; ++count) text += unit;
            for (std::uint64_t at = 0; at <= length; ++at) {
                std::string expected = text;
                expected.insert(at * unit.size(), "|");
                std::string in_place = text;
                apply_in_place(in_place, {skip(at), insert("|")});
                REQUIRE(in_place == expected);
                REQUIRE(okra::document::apply(text, {skip(at), insert("|")}) == expected);
            }
        }
    }
}

TEST_CASE("[TX1] the longest texts: code points are counted and found as in short ones", "[document][text]")
{
    for (const std::string_view unit : {"a", "é", "目", "😅", "z目é"}) {
        const std::uint64_t in_unit = unit == "z目é" ? 3 : 1;
        for (const std::uint64_t units : {0U, 1U, 2'719U, 2'720U, 8'159U, 8'160U, 8'161U, 21'845U}) {
            std::string text;
            for (std::uint64_t count = 0; count < units; ++count) text += unit;
            REQUIRE(code_point_count(text) == units * in_unit);
            for (const std::uint64_t before : {units / 2, units - std::min<std::uint64_t>(units, 1), units}) {
                std::string expected = text;
                expected.insert(before * unit.size(), "|");
                std::string in_place = text;
                apply_in_place(in_place, {skip(before * in_unit), insert("|")});
                REQUIRE(in_place == expected);
            }
        }
    }
}

TEST_CASE("[TX5] what reaches beyond the end is cut off, inserts there go to the end", "[document][text]")
{
    CHECK(clamp({skip(2), erase(5)}, 4) == text_edit{skip(2), erase(2)});
    CHECK(clamp({skip(9), insert("x")}, 4) == text_edit{skip(4), insert("x")});
    CHECK(clamp({skip(9), erase(1)}, 4).empty());
    CHECK(clamp({skip(1), erase(3), insert("x")}, 4) == text_edit{skip(1), erase(3), insert("x")});
}

TEST_CASE("[PR1] a caret is carried along through edits", "[document][text]")
{
    struct row {
        std::uint64_t position;
        text_edit edit;
        std::uint64_t left;
        std::uint64_t right;
    };
    const row rows[] = {
        {3, {skip(1), insert("ab")}, 5, 5},
        {3, {skip(3), insert("ab")}, 3, 5},
        {3, {skip(4), insert("ab")}, 3, 3},
        {0, {insert("目")}, 0, 1},
        {3, {erase(2)}, 1, 1},
        {3, {skip(1), erase(9)}, 1, 1},
        {3, {skip(3), erase(2), insert("x")}, 3, 4},
    };
    for (const row& it : rows) {
        CHECK(transform_position(it.position, it.edit, text_side::left) == it.left);
        CHECK(transform_position(it.position, it.edit, text_side::right) == it.right);
    }
}

TEST_CASE("[OP14] UTF-8 is told from what only looks like it", "[document][text]")
{
    for (const std::string_view good : {"", "a", "é", "目", "😅", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"}) {
        CHECK(is_utf8(good));
    }
    for (const std::string_view bad :
         {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\xaf",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff", "\xe7\x9b"}) {
        CHECK_FALSE(is_utf8(bad));
    }
}

}  // namespace okra::document
