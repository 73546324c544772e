#include <limits>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

using members = std::vector<std::string>;

struct refusal_row {
    operation op;
    refusal_code code;
};

}  // namespace

TEST_CASE("[OP1] create gives kind, parent, position and fields", "[document]")
{
    desk it;
    const auto committed = it.commit("ann", {create("o1", "objective", "plan",
                                                    {{"title", "Grow 目标"},
                                                     {"owner", "p1"},
                                                     {"votes", 3.0},
                                                     {"contributors", members{"p2", "p1", "p2"}},
                                                     {"priority", true},
                                                     {"weight", null_value{}}})});

    const auto& op = std::get<create_op>(committed.ops.at(0));
    CHECK(op.position == it.at("o1").position);
    CHECK(it.at("o1").kind->name == "objective");
    CHECK(it.at("o1").parent == "plan");
    CHECK(it.text("o1", "title") == "Grow 目标");
    CHECK(it.value("o1", "votes") == initial_value{3.0});
    CHECK(it.value("o1", "priority") == initial_value{true});
    CHECK(it.at("o1").arrived_at == revision{1});
    CHECK(it.at("o1").arrived_by == "ann");
    CHECK(it.it().entity_count() == 2);
    CHECK(it.it().text_bytes() == std::string_view{"Grow 目标p1p1p2"}.size());
    // A set is committed in its canonical form, so that every replica holds the same.
    CHECK(it.value("o1", "contributors") == initial_value{members{"p1", "p2"}});
    CHECK(op.fields.at(3).value == initial_value{members{"p1", "p2"}});
}

TEST_CASE("[OP1] a parent may be made in the same change", "[document]")
{
    desk it;
    it.commit("ann",
              {create("o1", "objective", "plan"), create("k1", "key_result", "o1"), create("m1", "milestone", "k1")});
    CHECK(it.order("o1") == "k1");
    CHECK(it.order("k1") == "m1");
}

TEST_CASE("[OP1] [OP12] [OP14] what create refuses", "[document]")
{
    desk it;
    it.commit("ann", {create("o1", "objective", "plan"), create("gone", "objective", "plan"),
                      create("under_gone", "key_result", "gone"), remove_op{"gone"}});

    const double infinity = std::numeric_limits<double>::infinity();
    const auto with = [](std::string field, initial_value value) {
        return create("x", "objective", "plan", {{std::move(field), std::move(value)}});
    };
    const refusal_row rows[] = {
        {create("o1", "objective", "plan"), refusal_code::id_exists},
        {create("gone", "objective", "plan"), refusal_code::id_exists},
        {create("plan", "objective", "plan"), refusal_code::id_exists},
        {create("", "objective", "plan"), refusal_code::invalid_value},
        {create("a b", "objective", "plan"), refusal_code::invalid_value},
        {create(std::string(33, 'x'), "objective", "plan"), refusal_code::invalid_value},
        {create("x", "goal", "plan"), refusal_code::unknown_kind},
        {create("x", "team", "plan"), refusal_code::unknown_kind},
        {create("x", "objective", "nowhere"), refusal_code::parent_missing},
        {create("x", "key_result", "gone"), refusal_code::parent_removed},
        {create("x", "milestone", "under_gone"), refusal_code::parent_removed},
        {create("x", "objective", "o1"), refusal_code::parent_forbidden},
        {create("x", "plan", "plan"), refusal_code::parent_forbidden},
        {with("titel", "x"), refusal_code::unknown_field},
        {with("title", 1.0), refusal_code::wrong_type},
        {with("title", null_value{}), refusal_code::wrong_type},
        {with("title", members{}), refusal_code::wrong_type},
        {with("owner", true), refusal_code::wrong_type},
        {with("priority", "yes"), refusal_code::wrong_type},
        {with("weight", "0.5"), refusal_code::wrong_type},
        {with("contributors", "p1"), refusal_code::wrong_type},
        {with("votes", null_value{}), refusal_code::wrong_type},
        {with("votes", 1.5), refusal_code::wrong_type},
        {with("votes", 2e15), refusal_code::out_of_range},
        {with("votes", infinity), refusal_code::out_of_range},
        {with("weight", 1.01), refusal_code::out_of_range},
        {with("weight", -0.01), refusal_code::out_of_range},
        {with("weight", std::numeric_limits<double>::quiet_NaN()), refusal_code::out_of_range},
        {with("class", "sales"), refusal_code::invalid_value},
        {with("owner", "p 1"), refusal_code::invalid_value},
        {with("owner", ""), refusal_code::invalid_value},
        {with("contributors", members{"p1", "p!"}), refusal_code::invalid_value},
        {with("contributors", members(201, "p1")), refusal_code::too_many_members},
        {with("title", std::string(501, 'x')), refusal_code::text_too_long},
        {with("title", std::string{"a\0b", 3}), refusal_code::invalid_value},
        {create("x", "objective", "plan", {{"title", "a"}, {"title", "b"}}), refusal_code::invalid_value},
        {create("x", "key_result", "o1", {{"due", "2026-02-30"}}), refusal_code::invalid_value},
        {create("x", "key_result", "o1", {{"unit", std::string(21, 'x')}}), refusal_code::text_too_long},
        {create("x", "key_result", "o1", {{"current", -1.1e15}}), refusal_code::out_of_range},
    };
    for (const refusal_row& row : rows) {
        const refusal why = it.refuse("ann", {create("first", "objective", "plan"), row.op});
        CHECK(name_of(why.code) == name_of(row.code));
        CHECK(why.op_index == 1U);
    }
}

TEST_CASE("[OP12] lengths are code points: 500 characters of four bytes fit a title", "[document]")
{
    std::string title;
    for (int count = 0; count < 500; ++count) title += "😅";
    desk it;
    it.commit("ann", {create("o1", "objective", "plan", {{"title", title}})});
    CHECK(it.refuse("ann", {create("o2", "objective", "plan", {{"title", title + "a"}})}).code ==
          refusal_code::text_too_long);
}

TEST_CASE("[OP6] [ER6] a kind nests in itself as deep as the schema says", "[document]")
{
    desk it{"workspace"};
    it.commit("ann", {create("c1", "cycle", "workspace"), create("c2", "cycle", "c1"), create("c3", "cycle", "c2"),
                      create("c4", "cycle", "c3"), create("d1", "cycle", "workspace"), create("d2", "cycle", "d1")});

    CHECK(it.refuse("ann", {create("c5", "cycle", "c4")}).code == refusal_code::too_deep);
    CHECK(it.refuse("ann", {move("d1", "c3")}).code == refusal_code::too_deep);
    it.commit("ann", {move("d1", "c2")});
    CHECK(it.refuse("ann", {create("d3", "cycle", "d2")}).code == refusal_code::too_deep);
}

TEST_CASE("[OP6] [ER6] the tree has a depth limit, for subtrees that move too", "[document]")
{
    desk it{"workspace"};
    std::string parent = "workspace";
    for (std::size_t level = 1; level <= limits::tree_depth; ++level) {
        const std::string id = "t" + std::to_string(level);
        it.commit("ann", {create(id, "team", parent)});
        parent = id;
    }
    CHECK(it.refuse("ann", {create("deeper", "team", parent)}).code == refusal_code::too_deep);
    it.commit("ann", {create("a", "team", "workspace"), create("b", "team", "a")});
    CHECK(it.refuse("ann", {move("a", "t15")}).code == refusal_code::too_deep);
    it.commit("ann", {move("a", "t14")});
}

TEST_CASE("[ER6] a document holds a limited number of entities, tombstones included", "[document]")
{
    document full{*find_schema("plan")};
    std::uint64_t made = 1;  // the root
    while (made < limits::entities_per_document) {
        std::vector<operation> ops;
        for (; ops.size() < limits::ops_per_change && made < limits::entities_per_document; ++made) {
            ops.emplace_back(create("n" + std::to_string(made), "not_doing", "plan"));
        }
        REQUIRE(full.accept({"ann", sequence{full.head().next().value}, full.head(), std::move(ops)}, 0).has_value());
    }
    REQUIRE(full.accept({"ann", sequence{30}, full.head(), {remove_op{"n5"}}}, 0).has_value());
    const auto outcome = full.accept({"ann", sequence{31}, full.head(), {create("more", "not_doing", "plan")}}, 0);
    CHECK(outcome.error().code == refusal_code::too_many_entities);
    CHECK(full.entity_count() == limits::entities_per_document);
}

TEST_CASE("[ER6] a change holds a limited number of ops", "[document]")
{
    desk it;
    const std::vector<operation> many(limits::ops_per_change + 1, set("plan", "title", "x"));
    const refusal why = it.refuse("ann", many);
    CHECK(why.code == refusal_code::too_many_ops);
    CHECK_FALSE(why.op_index.has_value());
}

TEST_CASE("[ER6] a document holds a limited amount of text, over all ops that bring some", "[document]")
{
    document big{*find_schema("plan")};
    std::uint64_t seq = 0;
    const auto offer = [&](operation op) {
        auto outcome = big.accept({"ann", sequence{++seq}, big.head(), {std::move(op)}}, 0);
        return outcome ? std::string_view{"accepted"} : name_of(outcome.error().code);
    };
    std::size_t made = 0;
    while (limits::text_bytes_per_document - big.text_bytes() >= 65536) {
        REQUIRE(offer(create("o" + std::to_string(made++), "objective", "plan",
                             {{"description", std::string(65536, 'x')}})) == "accepted");
    }
    REQUIRE(big.text_bytes() == limits::text_bytes_per_document);
    CHECK(offer(create("more", "objective", "plan", {{"title", "x"}})) == "document_too_large");
    CHECK(offer(edit("o1", "title", {insert("x")})) == "document_too_large");
    CHECK(offer(set("o1", "owner", std::string{"p"})) == "document_too_large");
    CHECK(offer(include_op{"o1", "contributors", "p"}) == "document_too_large");
    CHECK(offer(create("empty", "objective", "plan")) == "accepted");
    CHECK(offer(edit("o1", "description", {erase(2), insert("yz")})) == "accepted");
    CHECK(offer(edit("o1", "description", {erase(2)})) == "accepted");
    CHECK(offer(set("o1", "owner", std::string{"p1"})) == "accepted");
    CHECK(offer(set("o1", "owner", std::string{"p2"})) == "accepted");
    CHECK(big.text_bytes() == limits::text_bytes_per_document);
}

}  // namespace okra::document
