// Text edits through `accept`.
#include <catch2/catch_test_macros.hpp>

#include "protocol/document/history.hpp"
#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

desk with_title(std::string title)
{
    desk it;
    it.commit("ann",
              {create("o1", "objective", "plan", {{"title", std::move(title)}}), create("o2", "objective", "plan")});
    return it;
}

text_edit edit_of(const committed_change& committed, std::size_t index = 0)
{
    return std::get<edit_op>(committed.ops.at(index)).edit;
}

}  // namespace

TEST_CASE("[OP5] an edit changes a text, also one that was never set", "[document]")
{
    desk it = with_title("Grow");
    it.commit("ann", {edit("o1", "title", {skip(4), insert("学习")}), edit("o1", "description", {insert("why")})});
    CHECK(it.text("o1", "title") == "Grow学习");
    CHECK(it.text("o1", "description") == "why");
}

TEST_CASE("[TX3] what was committed first stands first", "[document]")
{
    desk it = with_title("ab");
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {edit("o1", "title", {skip(1), insert("A")})});
    const auto committed = it.commit_on(seen, "bob", {edit("o1", "title", {skip(1), insert("B")})});
    CHECK(edit_of(committed) == text_edit{skip(2), insert("B")});
    CHECK(it.text("o1", "title") == "aABb");
}

TEST_CASE("[TX3] an edit is transformed over all edits of its text since the base, and no others", "[document]")
{
    desk it = with_title("0123456789");
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {edit("o1", "title", {erase(3)})});
    it.commit_on(seen, "carl", {edit("o2", "title", {insert("xxxxx")})});
    it.commit_on(seen, "carl", {edit("o1", "description", {insert("yyyyy")})});
    it.commit_on(seen + 1, "dora", {edit("o1", "title", {insert("目标")})});
    const auto committed = it.commit_on(seen, "bob", {edit("o1", "title", {skip(2), erase(3), insert("-")})});
    CHECK(edit_of(committed) == text_edit{skip(2), erase(2), insert("-")});
    CHECK(it.text("o1", "title") == "目标-56789");
}

TEST_CASE("[TX3] own edits that the base does not hold are transformed over as well", "[document]")
{
    desk it = with_title("ab");
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {edit("o1", "title", {insert("12")})});
    it.commit_on(seen, "ann", {edit("o1", "title", {skip(2), insert("3")})});
    CHECK(it.text("o1", "title") == "12ab3");
}

TEST_CASE("[CH4] [TX3] several edits of one text in a change build on each other", "[document]")
{
    desk it = with_title("hello world");
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {edit("o1", "title", {skip(5), insert(", dear")})});
    it.commit_on(seen + 1, "ann", {edit("o1", "title", {erase(1), insert("H")})});
    // On "hello world": "hello big world", then "Hello big world", then "hello big worlds".
    const auto committed =
        it.commit_on(seen, "bob",
                     {edit("o1", "title", {skip(6), insert("big ")}), edit("o1", "title", {erase(1)}),
                      edit("o1", "title", {skip(14), insert("s")})});
    CHECK(edit_of(committed, 0) == text_edit{skip(12), insert("big ")});
    CHECK(edit_of(committed, 1).empty());
    CHECK(it.text("o1", "title") == "Hello, dear big worlds");
}

TEST_CASE("[CH4] [TX3] edits of a text made in the same change need no history", "[document]")
{
    desk it = with_title("x");
    const std::uint64_t seen = it.head();
    it.reload();
    it.commit_on(seen, "ann", {set("o1", "owner", "p1")});
    it.commit_on(0, "bob",
                 {create("o3", "objective", "plan", {{"title", "ab"}}), edit("o3", "title", {skip(1), insert("-")}),
                  edit("o3", "title", {skip(3), insert("!")}), edit("o3", "description", {insert("d")}),
                  edit("o3", "description", {skip(1), insert("e")})});
    CHECK(it.text("o3", "title") == "a-b!");
    CHECK(it.text("o3", "description") == "de");
}

TEST_CASE("[TX5] what reaches beyond the end is clamped", "[document]")
{
    desk it = with_title("abc");
    CHECK(edit_of(it.commit("ann", {edit("o1", "title", {skip(9), insert("!")})})) == text_edit{skip(3), insert("!")});
    CHECK(edit_of(it.commit("ann", {edit("o1", "title", {skip(2), erase(9)})})) == text_edit{skip(2), erase(2)});
    CHECK(edit_of(it.commit("ann", {edit("o1", "description", {erase(9), insert("d")})})) == text_edit{insert("d")});
    CHECK(it.text("o1", "title") == "ab");
}

TEST_CASE("[TX5] an edit that has become empty is committed and sets nothing", "[document]")
{
    desk it = with_title("abc");
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {edit("o1", "title", {skip(1), erase(1)})});
    const auto committed = it.commit_on(seen, "bob", {edit("o1", "title", {skip(1), erase(1)})});
    CHECK(edit_of(committed).empty());
    CHECK(it.at("o1").fields.at("title").set_by == "ann");
    CHECK(edit_of(it.commit("bob", {edit("o1", "description", {skip(4)})})).empty());
    CHECK_FALSE(it.at("o1").fields.contains("description"));
}

TEST_CASE("[TX1] other forms of an edit are made canonical", "[document]")
{
    desk it = with_title("abc");
    const auto committed =
        it.commit("ann", {edit("o1", "title", {skip(1), skip(0), insert("x"), insert("y"), erase(0), skip(2)})});
    CHECK(edit_of(committed) == text_edit{skip(1), insert("xy")});
}

TEST_CASE("[OP12] a text may grow to its limit, counted in code points", "[document]")
{
    desk it = with_title(std::string(499, 'x'));
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {edit("o1", "title", {insert("😅")})});
    CHECK(it.refuse_on(seen, "bob", {edit("o1", "title", {insert("b")})}).code == refusal_code::text_too_long);
    it.commit("bob", {edit("o1", "title", {erase(1), insert("b")})});
    it.commit("bob", {edit("o1", "title", {erase(2), insert("b")})});
}

TEST_CASE("[CH7] a base from the future is refused", "[document]")
{
    desk it = with_title("x");
    const refusal why = it.refuse_on(it.head() + 1, "bob", {edit("o1", "title", {insert("b")})});
    CHECK(why.code == refusal_code::base_ahead);
    CHECK_FALSE(why.op_index.has_value());
}

TEST_CASE("[CH7] a base below the history is refused only where it matters", "[document]")
{
    desk it = with_title("x");
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {edit("o1", "title", {insert("a")})});
    it.reload();
    CHECK(it.it().history_floor() == revision{seen + 1});
    CHECK(it.refuse_on(seen, "bob", {edit("o1", "title", {insert("b")})}).code == refusal_code::base_too_old);
    it.commit_on(seen, "bob", {edit("o2", "title", {insert("b")})});
    it.commit_on(seen, "bob", {set("o1", "owner", "p1"), move("o2", "plan", place_first{})});
    it.commit_on(seen + 1, "bob", {edit("o1", "title", {insert("b")})});
    CHECK(it.text("o1", "title") == "bax");
}

TEST_CASE("[CH7] the history reaches back a limited number of revisions", "[document]")
{
    document it{*find_schema("plan")};
    const auto type = [&](std::uint64_t base) {
        return it.accept({"ann", {1}, revision{base}, {edit("plan", "title", {insert("a")})}}, 0);
    };
    const auto rub_out = [&] { return it.accept({"ann", {1}, it.head(), {edit("plan", "title", {erase(1)})}}, 0); };
    REQUIRE(type(0).has_value());
    for (std::uint64_t count = 0; count < edit_history::revisions_max; ++count) {
        REQUIRE((count % 2 == 0 ? rub_out() : type(it.head().value)).has_value());
    }
    CHECK(it.history_floor() == revision{1});
    CHECK(type(0).error().code == refusal_code::base_too_old);
    REQUIRE(type(1).has_value());
    CHECK(it.history_floor() == revision{2});
}

TEST_CASE("[CH7] the history holds a limited number of bytes", "[document]")
{
    document it{*find_schema("plan")};
    const std::string paste(60'000, 'x');
    for (int count = 0; count < 40; ++count) {
        const bool is_empty = count % 2 == 0;
        const text_edit next{is_empty ? insert(paste) : erase(paste.size())};
        REQUIRE(it.accept({"ann", {1}, it.head(), {edit("plan", "note", next)}}, 0).has_value());
    }
    CHECK(it.history_floor() > revision{0});
    CHECK(it.history_floor() < revision{20});
}

TEST_CASE("[CH7] a change that would take too long to transform is given back to its client", "[document]")
{
    desk it;
    it.commit("ann", {edit("plan", "note", {insert(std::string(20'000, 'x'))})});
    const std::uint64_t seen = it.head();
    for (int count = 0; count < 300; ++count) it.commit("ann", {edit("plan", "note", {insert("a")})});
    text_edit scattered;
    for (int count = 0; count < 9'000; ++count) {
        scattered.push_back(skip(1));
        scattered.push_back(insert("b"));
    }
    CHECK(it.refuse_on(seen, "bob", {edit("plan", "note", scattered)}).code == refusal_code::base_too_old);
    it.commit("bob", {edit("plan", "note", scattered)});
}

TEST_CASE("[CH4] a change is refused whole, wherever it fails", "[document]")
{
    desk it = with_title("abc");
    it.commit("ann", {create("k1", "key_result", "o1", {{"target", 1.0}}), include_op{"o1", "contributors", "p1"},
                      remove_op{"o2"}});
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "carl", {edit("o1", "title", {insert("c")})});
    const std::vector<operation> good{
        edit("o1", "title", {skip(1), insert("x"), erase(1)}),
        edit("o1", "title", {skip(1), insert("y")}),
        edit("o1", "description", {insert("new")}),
        edit("o1", "description", {skip(1), insert("er")}),
        create("k2", "key_result", "o1", {{"title", "k"}}),
        edit("k2", "title", {insert("k")}),
        create("m1", "milestone", "k2"),
        set("k1", "target", 2.0),
        set("k1", "target", null_value{}),
        set("k1", "start", 2.0),
        add_op{"o1", "votes", 2},
        include_op{"o1", "contributors", "p2"},
        exclude_op{"o1", "contributors", "p1"},
        restore_op{"o2"},
        move("k1", "o2"),
        move("k2", "o2", place_first{}),
        move("k1", "o1"),
        remove_op{"k2"},
        restore_op{"k2"},
        remove_op{"o2"},
    };
    for (std::size_t length = 1; length <= good.size(); ++length) {
        std::vector<operation> ops(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
        ops.emplace_back(set("o1", "nothing", 1.0));
        CHECK(it.refuse_on(seen, "bob", ops).op_index == static_cast<std::uint32_t>(length));
    }
    it.commit_on(seen, "bob", good);
}

}  // namespace okra::document
