// The pairs of protocol/fixtures/text, which the web client's tests read too: both languages give what they say.
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <simdjson.h>

#include "protocol/document/text.hpp"
#include "tools/client/relocation.hpp"
#include "tools/client/text_difference.hpp"

using namespace okra;
using document::text_edit;
using simdjson::dom::element;

namespace {

std::string text_of(element from, std::string_view member)
{
    return std::string{std::string_view{from[member]}};
}

text_edit edit_of(element from)
{
    text_edit edit;
    for (const element it : from.get_array()) {
        if (it.is_string()) {
            edit.emplace_back(document::text_insert{std::string{std::string_view{it}}});
        } else if (it.is_object()) {
            edit.emplace_back(document::text_delete{std::uint64_t{it["d"]}});
        } else {
            edit.emplace_back(document::text_skip{std::uint64_t{it}});
        }
    }
    return edit;
}

void for_each_case(const std::string& name, const std::function<void(element)>& check)
{
    simdjson::dom::parser parser;
    const element cases = parser.load(std::filesystem::path{OKRA_SOURCE_DIR "/protocol/fixtures/text"} / name);
    REQUIRE(cases.get_array().size() > 5);
    for (const element it : cases.get_array()) {
        INFO(text_of(it, "name"));
        check(it);
    }
}

}  // namespace

TEST_CASE("[TX2] the pairs of transform.json", "[client][text]")
{
    for_each_case("transform.json", [](element it) {
        const auto side = text_of(it, "side") == "left" ? document::text_side::left : document::text_side::right;
        CHECK(document::transform(edit_of(it["edit"]), edit_of(it["other"]), side) == edit_of(it["gives"]));
    });
}

TEST_CASE("[TX6] the pairs of compose.json", "[client][text]")
{
    for_each_case("compose.json", [](element it) {
        const text_edit both = document::compose(edit_of(it["first"]), edit_of(it["second"]));
        CHECK(document::deletions_first(both) == edit_of(it["gives"]));
    });
}

TEST_CASE("[RB5] the inverses of inverse.json", "[client][text]")
{
    for_each_case("inverse.json", [](element it) {
        const std::string text = text_of(it, "text");
        const text_edit edit = edit_of(it["edit"]);
        const text_edit inverse = document::deletions_first(document::invert(text, edit));
        CHECK(inverse == edit_of(it["gives"]));
        CHECK(document::apply(document::apply(text, edit), inverse) == text);
    });
}

TEST_CASE("[RB6] the differences of difference.json", "[client][text]")
{
    for_each_case("difference.json", [](element it) {
        const std::string before = text_of(it, "before");
        const text_edit edit = client::difference(before, text_of(it, "after"));
        CHECK(edit == edit_of(it["gives"]));
        CHECK(document::apply(before, edit) == text_of(it, "after"));
    });
}

TEST_CASE("[RB7] what carry.json carries from the one to the other", "[client][text]")
{
    for_each_case("carry.json", [](element it) {
        const std::string text = text_of(it, "text");
        const text_edit expected = edit_of(it["expected"]);
        const text_edit actual = edit_of(it["actual"]);
        client::relocation moved{expected, actual, document::code_point_count(text)};
        std::string shown = document::apply(text, expected);
        std::string ends_as = document::apply(text, actual);
        std::size_t index = 0;
        for (const element each : it["edits"].get_array()) {
            const text_edit carried = moved.carry(edit_of(each));
            CHECK(carried == edit_of(it["gives"].at(index++)));
            shown = document::apply(shown, edit_of(each));
            ends_as = document::apply(ends_as, carried);
        }
        CHECK(shown == text_of(it, "shown"));
        CHECK(ends_as == text_of(it, "ends_as"));
    });
}
