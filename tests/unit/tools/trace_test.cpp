
#include "tools/load/trace.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/tools/simulated_world.hpp"

using namespace okra;
using namespace okra::test;

namespace {

load::trace two_authors()
{
    const auto text = load::read_file(OKRA_SOURCE_DIR "/tests/unit/tools/two_authors.json");
    REQUIRE(text.has_value());
    const auto parsed = load::parse_trace(*text);
    REQUIRE(parsed.has_value());
    return *parsed;
}

}  // namespace

TEST_CASE("a concurrent trace tells what each step had seen", "[load]")
{
    const auto history = two_authors();
    REQUIRE(history.authors.size() == 2);
    REQUIRE(history.authors[0].size() == 3);
    REQUIRE(history.authors[1].size() == 3);
    CHECK(history.authors[0][1].seen == load::step_counts{1, 0});
    CHECK(history.authors[1][1].seen == load::step_counts{1, 1});
    CHECK(history.authors[1][2].seen == load::step_counts{2, 2});
    CHECK(history.authors[0][2].seen == load::step_counts{2, 3});
}

TEST_CASE("a sequential trace has one author who has seen everything", "[load]")
{
    const auto history = load::parse_trace(
        R"({"startContent":"ab","endContent":"axb!","txns":[{"patches":[[1,0,"x"],[3,0,"!"]]},{"patches":[]}]})");
    REQUIRE(history.has_value());
    REQUIRE(history->authors.size() == 1);
    CHECK(history->start_content == "ab");
    CHECK(document::apply("ab", history->authors[0][0].edit) == "axb!");
}

TEST_CASE("what is not a trace is refused", "[load]")
{
    for (const auto* text :
         {"", "{}", R"({"txns":[{}]})", R"({"txns":[{"patches":[[0]]}]})", R"({"txns":[],"numAgents":3})",
          R"({"txns":[{"parents":[0],"patches":[]}]})", R"({"txns":[{"agent":1,"patches":[]}]})"}) {
        INFO(text);
        CHECK_FALSE(load::parse_trace(text).has_value());
    }
    CHECK_FALSE(load::read_file("/nonexistent/trace.json").has_value());
}

TEST_CASE(
    "[RB1] [TX3] a trace of two authors ends as it did, however its "
    "steps meet on the way",
    "[load]")
{
    const auto history = two_authors();
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        simulated_world world{seed, 3};
        world.settle();
        // The authors' n-th changes are their n-th steps, so somebody else sets the
        // stage.
        world.submit(
            *world.clients[2],
            {document::create_op{
                "text", "objective", "plan", document::place_last{}, {{"description", history.start_content}}, {}}});
        world.settle();

        std::vector<load::trace_author> authors;
        for (std::size_t index = 0; index < 2; ++index) {
            authors.emplace_back(history, world.clients[index]->replica,
                                 load::trace_author::options{index, world.clients[index]->id,
                                                             world.clients[1 - index]->id, "text", "description"});
        }
        prng random{seed};
        const auto done = [&] { return authors[0].is_done() && authors[1].is_done(); };
        for (int step = 0; step < 5'000 && !done(); ++step) {
            const auto index = static_cast<std::size_t>(random.below(2));
            auto& client = *world.clients[index];
            switch (random.below(4)) {
                case 0:
                    if (authors[index].write_if_ready()) world.collect(client);
                    break;
                case 1:
                    world.server.commit();
                    break;
                case 2:
                    world.deliver_up(client);
                    break;
                default:
                    for (const auto& event : world.deliver_down(client)) authors[index].on_event(event);
                    break;
            }
        }
        REQUIRE(done());
        world.settle();
        for (const auto& client : world.clients)
            CHECK(client->replica.shown_text("text", "description") == history.end_content);
    }
}
