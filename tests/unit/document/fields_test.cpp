// set, add, include, exclude.
#include <limits>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

using members = std::vector<std::string>;

desk with_objective()
{
    desk it;
    it.commit("ann", {create("o1", "objective", "plan"), create("k1", "key_result", "o1"),
                      create("c1", "check_in", "k1", {{"value", 4.0}})});
    return it;
}

std::optional<overwritten> over(const committed_change& committed)
{
    return std::get<set_op>(committed.ops.at(0)).over;
}

}  // namespace

TEST_CASE("[OP2] set gives a register its value, null takes it away", "[document]")
{
    desk it = with_objective();
    struct row {
        std::string id;
        std::string field;
        register_value value;
    };
    for (const row& each : {row{"o1", "owner", "acme/p1"}, row{"o1", "priority", true},
                            row{"o1", "class", "capability"}, row{"o1", "weight", 0.25}, row{"k1", "due", "2026-03-31"},
                            row{"k1", "unit", "万元"}, row{"k1", "unit", ""}, row{"k1", "unit", null_value{}}}) {
        const auto committed = it.commit("ann", {set(each.id, each.field, each.value)});
        CHECK(over(committed) == std::nullopt);
        CHECK(it.value(each.id, each.field) ==
              std::visit([](const auto& value) -> initial_value { return value; }, each.value));
    }
}

TEST_CASE("[OP2] the loser of a simultaneous set is named, with the value", "[document]")
{
    desk it = with_objective();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {set("k1", "target", 10.0)});
    const auto committed = it.commit_on(seen, "bob", {set("k1", "target", 12.0)});
    CHECK(over(committed) == overwritten{10.0, "ann", revision{seen + 1}});
    CHECK(it.value("k1", "target") == initial_value{12.0});
}

TEST_CASE("[OP2] nobody lost: seen before, one's own, or the same value", "[document]")
{
    desk it = with_objective();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {set("k1", "target", 10.0)});
    CHECK(over(it.commit_on(seen, "ann", {set("k1", "target", 11.0)})) == std::nullopt);
    CHECK(over(it.commit_on(seen, "bob", {set("k1", "target", 11.0)})) == std::nullopt);
    CHECK(over(it.commit("carl", {set("k1", "target", 13.0)})) == std::nullopt);
}

TEST_CASE("[OP2] a concurrent unset loses too", "[document]")
{
    desk it = with_objective();
    it.commit("ann", {set("k1", "target", 10.0)});
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {set("k1", "target", null_value{})});
    const auto committed = it.commit_on(seen, "bob", {set("k1", "target", 12.0)});
    CHECK(over(committed) == overwritten{null_value{}, "ann", revision{seen + 1}});
}

TEST_CASE("[OP2] only the first set of a change overwrites the other's value", "[document]")
{
    desk it = with_objective();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {set("k1", "target", 10.0)});
    const auto committed =
        it.commit_on(seen, "bob", {set("k1", "target", 12.0), set("k1", "target", 13.0), set("k1", "start", 1.0)});
    CHECK(std::get<set_op>(committed.ops[0]).over.has_value());
    CHECK_FALSE(std::get<set_op>(committed.ops[1]).over.has_value());
    CHECK_FALSE(std::get<set_op>(committed.ops[2]).over.has_value());
}

TEST_CASE("[OP2] who set a value before the base reached the author is told", "[document]")
{
    desk it = with_objective();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {set("k1", "target", 10.0)});
    // It waited behind a change in flight, and went out with a base that it was not written on.
    const auto committed = it.commit("bob", {set_op{"k1", "target", 12.0, {}, revision{seen}}});
    CHECK(committed.ops.front() ==
          operation{set_op{"k1", "target", 12.0, overwritten{10.0, "ann", revision{seen + 1}}, {}}});
}

TEST_CASE("[OP2] to have seen more than the base is to have seen the base", "[document]")
{
    desk it = with_objective();
    const std::uint64_t base = it.head();
    it.commit_on(base, "ann", {set("k1", "target", 10.0)});
    const auto committed = it.commit_on(base, "bob", {set_op{"k1", "target", 12.0, {}, revision{base + 1}}});
    CHECK(over(committed) == overwritten{10.0, "ann", revision{base + 1}});
}

TEST_CASE("[OP2] what create gave counts as set by its author", "[document]")
{
    desk it = with_objective();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {create("k2", "key_result", "o1", {{"target", 5.0}})});
    CHECK(over(it.commit_on(seen, "bob", {set("k2", "target", 6.0)})) == overwritten{5.0, "ann", revision{seen + 1}});
}

TEST_CASE("[OP3] concurrent adds all count", "[document]")
{
    desk it = with_objective();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {add_op{"o1", "votes", 3}});
    it.commit_on(seen, "bob", {add_op{"o1", "votes", -1}, add_op{"o1", "votes", 5}});
    CHECK(it.value("o1", "votes") == initial_value{7.0});
}

TEST_CASE("[OP3] a counter stays where numbers are exact", "[document]")
{
    desk it = with_objective();
    constexpr std::int64_t most = 1'000'000'000'000'000;
    it.commit("ann", {add_op{"o1", "votes", most}});
    CHECK(it.refuse("ann", {add_op{"o1", "votes", 1}}).code == refusal_code::out_of_range);
    CHECK(it.refuse("ann", {add_op{"o1", "votes", std::numeric_limits<std::int64_t>::min()}}).code ==
          refusal_code::out_of_range);
    it.commit("ann", {add_op{"o1", "votes", -most}});
    CHECK(it.value("o1", "votes") == initial_value{0.0});
}

TEST_CASE("[OP4] including or excluding twice changes nothing", "[document]")
{
    desk it = with_objective();
    const std::uint64_t seen = it.head();
    it.commit_on(seen, "ann", {include_op{"o1", "contributors", "p2"}, include_op{"o1", "contributors", "p1"}});
    it.commit_on(seen, "bob", {include_op{"o1", "contributors", "p2"}});
    CHECK(it.value("o1", "contributors") == initial_value{members{"p1", "p2"}});
    const std::uint64_t after = it.head();
    it.commit_on(after, "ann", {exclude_op{"o1", "contributors", "p2"}});
    it.commit_on(after, "bob", {exclude_op{"o1", "contributors", "p2"}, exclude_op{"o1", "aligned_to", "x"}});
    CHECK(it.value("o1", "contributors") == initial_value{members{"p1"}});
    CHECK(it.value("o1", "aligned_to") == initial_value{});
}

TEST_CASE("[OP4] [ER6] a set has a limited number of members", "[document]")
{
    desk it = with_objective();
    std::vector<operation> ops;
    for (std::size_t index = 0; index < limits::set_members; ++index) {
        ops.emplace_back(include_op{"o1", "contributors", "p" + std::to_string(index)});
    }
    it.commit("ann", ops);
    CHECK(it.refuse("ann", {include_op{"o1", "contributors", "more"}}).code == refusal_code::too_many_members);
    it.commit("ann", {include_op{"o1", "contributors", "p7"}});
    it.commit("ann", {exclude_op{"o1", "contributors", "p7"}, include_op{"o1", "contributors", "more"}});
}

TEST_CASE("[OP10] [OP11] [OP12] [OP14] what the ops on fields refuse", "[document]")
{
    struct row {
        operation op;
        refusal_code code;
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const row rows[] = {
        {set("nobody", "owner", "p1"), refusal_code::entity_missing},
        {add_op{"nobody", "votes", 1}, refusal_code::entity_missing},
        {include_op{"nobody", "contributors", "p"}, refusal_code::entity_missing},
        {exclude_op{"nobody", "contributors", "p"}, refusal_code::entity_missing},
        {edit("nobody", "title", {}), refusal_code::entity_missing},
        {set("o1", "metric", "number"), refusal_code::unknown_field},
        {add_op{"o1", "vote", 1}, refusal_code::unknown_field},
        {include_op{"o1", "people", "p"}, refusal_code::unknown_field},
        {exclude_op{"o1", "people", "p"}, refusal_code::unknown_field},
        {edit("o1", "", {}), refusal_code::unknown_field},
        {set("o1", "title", "x"), refusal_code::wrong_type},
        {set("o1", "votes", 1.0), refusal_code::wrong_type},
        {set("o1", "contributors", "p1"), refusal_code::wrong_type},
        {set("o1", "owner", 1.0), refusal_code::wrong_type},
        {set("o1", "priority", "true"), refusal_code::wrong_type},
        {set("o1", "weight", true), refusal_code::wrong_type},
        {add_op{"o1", "weight", 1}, refusal_code::wrong_type},
        {include_op{"o1", "owner", "p1"}, refusal_code::wrong_type},
        {exclude_op{"o1", "title", "p1"}, refusal_code::wrong_type},
        {edit("o1", "owner", {insert("x")}), refusal_code::wrong_type},
        {set("c1", "value", 5.0), refusal_code::field_immutable},
        {set("c1", "value", null_value{}), refusal_code::field_immutable},
        {set("o1", "weight", 2.0), refusal_code::out_of_range},
        {set("k1", "target", nan), refusal_code::out_of_range},
        {set("k1", "target", 1.1e15), refusal_code::out_of_range},
        {set("k1", "confidence", 10.5), refusal_code::out_of_range},
        {set("o1", "class", "Business"), refusal_code::invalid_value},
        {set("o1", "owner", "a b"), refusal_code::invalid_value},
        {set("k1", "due", "31.03.2026"), refusal_code::invalid_value},
        {set("k1", "unit", std::string{"\0", 1}), refusal_code::invalid_value},
        {set("k1", "unit", std::string(21, 'x')), refusal_code::text_too_long},
        {include_op{"o1", "contributors", ""}, refusal_code::invalid_value},
        {exclude_op{"o1", "contributors", "!"}, refusal_code::invalid_value},
        {edit("o1", "title", {insert(std::string{"a\0", 2})}), refusal_code::invalid_value},
    };
    desk it = with_objective();
    for (const row& each : rows) {
        const refusal why = it.refuse("ann", {set("o1", "owner", "p9"), each.op});
        CHECK(name_of(why.code) == name_of(each.code));
        CHECK(why.op_index == 1U);
    }
}

}  // namespace okra::document
