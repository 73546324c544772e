// Positions, move, remove, restore.
#include <catch2/catch_test_macros.hpp>

#include "protocol/document/order_key.hpp"
#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

// Objectives a, b, c; key results a1, a2, a3 under a.
desk with_objectives()
{
    desk it;
    it.commit("ann",
              {create("a", "objective", "plan"), create("b", "objective", "plan"), create("c", "objective", "plan"),
               create("a1", "key_result", "a"), create("a2", "key_result", "a"), create("a3", "key_result", "a")});
    return it;
}

create_op objective(entity_id id, placement after)
{
    return create(std::move(id), "objective", "plan", {}, std::move(after));
}

}  // namespace

TEST_CASE("[OP7] after: absent is last, null first, an id directly behind that sibling", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {objective("last", place_last{})});
    it.commit("ann", {objective("first", place_first{})});
    it.commit("ann", {objective("behind_a", "a")});
    CHECK(it.order("plan") == "first a behind_a b c last");
}

TEST_CASE("[OP7] an anchor that is no sibling of that place means last", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {objective("x", "a1"), objective("y", "nobody"), objective("z", "plan"), move("a", "plan", "a")});
    CHECK(it.order("plan") == "b c x y z a");
}

TEST_CASE("[OP7] a tombstone still is a sibling to stand behind", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {remove_op{"a"}});
    it.commit("ann", {objective("x", "a")});
    CHECK(it.order("plan") == "a x b c");
}

TEST_CASE("[OP7] concurrent creates behind one sibling stand in the order they were committed", "[document]")
{
    desk it = with_objectives();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {objective("ann1", "a"), objective("ann2", "ann1")});
    it.commit_on(seen, "bob", {objective("bob1", "a"), objective("bob2", "bob1")});
    it.commit_on(seen, "carl", {move("c", "plan", "a")});
    CHECK(it.order("plan") == "a ann1 ann2 bob1 bob2 c b");
}

TEST_CASE("[OP7] the same at the front", "[document]")
{
    desk it = with_objectives();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {objective("ann1", place_first{})});
    it.commit_on(seen, "bob", {objective("bob1", place_first{})});
    CHECK(it.order("plan") == "ann1 bob1 a b c");
}

TEST_CASE("[OP7] what one has seen or made oneself is not skipped", "[document]")
{
    desk it = with_objectives();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {objective("x", "a")});
    it.commit("bob", {objective("y", "a")});
    it.commit_on(seen, "ann", {objective("z", "y")});
    CHECK(it.order("plan") == "a y z x b c");
}

TEST_CASE("[OP7] only newcomers directly behind the anchor are skipped", "[document]")
{
    desk it = with_objectives();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {objective("behind_b", "b")});
    it.commit_on(seen, "bob", {objective("x", "a")});
    CHECK(it.order("plan") == "a x b behind_b c");
}

TEST_CASE("[OP7] a position that a client sends is of no account", "[document]")
{
    desk it = with_objectives();
    create_op forged = objective("x", place_first{});
    forged.position = "zzzzzzzz";
    move_op moved = move("c", "plan", place_first{});
    moved.position = "not a key";
    it.commit("ann", {forged, moved});
    CHECK(it.order("plan") == "c x a b");
}

TEST_CASE("[OP7] thousands of inserts at one place get unique positions", "[document]")
{
    document it{*find_schema("plan")};
    const auto put = [&](entity_id id, placement after) {
        const change what{"ann", {1}, it.head(), {create(std::move(id), "not_doing", "plan", {}, std::move(after))}};
        REQUIRE(it.accept(what, 0).has_value());
    };
    put("first", place_last{});
    put("second", place_last{});
    for (int count = 0; count < 3000; ++count) put("n" + std::to_string(count), "first");
    const auto children = it.children("plan");
    REQUIRE(children.size() == 3002);
    CHECK(children[0]->id == "first");
    CHECK(children[1]->id == "n2999");
    CHECK(children[3001]->id == "second");
    for (std::size_t index = 1; index < children.size(); ++index) {
        REQUIRE(children[index - 1]->position < children[index]->position);
    }
}

TEST_CASE("[OP7] moving to and fro between the same neighbours has an end, and the document goes on", "[document]")
{
    document it{*find_schema("plan")};
    const auto offer = [&](operation op) { return it.accept({"ann", {1}, it.head(), {std::move(op)}}, 0); };
    for (const char* id : {"a", "x", "y"}) REQUIRE(offer(create(id, "not_doing", "plan")).has_value());
    auto outcome = offer(move("x", "plan", "a"));
    for (int count = 0; outcome && count < 100'000; ++count)
        outcome = offer(move(count % 2 == 0 ? "y" : "x", "plan", "a"));
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == refusal_code::out_of_range);
    for (const entity* each : it.children("plan")) CHECK(each->position.size() <= 1024);
    CHECK(offer(move("x", "plan", place_last{})).has_value());
    CHECK(offer(create("z", "not_doing", "plan")).has_value());
}

TEST_CASE("[OP6] a move takes the subtree along", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {create("m1", "milestone", "a2")});
    it.commit("ann", {move("a2", "b")});
    CHECK(it.order("a") == "a1 a3");
    CHECK(it.order("b") == "a2");
    CHECK(it.order("a2") == "m1");
    CHECK(it.at("a2").parent == "b");
}

TEST_CASE("[OP6] of two concurrent moves the later wins", "[document]")
{
    desk it = with_objectives();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {move("a1", "b")});
    it.commit_on(seen, "bob", {move("a1", "c")});
    CHECK(it.order("b").empty());
    CHECK(it.order("c") == "a1");
}

TEST_CASE("[OP6] [OP10] what move refuses", "[document]")
{
    desk it{"workspace"};
    it.commit("ann", {create("t1", "team", "workspace"), create("t2", "team", "t1"), create("t3", "team", "t2"),
                      create("p1", "person", "workspace"), create("m1", "member", "t1"),
                      create("gone", "team", "workspace"), create("under_gone", "team", "gone"), remove_op{"gone"}});
    struct row {
        move_op op;
        refusal_code code;
    };
    const row rows[] = {
        {move("nobody", "t1"), refusal_code::entity_missing},
        {move("t1", "nowhere"), refusal_code::parent_missing},
        {move("t1", "t1"), refusal_code::cycle},
        {move("t1", "t3"), refusal_code::cycle},
        {move("workspace", "t1"), refusal_code::cycle},
        {move("workspace", "workspace"), refusal_code::cycle},
        {move("t1", "gone"), refusal_code::parent_removed},
        {move("t1", "under_gone"), refusal_code::parent_removed},
        {move("t1", "p1"), refusal_code::parent_forbidden},
        {move("m1", "workspace"), refusal_code::parent_forbidden},
    };
    for (const row& each : rows) {
        const refusal why = it.refuse("ann", {move("t3", "workspace"), move("t3", "t2"), each.op});
        CHECK(name_of(why.code) == name_of(each.code));
        CHECK(why.op_index == 2U);
    }
}

TEST_CASE("[OP6] of two concurrent moves that would make a cycle the later is refused", "[document]")
{
    desk it{"workspace"};
    it.commit("ann", {create("t1", "team", "workspace"), create("t2", "team", "workspace")});
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {move("t1", "t2")});
    CHECK(it.refuse_on(seen, "bob", {move("t2", "t1")}).code == refusal_code::cycle);
}

TEST_CASE("[OP8] [OP9] remove hides the subtree, restore brings it back", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {remove_op{"a"}});
    CHECK(it.at("a").removed);
    CHECK_FALSE(it.at("a1").removed);
    CHECK_FALSE(it.is_live("a1"));
    it.commit("bob", {restore_op{"a"}});
    CHECK(it.is_live("a1"));
    CHECK(it.at("a").arrived_by == "bob");
    CHECK(it.order("plan") == "a b c");
}

TEST_CASE("[OP8] a removal is refused when another has added to the subtree since", "[document]")
{
    struct row {
        const char* what;
        std::vector<operation> before;  // seen by both
        std::vector<operation> theirs;
        bool refused;
    };
    const row rows[] = {
        {"a child is created", {}, {create("a4", "key_result", "a")}, true},
        {"a grandchild is created", {}, {create("m1", "milestone", "a1")}, true},
        {"something is moved in", {create("b1", "key_result", "b")}, {move("b1", "a")}, true},
        {"something is restored", {remove_op{"a1"}}, {restore_op{"a1"}}, true},
        {"something is moved out", {}, {move("a1", "b")}, false},
        {"something is removed", {}, {remove_op{"a1"}}, false},
        {"created and removed again", {}, {create("a4", "key_result", "a"), remove_op{"a4"}}, false},
        {"a text is edited", {}, {edit("a1", "title", {insert("x")})}, false},
        {"the entity itself is moved", {}, {move("a", "plan", place_first{})}, false},
        {"something is created elsewhere", {}, {create("b1", "key_result", "b")}, false},
    };
    for (const row& each : rows) {
        INFO(each.what);
        desk it = with_objectives();
        if (!each.before.empty()) it.commit("ann", each.before);
        const std::uint64_t seen = it.head();
        it.commit_on(seen, "ann", each.theirs);
        if (each.refused) {
            CHECK(it.refuse_on(seen, "bob", {remove_op{"a"}}).code == refusal_code::subtree_changed);
        } else {
            it.commit_on(seen, "bob", {remove_op{"a"}});
        }
        // Who made the addition knows of it, and so does who has seen it.
        if (it.is_live("a")) it.commit_on(seen, "ann", {remove_op{"a"}});
        it.commit("ann", {restore_op{"a"}});
        it.commit("bob", {remove_op{"a"}});
    }
}

TEST_CASE("[OP9] restoring what is live and removing what is removed changes nothing", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {remove_op{"b"}});
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {restore_op{"b"}});
    it.commit_on(seen, "bob", {restore_op{"b"}});
    CHECK(it.at("b").arrived_by == "ann");
    it.commit("ann", {remove_op{"b"}});
    it.commit("bob", {remove_op{"b"}, restore_op{"plan"}});
    CHECK(it.at("b").removed);
}

TEST_CASE("[OP9] under a removed parent nothing is restored", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {remove_op{"a1"}, remove_op{"a"}});
    CHECK(it.refuse("bob", {restore_op{"a1"}}).code == refusal_code::parent_removed);
    CHECK(it.refuse("bob", {restore_op{"a2"}}).code == refusal_code::parent_removed);
    it.commit("bob", {restore_op{"a"}});
    CHECK_FALSE(it.is_live("a1"));
    CHECK(it.is_live("a2"));
    it.commit("bob", {restore_op{"a1"}});
    CHECK(it.is_live("a1"));
}

TEST_CASE("[OP9] a removal inside a removed subtree holds when the subtree comes back", "[document]")
{
    desk it = with_objectives();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {remove_op{"a"}});
    it.commit_on(seen, "bob", {remove_op{"a1"}});
    it.commit("ann", {restore_op{"a"}});
    CHECK_FALSE(it.is_live("a1"));
}

TEST_CASE("[OP8] [OP9] [OP10] the root stays, and what never existed is missing", "[document]")
{
    desk it = with_objectives();
    CHECK(it.refuse("ann", {remove_op{"plan"}}).code == refusal_code::forbidden);
    CHECK(it.refuse("ann", {remove_op{"nobody"}}).code == refusal_code::entity_missing);
    CHECK(it.refuse("ann", {restore_op{"nobody"}}).code == refusal_code::entity_missing);
}

TEST_CASE("[OP10] edits of what is removed come back with it", "[document]")
{
    desk it = with_objectives();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {remove_op{"a"}});
    it.commit_on(seen, "bob",
                 {edit("a1", "title", {insert("still")}), set("a", "owner", "p1"), add_op{"a", "votes", 2},
                  include_op{"a", "contributors", "p1"}, exclude_op{"a", "contributors", "p2"}});
    it.commit("ann", {restore_op{"a"}});
    CHECK(it.text("a1", "title") == "still");
    CHECK(it.value("a", "votes") == initial_value{2.0});
}

TEST_CASE("[OP6] a move out of a removed subtree rescues, a tombstone that moves stays one", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {remove_op{"a3"}, remove_op{"a"}});
    it.commit("bob", {move("a1", "b"), move("a3", "b")});
    CHECK(it.is_live("a1"));
    CHECK_FALSE(it.is_live("a3"));
    it.commit("bob", {restore_op{"a3"}});
    CHECK(it.order("b") == "a1 a3");
}

TEST_CASE("[ER6] a change that moves or removes a large subtree again and again is to be split", "[document]")
{
    desk it;
    it.commit("ann", {create("a", "objective", "plan"), create("b", "objective", "plan")});
    std::vector<operation> ops;
    for (int count = 0; count < 1000; ++count) ops.emplace_back(create("k" + std::to_string(count), "key_result", "a"));
    it.commit("ann", ops);
    for (operation& op : ops) std::get<create_op>(op).id += "x";
    it.commit("ann", ops);
    for (operation& op : ops) std::get<create_op>(op).id += "x";
    ops.resize(400);
    it.commit("ann", ops);

    std::vector<operation> moves;
    std::vector<operation> removals;
    for (int count = 0; count < 400; ++count) {
        moves.emplace_back(count % 2 == 0 ? move("a", "plan") : move("a", "plan", place_first{}));
        removals.emplace_back(remove_op{"a"});
        removals.emplace_back(restore_op{"a"});
    }
    it.commit("ann", moves);
    it.commit("ann", removals);
    const auto all_moves = moves;
    moves.insert(moves.end(), all_moves.begin(), all_moves.end());
    CHECK(it.refuse("ann", moves).code == refusal_code::too_many_ops);
    const auto all_removals = removals;
    removals.insert(removals.end(), all_removals.begin(), all_removals.begin() + 200);
    const refusal why = it.refuse("ann", removals);
    CHECK(why.code == refusal_code::too_many_ops);
    CHECK(why.op_index > 800U);

    std::vector<operation> each;
    for (int count = 0; count < 1000; ++count) each.emplace_back(move("k" + std::to_string(count), "b"));
    it.commit("ann", each);
}

TEST_CASE("[OD3] tree order: parents before their children, siblings in order", "[document]")
{
    desk it = with_objectives();
    it.commit("ann", {move("c", "plan", place_first{}), create("c1", "key_result", "c")});
    std::string ids;
    for (const entity* each : it.it().in_tree_order()) ids += each->id + ' ';
    CHECK(ids == "plan c c1 a a1 a2 a3 b ");
    CHECK(it.it().children("nobody").empty());
    CHECK(it.it().find("nobody") == nullptr);
}

}  // namespace okra::document
