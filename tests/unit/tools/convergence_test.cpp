// Replicas and the real authority, with delays, broken connections and
// refusals: whatever happens, all end equal and each change counts once.
#include <array>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/tools/simulated_world.hpp"

using namespace okra;
using namespace okra::test;

namespace {

constexpr std::uint64_t seeds = 2'000;
constexpr int steps = 150;

void check_equal(const simulated_world& world)
{
    const auto expected = world.server.durable().hash();
    CHECK(world.server.divergences().empty());
    for (const auto& it : world.clients) {
        INFO(it->id);
        CHECK(it->faults.empty());
        CHECK(it->replica.confirmed().head() == world.server.durable().head());
        CHECK(it->replica.confirmed().hash() == expected);
        CHECK(it->replica.shown().hash() == expected);
    }
}

std::int64_t votes_in(const document::document& it)
{
    const auto* objective = it.find("o0");
    if (objective == nullptr || !objective->fields.contains("votes")) return 0;
    return static_cast<std::int64_t>(std::get<double>(objective->fields.find("votes")->second.value));
}

}  // namespace

TEST_CASE("[RB1] [RB2] [TX4] replicas that edit at the same time end equal", "[client]")
{
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        INFO("seed " << seed);
        simulated_world world{seed, 4};
        for (int step = 0; step < steps; ++step) world.step();
        world.settle();
        check_equal(world);
    }
}

TEST_CASE(
    "[RB3] [CH3] [CH5] with refusals and lost answers every change "
    "counts once or is a draft",
    "[client]")
{
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        INFO("seed " << seed);
        simulated_world world{seed, 4};
        world.server.refuse_one_in = 5;
        world.server.unavailable_one_in = 7;
        for (int step = 0; step < steps; ++step) world.step();
        world.settle();
        check_equal(world);

        std::int64_t votes = 0;
        std::uint64_t acknowledged = 0;
        for (const auto& it : world.clients) {
            votes += it->votes_submitted - it->votes_drafted;
            acknowledged += it->acknowledged;
            CHECK(it->replica.last_used().value == it->acknowledged + it->drafts);
        }
        CHECK(votes_in(world.server.durable()) == votes);
        CHECK(acknowledged + 1 == world.server.log().size());  // and the one that made o0
        std::set<std::pair<std::string, std::uint64_t>> names;
        for (const auto& change : world.server.log()) CHECK(names.emplace(change.client, change.seq.value).second);
    }
}

TEST_CASE("[RB4] [OD6] [CM3] replicas that get snapshots instead of tails end equal", "[client]")
{
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        INFO("seed " << seed);
        simulated_world world{seed, 4};
        world.server.refuse_one_in = 9;
        prng random{seed ^ 0xfeed};
        for (int step = 0; step < steps; ++step) {
            world.step();
            world.server.history_floor = revision{random.below(world.server.durable().head().value + 1)};
            auto& any = *world.clients[random.below(world.clients.size())];
            // A snapshot that nobody asked for comes only to somebody who is reading.
            if (random.one_in(10) && any.connected && any.replica.is_live()) world.server.send_snapshot(any.id);
        }
        world.settle();
        check_equal(world);
        std::int64_t votes = 0;
        for (const auto& it : world.clients) votes += it->votes_submitted - it->votes_drafted;
        CHECK(votes_in(world.server.durable()) == votes);
    }
}

TEST_CASE(
    "[CM2] [CH3] a crash of the server takes nothing back that a replica "
    "was shown as confirmed",
    "[client]")
{
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        INFO("seed " << seed);
        simulated_world world{seed, 3};
        prng random{seed ^ 0xc4a5};
        for (int step = 0; step < steps; ++step) {
            world.step();
            if (!random.one_in(40)) continue;
            for (auto& it : world.clients) {
                if (it->connected) world.disconnect(*it);
            }
            world.server.crash();
        }
        world.settle();
        check_equal(world);
        std::int64_t votes = 0;
        for (const auto& it : world.clients) votes += it->votes_submitted - it->votes_drafted;
        CHECK(votes_in(world.server.durable()) == votes);
    }
}

TEST_CASE(
    "[RB4] after a restore from backup replicas take the new history and "
    "send what is pending anew",
    "[client]")
{
    for (std::uint64_t seed = 0; seed < seeds / 4; ++seed) {
        INFO("seed " << seed);
        simulated_world world{seed, 3};
        prng random{seed ^ 0xbac0};
        for (int step = 0; step < steps; ++step) {
            world.step();
            if (!random.one_in(60)) continue;
            for (auto& it : world.clients) {
                if (it->connected) world.disconnect(*it);
            }
            world.server.restore_backup(revision{1 + random.below(world.server.durable().head().value)});
        }
        world.settle();
        check_equal(world);
    }
}

TEST_CASE("[TX3] what two type at one place at the same time is not mixed up", "[client]")
{
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        INFO("seed " << seed);
        simulated_world world{seed, 2};
        world.settle();
        prng random{seed};
        const std::array<std::string, 2> words{"abcdefgh", "12345678"};
        std::array<std::size_t, 2> typed{};
        while (typed[0] + typed[1] < 16) {
            const auto who = static_cast<std::size_t>(random.below(2));
            auto& it = *world.clients[who];
            switch (random.below(4)) {
                case 0:
                    if (typed[who] < 8) {
                        // Each goes on behind what they typed last; both began at the front.
                        const auto text = it.replica.shown_text("o0", "title");
                        const auto behind = typed[who] == 0 ? 0 : text.find(words[who][typed[who] - 1]) + 1;
                        document::text_edit edit{document::text_skip{behind},
                                                 document::text_insert{words[who].substr(typed[who]++, 1)}};
                        world.submit(it, {document::edit_op{"o0", "title", document::normalise(std::move(edit))}});
                    }
                    break;
                case 1:
                    world.server.commit();
                    break;
                case 2:
                    world.deliver_up(it);
                    break;
                default:
                    world.deliver_down(it);
                    break;
            }
        }
        world.settle();
        const auto text = client::text_of(world.server.durable(), "o0", "title");
        // The second may have begun behind, or within, what the first had shown
        // already; nothing comes between by accident of timing.
        CHECK(text.find(words[0]) != std::string::npos);
    }
}
