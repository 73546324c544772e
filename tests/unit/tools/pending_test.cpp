#include "tools/client/pending.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tools/client/text_difference.hpp"

using namespace okra;
using document::edit_op;
using document::text_delete;
using document::text_insert;
using document::text_skip;

namespace {

document::document plan_with_title(std::string title)
{
    document::document out{*document::find_schema("plan")};
    const document::create_op create{"o", "objective", "plan", document::place_last{}, {{"title", std::move(title)}},
                                     {}};
    REQUIRE(out.accept({"someone", sequence{1}, revision{0}, {create}}, 0).has_value());
    return out;
}

}  // namespace

TEST_CASE(
    "[TX3] [TX4] of two inserts at one place that of the smaller client "
    "id stands first",
    "[client]")
{
    client::op_list pending{edit_op{"o", "title", {text_insert{"mine"}}}};
    client::op_list remote{edit_op{"o", "title", {text_insert{"theirs"}}}};
    auto pending_of_the_smaller = pending;
    auto remote_of_the_greater = remote;
    client::rebase(pending, remote, {.pending = "b", .remote = "a"});
    CHECK(std::get<edit_op>(pending[0]).edit == document::text_edit{text_skip{6}, text_insert{"mine"}});
    CHECK(std::get<edit_op>(remote[0]).edit == document::text_edit{text_insert{"theirs"}});

    client::rebase(pending_of_the_smaller, remote_of_the_greater, {.pending = "a", .remote = "b"});
    CHECK(std::get<edit_op>(pending_of_the_smaller[0]).edit == document::text_edit{text_insert{"mine"}});
    CHECK(std::get<edit_op>(remote_of_the_greater[0]).edit == document::text_edit{text_skip{4}, text_insert{"theirs"}});
}

TEST_CASE("[RB1] edits of other texts and other operations stay as they are", "[client]")
{
    const client::op_list before{edit_op{"o", "title", {text_insert{"mine"}}},
                                 document::set_op{"o", "weight", 0.5, {}}};
    auto pending = before;
    client::op_list remote{edit_op{"o", "description", {text_insert{"theirs"}}},
                           edit_op{"other", "title", {text_insert{"x"}}}, document::set_op{"o", "weight", 0.25, {}}};
    client::rebase(pending, remote, {.pending = "b", .remote = "a"});
    CHECK(pending == before);
}

TEST_CASE("typing into one text becomes one edit, other operations keep their order", "[client]")
{
    client::op_list ops;
    client::append_coalesced(
        ops, {edit_op{"o", "title", {text_insert{"a"}}}, edit_op{"o", "title", {text_skip{1}, text_insert{"b"}}}});
    client::append_coalesced(
        ops, {document::set_op{"o", "weight", 0.5, {}}, edit_op{"o", "title", {text_skip{2}, text_insert{"c"}}}});
    REQUIRE(ops.size() == 3);
    CHECK(std::get<edit_op>(ops[0]).edit == document::text_edit{text_insert{"ab"}});
    CHECK(std::holds_alternative<document::set_op>(ops[1]));
}

TEST_CASE("[RB3] [RB5] the inverse edits give the text back, their deletions first", "[client]")
{
    const auto plan = plan_with_title("目标 one");
    const client::op_list ops{edit_op{"o", "title", {text_skip{2}, text_insert{"🙂"}}},
                              edit_op{"o", "title", {text_delete{1}}},
                              edit_op{"o", "title", {text_skip{90}, text_delete{1}}}};  // clamped
    const auto edited = client::with_edits("目标 one", ops, "o", "title");
    CHECK(edited == "标🙂 one");
    CHECK(client::with_edits(edited, client::inverse_edits(plan, ops), "o", "title") == "目标 one");

    const client::op_list replacing{
        edit_op{"o", "title", {text_skip{3}, document::text_delete{3}, text_insert{"two"}}}};
    const client::op_list inverse = client::inverse_edits(plan, replacing);
    CHECK(std::get<edit_op>(inverse.at(0)).edit ==
          document::text_edit{text_skip{3}, document::text_delete{3}, text_insert{"one"}});
}

TEST_CASE("[RB4] [RB6] the difference takes one text to the other, in whole code points", "[client]")
{
    const std::vector<std::string> texts{"",   "a",    "ab",   "目标",    "目的",        "标目", "🙂",
                                         "🙃", "a🙂b", "a🙃b", "one two", "one new two", "aaa",  "aa"};
    for (const auto& before : texts) {
        for (const auto& after : texts) {
            INFO(before << " → " << after);
            CHECK(document::apply(before, client::difference(before, after)) == after);
        }
    }
    CHECK(client::difference("same", "same").empty());
}

TEST_CASE("[RB4] [RB6] what waits between two words stays between them, whatever was written elsewhere", "[client]")
{
    // Written before, between and behind the two marks; an insert waits between them, at 5.
    const std::string before = "⟨a:1⟩⟨a:3⟩";
    const std::string after = "⟨b:1⟩⟨a:1⟩⟨a:3⟩ and 目标";
    const document::text_edit waiting{document::text_skip{5}, document::text_insert{"|"}};
    const auto moved = document::transform(waiting, client::difference(before, after), document::text_side::left);
    CHECK(document::apply(after, moved) == "⟨b:1⟩⟨a:1⟩|⟨a:3⟩ and 目标");
}

TEST_CASE("[RB4] [RB6] what waits between two words stays between them, however many others differ", "[client]")
{
    std::string before;
    std::string after;
    for (int word = 0; word < 1000; ++word) {
        before += fmt::format("a{} ", word);
        after += fmt::format("b{} ", word);
        if (word != 500) continue;
        before += "⟨a:1⟩⟨a:3⟩";
        after += "⟨a:1⟩⟨a:3⟩";
    }
    const auto between = document::code_point_count(before.substr(0, before.find("⟨a:3⟩")));
    const document::text_edit waiting{document::text_skip{between}, document::text_insert{"|"}};
    const auto difference = client::difference(before, after);
    CHECK(document::apply(before, difference) == after);
    const auto moved = document::transform(waiting, difference, document::text_side::left);
    CHECK(document::apply(after, moved).find("⟨a:1⟩|⟨a:3⟩") != std::string::npos);
}
