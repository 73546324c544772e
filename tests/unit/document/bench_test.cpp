// What one keystroke costs the core. Not run by default: okra_document_tests "[.bench]"
#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>

#include "protocol/document/derive/derive.hpp"
#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

document with_1000_entities()
{
    document it{*find_schema("plan")};
    std::vector<operation> ops;
    for (int count = 0; count < 199; ++count) {
        const entity_id objective = "objective" + std::to_string(count);
        ops.emplace_back(create(objective, "objective", "plan", {{"title", std::string(500, 'x')}}));
        for (int child = 0; child < 4; ++child) {
            ops.emplace_back(create(objective + "-" + std::to_string(child), "key_result", objective,
                                    {{"title", "a key result"}, {"start", 0.0}, {"target", 9.0}, {"current", 4.0}}));
        }
    }
    REQUIRE(it.accept({"maker", {1}, {0}, std::move(ops)}, 0).has_value());
    return it;
}

// 30 people in one title, each 10 revisions behind: types one character, then another takes one away.
struct typing {
    document it = with_1000_entities();
    std::uint64_t count = 0;

    change next()
    {
        ++count;
        const std::uint64_t base = it.head().value > 11 ? it.head().value - 10 : it.head().value;
        const text_edit keystroke =
            count % 2 == 0 ? text_edit{skip(count % 490), insert("a")} : text_edit{skip(count % 480), erase(1)};
        return {
            "client" + std::to_string(count % 30), {count}, revision{base}, {edit("objective7", "title", keystroke)}};
    }
};

}  // namespace

TEST_CASE("accept of a keystroke", "[.bench]")
{
    typing room;
    for (int count = 0; count < 1000; ++count) REQUIRE(room.it.accept(room.next(), 0).has_value());
    BENCHMARK_ADVANCED("one character, base 10 behind, title of 500")(Catch::Benchmark::Chronometer meter)
    {
        std::vector<change> changes;
        const std::uint64_t head = room.it.head().value;
        for (int count = 0; count < meter.runs(); ++count) {
            changes.push_back(room.next());
            changes.back().base = revision{head + static_cast<std::uint64_t>(count) - 10};
        }
        meter.measure([&](int run) { return room.it.accept(changes[static_cast<std::size_t>(run)], 0).has_value(); });
    };
}

// As much as one change can ask for: as many ops as it may have, each at the far end of the longest text.
TEST_CASE("accept of a thousand edits", "[.bench]")
{
    document it{*find_schema("plan")};
    std::string text;
    for (int count = 0; count < 65'000; ++count) text += "🙂";
    REQUIRE(it.accept({"maker", {1}, {0}, {edit("plan", "note", {insert(text)})}}, 0).has_value());
    std::vector<operation> ops;
    for (int count = 0; count < 500; ++count) {
        ops.push_back(edit("plan", "note", {skip(64'990), insert("a")}));
        ops.push_back(edit("plan", "note", {skip(64'990), erase(1)}));
    }
    std::uint64_t seq = 1;
    BENCHMARK("at the end of a note of 65,000 code points")
    {
        return it.accept({"maker", {++seq}, it.head(), ops}, 0).has_value();
    };
}

// What audits cost: little with each op, what was altered with each audit, and everything once for each load.
TEST_CASE("the rolling hash", "[.bench]")
{
    typing room;
    static_cast<void>(room.it.hash());
    BENCHMARK_ADVANCED("after a keystroke")(Catch::Benchmark::Chronometer meter)
    {
        meter.measure([&] {
            static_cast<void>(room.it.accept(room.next(), 0));
            return room.it.hash();
        });
    };
    BENCHMARK("a keystroke without it")
    {
        return room.it.accept(room.next(), 0).has_value();
    };
    BENCHMARK("with nothing altered")
    {
        return room.it.hash();
    };
    std::vector<entity> all;
    for (const entity* it : room.it.in_tree_order()) all.push_back(*it);
    BENCHMARK_ADVANCED("of 1,000 entities with 100 KB of text, all new")(Catch::Benchmark::Chronometer meter)
    {
        std::vector<document> loaded;
        for (int count = 0; count < meter.runs(); ++count) {
            loaded.emplace_back(*find_schema("plan"));
            REQUIRE(loaded.back().load(room.it.head(), all).has_value());
        }
        meter.measure([&](int run) { return loaded[static_cast<std::size_t>(run)].hash(); });
    };
}

TEST_CASE("figures after a keystroke and after a value", "[.bench]")
{
    typing room;
    figure_keeper keeper;
    static_cast<void>(keeper.reset(room.it, {}));
    const std::vector<operation> keystroke{edit("objective7", "title", {insert("a")})};
    BENCHMARK("a text edit")
    {
        return keeper.update(room.it, keystroke).size();
    };
    const std::vector<operation> value{set("objective7-1", "current", 5.0)};
    BENCHMARK("a value")
    {
        return keeper.update(room.it, value).size();
    };
}

TEST_CASE("figures of a plan with 15,000 objectives", "[.bench]")
{
    desk room;
    figure_keeper keeper;
    static_cast<void>(keeper.reset(room.it(), {}));
    std::vector<operation> last;
    for (int made = 0; made < 15'000;) {
        std::vector<operation> ops;
        for (const int end = made + 1000; made < end; ++made) {
            ops.emplace_back(create("o" + std::to_string(made), "objective", "plan"));
        }
        last = room.commit("ann", std::move(ops)).ops;
        static_cast<void>(keeper.update(room.it(), last));
    }
    BENCHMARK("after 1,000 of them")
    {
        return keeper.update(room.it(), last).size();
    };
    const std::vector<operation> one{last.front()};
    BENCHMARK("after one")
    {
        return keeper.update(room.it(), one).size();
    };
}

}  // namespace okra::document
