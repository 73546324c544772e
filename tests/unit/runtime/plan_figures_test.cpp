// A plan's figures follow the dates of its cycle, which are the workspace's.
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "gated_log.hpp"
#include "running_server.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/server_runtime.hpp"
#include "test_peer.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

const std::string workspace = "acme/workspace";
const std::string plan = "acme/plan/team/q4";

std::string open(const std::string& document)
{
    return R"({"type":"open","document":")" + document + R"("})";
}

void join(test_peer& peer, const std::string& document)
{
    peer.send(open(document));
    static_cast<void>(peer.next_of("part"));
}

std::string change(const std::string& document, std::uint64_t seq, const std::string& ops)
{
    return R"({"type":"change","document":")" + document + R"(","seq":)" + std::to_string(seq) + R"(,"base":)" +
           std::to_string(seq - 1) + R"(,"ops":[)" + ops + "]}";
}

// In the first change of the workspace, and of the plan.
const std::string cycle_of_2001 = change(workspace, 1,
                                         R"({"op":"create","id":"q4","kind":"cycle","parent":"workspace",)"
                                         R"("fields":{"start":"2001-01-01","end":"2001-12-31"}})");
const std::string a_key_result = change(plan, 1,
                                        R"({"op":"create","id":"o1","kind":"objective","parent":"plan"},)"
                                        R"({"op":"create","id":"k1","kind":"key_result","parent":"o1",)"
                                        R"("fields":{"start":0,"target":10,"current":1}})");

// A cycle of 2001 and a plan in it with a key result k1, both open, and a write of another plan under way: what is
// changed now comes in the write after it.
struct cycle_and_plan {
    cycle_and_plan()
    {
        server.start();
        ann.emplace(server, 0);
        ann->say_hello("ann-0123456789");
        for (const std::string& document : {workspace, other, plan}) join(*ann, document);
        ann->send(cycle_of_2001);
        static_cast<void>(ann->next_of("commit"));
        ann->send(a_key_result);
        CHECK_THAT(ann->next_of("commit"), ContainsSubstring(R"("expected":1)"));

        log.appends.close();
        ann->send(change(other, 1, R"({"op":"create","id":"o1","kind":"objective","parent":"plan"})"));
        log.appends.await_somebody();
    }

    void change_end()
    {
        ann->send(change(workspace, 2, R"({"op":"set","id":"q4","field":"end","value":"2901-12-31"})"));
    }
    void change_current() { ann->send(change(plan, 2, R"({"op":"set","id":"k1","field":"current","value":2})")); }

    const std::string other = "acme/plan/other/q4";
    tests::gated_log log;
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test", .keep = {.snapshot_age_ms = 0}}};
    std::optional<test_peer> ann;
};

// A workspace on one worker and a plan of it on another, which the test holds up while the workspace changes.
struct storm {
    storm()
    {
        ann.say_hello("ann-0123456789");
        join(ann, workspace);
        ann.send(cycle_of_2001);
        static_cast<void>(ann.next_of("commit"));
        bob.say_hello("bob-0123456789");
        join(bob, elsewhere);
        bob.send(R"({"type":"change","document":")" + elsewhere +
                 R"(","seq":1,"base":0,"ops":[{"op":"create","id":"o1","kind":"objective","parent":"plan"},)"
                 R"({"op":"create","id":"k1","kind":"key_result","parent":"o1",)"
                 R"("fields":{"start":0,"target":10,"current":1}}]})");
        static_cast<void>(bob.next_of("commit"));
        hold.close();
        server.runtime.shared().home_of(elsewhere).post([this] { hold.pass(); });
        hold.await_somebody();
    }
    ~storm() { hold.open(); }

    void end_cycle(const std::string& date)
    {
        ann.send(change(workspace, ++seq, R"({"op":"set","id":"q4","field":"end","value":")" + date + R"("})"));
        static_cast<void>(ann.next_of("commit"));
    }

    // Of a plan whose worker is not the workspace's.
    static std::string plan_elsewhere(const runtime::services& shared)
    {
        for (std::size_t team = 0;; ++team) {
            std::string name = "acme/plan/t" + std::to_string(team) + "/q4";
            if (&shared.home_of(name) != &shared.home_of(workspace)) return name;
        }
    }

    running_server server;
    const std::string elsewhere = plan_elsewhere(server.runtime.shared());
    const std::size_t here = server.runtime.shared().home_of(workspace).number();
    tests::gate hold;
    test_peer ann{server.runtime, here};
    test_peer bob{server.runtime, here};
    std::uint64_t seq = 1;
};

// Returns when the server has begun to open it.
void ask_to_open(test_peer& peer, const std::string& document)
{
    peer.send(open(document));
    peer.send(R"({"type":"ping"})");
    static_cast<void>(peer.next_of("pong"));
}

std::string next_with(test_peer& peer, const std::string& words)
{
    for (;;) {
        std::string told = peer.next();
        if (told.find(words) != std::string::npos) return told;
    }
}

}  // namespace

TEST_CASE("[CM4] a plan's figures follow its cycle, also when both change in one write", "[runtime]")
{
    cycle_and_plan it;
    it.change_end();
    it.change_current();
    it.log.appends.open();
    CHECK_THAT(next_with(*it.ann, R"("field":"current")"), ContainsSubstring(R"("k1":{"progress":0.2,"expected":0.0)"));
}

TEST_CASE("[CM4] who joins while a plan and its cycle are written gets the figures of both", "[runtime]")
{
    cycle_and_plan it;
    it.change_end();
    it.change_current();
    test_peer bob{it.server, 0};
    bob.say_hello("bob-0123456789");
    ask_to_open(bob, plan);
    it.log.appends.open();
    static_cast<void>(next_with(bob, R"("k1":{"progress":0.2,"expected":0.0)"));
}

TEST_CASE("[CM4] figures show nothing of a cycle that is not on the disk, also when a plan is opened meanwhile",
          "[runtime]")
{
    cycle_and_plan it;
    it.change_end();
    test_peer bob{it.server, 0};
    bob.say_hello("bob-0123456789");
    bob.send(open("acme/plan/late/q4"));
    it.ann->send(R"({"type":"ping"})");
    for (std::string told; !told.starts_with(R"({"type":"pong")");) {
        told = it.ann->next();
        CHECK_THAT(told, !ContainsSubstring(R"("expected":0)"));
    }
    it.log.appends.open();
    static_cast<void>(next_with(*it.ann, R"("k1":{"progress":0.1,"expected":0.0)"));
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("document":"acme/plan/late/q4")"));
}

TEST_CASE("[CM4] a plan that leaves memory and comes back at the same moment follows its cycle", "[runtime]")
{
    running_server server{1};
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    join(ann, workspace);
    {
        test_peer bob{server.runtime, 0};
        bob.say_hello("bob-0123456789");
        join(bob, plan);
        bob.send(a_key_result);
        static_cast<void>(bob.next_of("commit"));
    }
    runtime::worker& home = server.runtime.worker_at(0);
    std::promise<void> turned;  // it is idle at the end of the turn in which bob has left
    home.post([&] { turned.set_value(); });
    turned.get_future().wait();
    std::promise<bool> left;
    home.post([&] {
        constexpr std::int64_t day_ms = 86'400'000;
        const std::shared_ptr<runtime::document_actor> before =
            home.actor(plan, runtime::loader::nobody).shared_from_this();
        before->leave_memory_if_idle(runtime::steady_clock_ms() + day_ms);
        left.set_value(&home.actor(plan, runtime::loader::nobody) != before.get());
    });
    REQUIRE(left.get_future().get());
    test_peer bob{server.runtime, 0};
    bob.say_hello("bob-0123456789");
    join(bob, plan);
    ann.send(cycle_of_2001);
    CHECK_THAT(bob.next_of("derived"), ContainsSubstring(R"("k1":{"progress":0.1,"expected":1)"));
}

TEST_CASE("[CM5] a cycle's dates change the figures of its plans while they are open", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    join(ann, plan);
    ann.send(a_key_result);
    static_cast<void>(ann.next_of("commit"));
    join(ann, workspace);
    ann.send(cycle_of_2001);
    CHECK_THAT(ann.next_of("derived"), ContainsSubstring(R"("expected":1)"));
}

TEST_CASE("[CM5] a storm of changes of a workspace has its plans compute the newest figures only", "[runtime]")
{
    storm it;
    for (int year = 2100; year < 2120; ++year) it.end_cycle(std::to_string(year) + "-12-31");
    it.end_cycle("2002-12-31");
    it.hold.open();
    int told = 0;
    for (std::string figures; figures.find(R"("expected":1)") == std::string::npos; ++told) {
        figures = it.bob.next_of("derived");
    }
    CHECK(told == 2);  // the first was on its way, the last waited
}

TEST_CASE("[CM5] figures that a workspace asks for do not hold up the end of the server", "[runtime]")
{
    storm it;
    it.end_cycle("2100-12-31");
    std::promise<void> drained;
    it.server.runtime.drain([&] { drained.set_value(); });
    it.hold.open();
    drained.get_future().wait();
    std::string told = it.bob.next();
    for (; !told.starts_with(R"({"type":"bye")"); told = it.bob.next()) {
        CHECK_FALSE(told.starts_with(R"({"type":"derived")"));
    }
}
