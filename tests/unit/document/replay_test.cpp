// Replaying effective changes and loading snapshots: damaged data is told, and leaves the document as it was.
#include <catch2/catch_test_macros.hpp>

#include "protocol/document/invariants.hpp"
#include "tests/unit/document/desk.hpp"
#include "tests/unit/document/dump.hpp"

namespace okra::document {

namespace {

document with_objective()
{
    document it{*find_schema("plan")};
    create_op made = create("o1", "objective", "plan", {{"title", "abc"}});
    made.position = "a0";
    REQUIRE(it.replay({"ann", {1}, 0, {made}}).has_value());
    return it;
}

create_op positioned(create_op op, std::string position)
{
    op.position = std::move(position);
    return op;
}

std::vector<entity> snapshot_of(const document& it)
{
    std::vector<entity> all;
    for (const entity* each : it.in_tree_order()) all.push_back(*each);
    return all;
}

}  // namespace

TEST_CASE("[RB2] an effective change that does not fit is told as damage and leaves no trace", "[document]")
{
    move_op into_itself = move("o1", "o1");
    into_itself.position = "a0";
    move_op without_position = move("o1", "plan");
    struct row {
        operation op;
        refusal_code code;
    };
    const row rows[] = {
        {positioned(create("o1", "objective", "plan"), "a1"), refusal_code::id_exists},
        {positioned(create("o 2", "objective", "plan"), "a1"), refusal_code::invalid_value},
        {positioned(create("o2", "goal", "plan"), "a1"), refusal_code::unknown_kind},
        {positioned(create("o2", "objective", "nowhere"), "a1"), refusal_code::parent_missing},
        {create("o2", "objective", "plan"), refusal_code::invalid_value},
        {positioned(create("o2", "objective", "plan", {{"x", true}}), "a1"), refusal_code::unknown_field},
        {positioned(create("o2", "objective", "plan", {{"title", true}}), "a1"), refusal_code::wrong_type},
        {set("o2", "owner", "p"), refusal_code::entity_missing},
        {set("o1", "x", "p"), refusal_code::unknown_field},
        {set("o1", "title", "p"), refusal_code::wrong_type},
        {set("o1", "owner", 1.0), refusal_code::wrong_type},
        {add_op{"o1", "owner", 1}, refusal_code::wrong_type},
        {include_op{"o1", "owner", "p"}, refusal_code::wrong_type},
        {exclude_op{"o1", "owner", "p"}, refusal_code::wrong_type},
        {edit("o1", "owner", {insert("x")}), refusal_code::wrong_type},
        {edit("o1", "title", {skip(4), insert("x")}), refusal_code::out_of_range},
        {edit("o1", "title", {skip(3), erase(1)}), refusal_code::out_of_range},
        {into_itself, refusal_code::cycle},
        {without_position, refusal_code::invalid_value},
        {move("o2", "plan"), refusal_code::entity_missing},
        {move("o1", "nowhere"), refusal_code::parent_missing},
        {remove_op{"o2"}, refusal_code::entity_missing},
        {remove_op{"plan"}, refusal_code::forbidden},
        {restore_op{"o2"}, refusal_code::entity_missing},
    };
    document it = with_objective();
    const std::string before = dump(it);
    for (const row& each : rows) {
        const auto outcome = it.replay({"ann", {2}, 0, {edit("o1", "title", {erase(1), insert("x")}), each.op}});
        REQUIRE_FALSE(outcome.has_value());
        CHECK(name_of(outcome.error().code) == name_of(each.code));
        CHECK(outcome.error().op_index == 1U);
        CHECK(dump(it) == before);
    }
}

TEST_CASE("[CH7] replay fills the history", "[document]")
{
    document it = with_objective();
    REQUIRE(it.replay({"bob", {1}, 0, {edit("o1", "title", {insert("12")})}}).has_value());
    CHECK(it.history_floor() == revision{0});
    const auto committed = it.accept({"ann", {2}, revision{1}, {edit("o1", "title", {skip(3), insert("!")})}}, 0);
    REQUIRE(committed.has_value());
    CHECK(std::get<edit_op>(committed->ops[0]).edit == text_edit{skip(5), insert("!")});
}

TEST_CASE("[OD3] a snapshot holds everything", "[document]")
{
    desk made;
    made.commit("ann", {create("o1", "objective", "plan", {{"title", "目标"}, {"votes", 2.0}}),
                        create("k1", "key_result", "o1", {{"target", 5.0}}), edit("plan", "title", {insert("Plan")})});
    made.commit("bob", {remove_op{"k1"}, set("o1", "owner", "p1"), set("o1", "owner", null_value{})});

    document loaded{*find_schema("plan")};
    REQUIRE(loaded.load(made.it().head(), snapshot_of(made.it())).has_value());
    CHECK(dump(loaded) == dump(made.it()));
    CHECK(broken_invariants(loaded).empty());
    CHECK(loaded.history_floor() == loaded.head());
}

TEST_CASE("[OD10] a damaged snapshot is told and leaves the document as it was", "[document]")
{
    const document source = with_objective();
    struct row {
        const char* what;
        void (*damage)(std::vector<entity>&);
        refusal_code code;
    };
    const row rows[] = {
        {"kind", [](auto& all) { all[1].kind = nullptr; }, refusal_code::unknown_kind},
        {"id", [](auto& all) { all[1].id = "no id"; }, refusal_code::invalid_value},
        {"twice", [](auto& all) { all.push_back(all[1]); }, refusal_code::id_exists},
        {"parent", [](auto& all) { all[1].parent = "o1"; }, refusal_code::parent_missing},
        {"second root", [](auto& all) { all[1].parent = ""; }, refusal_code::parent_missing},
        {"position", [](auto& all) { all[1].position = ""; }, refusal_code::invalid_value},
        {"field", [](auto& all) { all[1].fields["x"] = {}; }, refusal_code::unknown_field},
        {"type", [](auto& all) { all[1].fields["title"] = {}; }, refusal_code::wrong_type},
    };
    for (const row& each : rows) {
        INFO(each.what);
        std::vector<entity> all = snapshot_of(source);
        each.damage(all);
        document it = with_objective();
        const std::string before = dump(it);
        const auto outcome = it.load(revision{9}, std::move(all));
        REQUIRE_FALSE(outcome.has_value());
        CHECK(name_of(outcome.error().code) == name_of(each.code));
        CHECK(dump(it) == before);
    }
}

TEST_CASE("[OD8] a document that was never changed holds its root at revision 0", "[document]")
{
    for (const document_schema& schema : all_schemas()) {
        const document it{schema};
        CHECK(it.head() == revision{0});
        CHECK(it.root().id == schema.root);
        CHECK(it.root().kind->name == schema.root);
        CHECK(it.entity_count() == 1);
        CHECK(broken_invariants(it).empty());
    }
}

TEST_CASE("[OD3] invariants: each kind of damage that a snapshot can bring is seen", "[document][invariants]")
{
    struct row {
        const char* what;
        void (*damage)(std::vector<entity>&);
    };
    const row rows[] = {
        {"equal positions", [](auto& all) { all[2].position = all[1].position; }},
        {"forbidden parent", [](auto& all) { all[2].parent = "o1"; }},
        {"range", [](auto& all) { all[1].fields["weight"] = {2.0, {}, {}}; }},
        {"enum", [](auto& all) { all[1].fields["state"] = {std::string{"x"}, {}, {}}; }},
        {"not UTF-8", [](auto& all) { all[1].fields["title"] = {std::string{"\xff"}, {}, {}}; }},
        {"set order", [](auto& all) { all[1].fields["contributors"] = {std::vector<std::string>{"b", "a"}, {}, {}}; }},
        {"set after the head", [](auto& all) { all[1].fields["owner"] = {std::string{"p"}, revision{99}, {}}; }},
        {"arrived after the head", [](auto& all) { all[1].arrived_at = revision{99}; }},
    };
    document source = with_objective();
    REQUIRE(source.replay({"ann", {2}, 0, {positioned(create("o2", "objective", "plan"), "a1")}}).has_value());
    for (const row& each : rows) {
        INFO(each.what);
        std::vector<entity> all = snapshot_of(source);
        each.damage(all);
        document it{*find_schema("plan")};
        REQUIRE(it.load(revision{9}, std::move(all)).has_value());
        CHECK(broken_invariants(it).size() == 1);
    }
}

}  // namespace okra::document
