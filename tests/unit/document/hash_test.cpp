// `desk` compares the rolling hash with one computed anew after every op that it is given (`broken_invariants`), and
// tests/scenarios with what another implementation says. Here is what remains.
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "protocol/document/rolling_hash.hpp"
#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

std::uint64_t hash_with(std::vector<named_initial_value> fields)
{
    desk it;
    it.commit("ann", {create("o1", "objective", "plan", std::move(fields))});
    return it.it().hash();
}

}  // namespace

TEST_CASE("[AU1] unset fields and empty ones are the same", "[document][hash]")
{
    const auto bare = hash_with({});
    CHECK(hash_with({{"title", std::string{}}}) == bare);
    CHECK(hash_with({{"contributors", std::vector<std::string>{}}}) == bare);
    CHECK(hash_with({{"votes", 0.0}}) == bare);
    CHECK(hash_with({{"weight", null_value{}}}) == bare);
    // A register at 0 or "no" is set.
    CHECK(hash_with({{"weight", 0.0}}) != bare);
    CHECK(hash_with({{"priority", false}}) != bare);
}

TEST_CASE("[AU1] an empty string is not an unset one", "[document][hash]")
{
    desk it;
    it.commit("ann", {create("o1", "objective", "plan"), create("k1", "key_result", "o1")});
    const auto before = it.it().hash();
    it.commit("ann", {set("k1", "unit", std::string{})});
    CHECK(it.it().hash() != before);
    it.commit("ann", {set("k1", "unit", null_value{})});
    CHECK(it.it().hash() == before);
}

TEST_CASE("[AU1] where something stands and whether it is removed counts", "[document][hash]")
{
    desk it;
    it.commit("ann",
              {create("o1", "objective", "plan"), create("o2", "objective", "plan"), create("k1", "key_result", "o1")});
    std::set<std::uint64_t> seen{it.it().hash()};
    it.commit("ann", {move("k1", "o2")});
    CHECK(seen.insert(it.it().hash()).second);
    it.commit("ann", {move("o1", "plan")});
    CHECK(seen.insert(it.it().hash()).second);
    const auto before = it.it().hash();
    it.commit("ann", {remove_op{"o2"}});
    CHECK(seen.insert(it.it().hash()).second);
    it.commit("ann", {restore_op{"o2"}});
    CHECK(it.it().hash() == before);
}

TEST_CASE("[AU1] who did it and when does not count", "[document][hash]")
{
    desk one;
    one.commit("ann", {create("o1", "objective", "plan", {{"title", std::string{"Grow"}}})});
    desk other;
    other.commit("bob", {create("o1", "objective", "plan")});
    other.commit("eve", {edit("o1", "title", {insert("Grow")})});
    CHECK(one.it().hash() == other.it().hash());
}

TEST_CASE("[AU1] [CH4] a refused change takes its traces out of the hash, asked for or not", "[document][hash]")
{
    desk it;
    it.commit("ann", {create("o1", "objective", "plan", {{"title", std::string{"Grow"}}})});
    for (const bool asked : {true, false}) {
        if (asked) static_cast<void>(it.it().hash());
        it.refuse("ann", {create("o2", "objective", "plan"), edit("o2", "title", {insert("x")}),
                          edit("o1", "title", {insert("y")}), remove_op{"o1"}, create("o1", "objective", "plan")});
    }
    const auto before = it.it().hash();
    it.reload();
    CHECK(it.it().hash() == before);
}

TEST_CASE("[AU1] a hash that is asked for late is the one that is asked for always", "[document][hash]")
{
    document late{*find_schema("plan")};
    document often{*find_schema("plan")};
    std::uint64_t seq = 0;
    const auto commit = [&](std::vector<operation> ops) {
        ++seq;
        const change it{"ann", {seq}, {seq - 1}, std::move(ops)};
        REQUIRE(late.accept(it, 0).has_value());
        REQUIRE(often.accept(it, 0).has_value());
        CHECK(often.hash() != 0);
    };
    commit({create("o1", "objective", "plan"), create("o2", "objective", "plan")});
    for (int count = 0; count < 50; ++count) commit({edit("o1", "title", {insert("a")})});
    commit({set("o2", "weight", 0.5), move("o1", "plan")});
    CHECK(late.hash() == often.hash());
}

}  // namespace okra::document
