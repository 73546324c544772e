// Sessions, actors, committer and rings together, over the log in memory and without sockets.
#include "server/runtime/server_runtime.hpp"

#include <future>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "gated_log.hpp"
#include "running_server.hpp"
#include "storage/memory_log.hpp"
#include "test_peer.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

constexpr const char* plan = "acme/plan/team/q4";

std::string open(const std::string& rest = "")
{
    return std::string{R"({"type":"open","document":")"} + plan + '"' + rest + '}';
}

std::string change(std::uint64_t seq, const std::string& rest)
{
    return std::string{R"({"type":"change","document":")"} + plan + R"(","seq":)" + std::to_string(seq) + ',' + rest +
           '}';
}

std::string create(std::uint64_t seq, std::uint64_t base, const std::string& id)
{
    return change(seq, R"("base":)" + std::to_string(base) + R"(,"ops":[{"op":"create","id":")" + id +
                           R"(","kind":"objective","parent":"plan"}])");
}

constexpr runtime::bounds keeps_snapshots{.snapshot_age_ms = 3'600'000};

// Objectives o1, o2, …, one change each, on an empty plan.
void create_objectives(test_peer& author, std::uint64_t count)
{
    for (std::uint64_t seq = 1; seq <= count; ++seq) {
        author.send(create(seq, seq - 1, "o" + std::to_string(seq)));
        static_cast<void>(author.next_of("commit"));
    }
}

void join(test_peer& peer, const std::string& client)
{
    peer.say_hello(client);
    peer.send(open());
    static_cast<void>(peer.next_of("part"));
}

}  // namespace

TEST_CASE("[CM2] a commit reaches the author and everybody else, on every worker", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    test_peer bob{server.runtime, 1};
    join(ann, "ann-0123456789");
    join(bob, "bob-0123456789");

    ann.send(create(1, 0, "o1"));
    CHECK_THAT(ann.next_of("commit"), ContainsSubstring(R"("revision":1)") && ContainsSubstring("ann-0123456789"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("id":"o1")"));
}

TEST_CASE("[OD3] who comes later gets the document as a snapshot", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    create_objectives(ann, 30);
    test_peer bob{server.runtime, 1};
    bob.say_hello("bob-0123456789");
    bob.send(open());
    CHECK_THAT(bob.next_of("opened"),
               ContainsSubstring(R"("mode":"snapshot")") && ContainsSubstring(R"("revision":30)"));
    CHECK_THAT(bob.next_of("part"), ContainsSubstring(R"("id":"o30")"));
}

TEST_CASE("[OD7] a snapshot that was built for another joiner is followed by the commits since", "[runtime]")
{
    running_server server{2, keeps_snapshots};
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    ann.send(create(1, 0, "o1"));
    static_cast<void>(ann.next_of("commit"));

    test_peer bob{server.runtime, 1};
    bob.say_hello("bob-0123456789");
    bob.send(open());
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("revision":0)"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("id":"o1")"));
}

TEST_CASE("[OD3] a snapshot is not older than the client's own last change", "[runtime]")
{
    running_server server{2, keeps_snapshots};
    {
        test_peer ann{server.runtime, 0};
        join(ann, "ann-0123456789");
        ann.send(create(1, 0, "o1"));
        static_cast<void>(ann.next_of("commit"));
    }
    test_peer again{server.runtime, 1};
    again.say_hello("ann-0123456789");
    again.send(open());
    CHECK_THAT(again.next_of("opened"), ContainsSubstring(R"("revision":1,"mode":"snapshot")"));
}

TEST_CASE("[OD3] a snapshot is not older than the client's own last commit, also when its last change was refused",
          "[runtime]")
{
    const std::string refused = GENERATE(as<std::string>{}, create(2, 1, "o1"), change(2, R"("base":1,"ops":7)"));
    const bool stays = GENERATE(true, false);
    running_server server{2, keeps_snapshots};
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    ann.send(create(1, 0, "o1"));
    static_cast<void>(ann.next_of("commit"));
    ann.send(refused);
    CHECK_THAT(ann.next_of("refused"), ContainsSubstring(R"("final":true)"));

    test_peer other{server.runtime, 1};
    if (!stays) other.say_hello("ann-0123456789");
    test_peer& again = stays ? ann : other;
    again.send(open());
    CHECK_THAT(again.next_of("opened"), ContainsSubstring(R"("revision":1,"mode":"snapshot")"));
}

TEST_CASE("[OD5] a client that was away gets the commits it misses", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    create_objectives(ann, 3);
    test_peer bob{server.runtime, 1};
    bob.say_hello("bob-0123456789");
    bob.send(open(R"(,"epoch":"epoch1","revision":1)"));
    CHECK_THAT(bob.next_of("opened"),
               ContainsSubstring(R"("mode":"tail")") && ContainsSubstring(R"("recovered":true)"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("revision":2)"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("revision":3)"));
}

TEST_CASE("[OD5] a tail older than the server's memory comes from the log", "[runtime]")
{
    storage::memory_log log{"epoch1"};
    {
        runtime::server_runtime first{log, {.threads = 1, .server_name = "okra test"}};
        first.start();
        test_peer ann{first, 0};
        join(ann, "ann-0123456789");
        create_objectives(ann, 3);
    }
    runtime::server_runtime second{log, {.threads = 1, .server_name = "okra test"}};
    second.start();
    test_peer bob{second, 0};
    bob.say_hello("bob-0123456789");
    bob.send(open(R"(,"epoch":"epoch1","revision":1)"));
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
    CHECK_THAT(bob.next_of("derived"), ContainsSubstring(R"("o3")"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("revision":3)") && ContainsSubstring(R"("id":"o2")"));
}

TEST_CASE("[CM4] after a tail from the log, what was removed meanwhile has no figures", "[runtime]")
{
    storage::memory_log log{"epoch1"};
    {
        runtime::server_runtime first{log, {.threads = 1, .server_name = "okra test"}};
        first.start();
        test_peer ann{first, 0};
        join(ann, "ann-0123456789");
        ann.send(create(1, 0, "o1"));
        static_cast<void>(ann.next_of("commit"));
        ann.send(std::string{R"({"type":"change","document":")"} + plan +
                 R"(","seq":2,"base":1,"ops":[{"op":"remove","id":"o1"}]})");
        static_cast<void>(ann.next_of("commit"));
    }
    runtime::server_runtime second{log, {.threads = 1, .server_name = "okra test"}};
    second.start();
    test_peer bob{second, 0};
    bob.say_hello("bob-0123456789");
    bob.send(open(R"(,"epoch":"epoch1","revision":1)"));
    static_cast<void>(bob.next_of("opened"));
    // Before the tail: had it come behind, a connection that breaks in between would have left bob with figures of o1
    // for good.
    const std::string figures = bob.next();
    CHECK_THAT(figures, ContainsSubstring(R"("type":"derived")") && ContainsSubstring(R"("o1":null)"));
    CHECK_THAT(bob.next(), ContainsSubstring(R"("type":"commit")"));
}

TEST_CASE("[OD6] another epoch, or a revision from the future, gets a snapshot", "[runtime]")
{
    running_server server;
    for (const char* resume : {R"(,"epoch":"other","revision":0)", R"(,"epoch":"epoch1","revision":9)"}) {
        test_peer bob{server.runtime, 0};
        bob.say_hello("bob-0123456789");
        bob.send(open(resume));
        CHECK_THAT(bob.next_of("opened"),
                   ContainsSubstring(R"("mode":"snapshot")") && ContainsSubstring(R"("recovered":false)"));
    }
}

TEST_CASE("[OD8] another workspace's document is forbidden", "[runtime]")
{
    running_server server;
    test_peer bob{server.runtime, 0};
    bob.say_hello("bob-0123456789", "other");
    bob.send(open());
    CHECK_THAT(bob.next_of("refused"), ContainsSubstring(R"("code":"forbidden")"));
}

TEST_CASE("[OD10] a damaged document is set aside alone", "[runtime]")
{
    storage::memory_log log{"epoch1"};
    {
        runtime::server_runtime first{log, {.threads = 1, .server_name = "okra test"}};
        first.start();
        test_peer ann{first, 0};
        join(ann, "ann-0123456789");
        ann.send(create(1, 0, "o1"));
        static_cast<void>(ann.next_of("commit"));
    }
    log.damage(plan, {1});
    runtime::server_runtime second{log, {.threads = 1, .server_name = "okra test"}};
    second.start();
    test_peer bob{second, 0};
    bob.say_hello("bob-0123456789");
    bob.send(open());
    CHECK_THAT(bob.next_of("refused"), ContainsSubstring(R"("code":"quarantined")"));
    bob.send(R"({"type":"open","document":"acme/workspace"})");
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("document":"acme/workspace")"));
}

TEST_CASE("[HS5] a client that comes back ends its older session", "[runtime]")
{
    running_server server;
    test_peer old{server.runtime, 0};
    join(old, "ann-0123456789");
    test_peer fresh{server.runtime, 1};
    join(fresh, "ann-0123456789");
    CHECK_THAT(old.next_of("bye"), ContainsSubstring(R"("code":"replaced")") && ContainsSubstring(R"("again":false)"));
    CHECK(old.wait_for_close() == 4100);
    fresh.send(create(1, 0, "o1"));
    static_cast<void>(fresh.next_of("commit"));
}

TEST_CASE("[CM3] a reader that fell off the ring catches up and misses nothing", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    test_peer slow{server.runtime, 1};
    join(ann, "ann-0123456789");
    join(slow, "slow-0123456789");
    slow.stop_reading();

    const std::uint64_t changes = 1'000 + runtime::bounds{}.ring_frames;
    ann.send(create(1, 0, "o1"));
    static_cast<void>(ann.next_of("commit"));
    for (std::uint64_t seq = 2; seq <= changes; ++seq) {
        ann.send(std::string{R"({"type":"change","document":")"} + plan + R"(","seq":)" + std::to_string(seq) +
                 R"(,"base":)" + std::to_string(seq - 1) +
                 R"(,"ops":[{"op":"set","id":"o1","field":"priority","value":)" + (seq % 2 == 0 ? "true" : "false") +
                 "}]}");
        static_cast<void>(ann.next_of("commit"));
    }
    slow.resume_reading();
    CHECK_THAT(slow.next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
    const std::string until = R"("revision":)" + std::to_string(changes) + ",";
    while (slow.next_of("commit").find(until) == std::string::npos) {
    }
}

TEST_CASE("[OD5] who comes back to a server that was restarted gets the figures of now", "[runtime]")
{
    storage::memory_log log{"epoch1"};
    {
        runtime::server_runtime before{log, {.threads = 1, .server_name = "okra test"}};
        before.start();
        test_peer ann{before, 0};
        join(ann, "ann-0123456789");
        ann.send(create(1, 0, "o1"));
        static_cast<void>(ann.next_of("commit"));
    }
    // Nothing was committed meanwhile, but the day may be another one.
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer ann{server, 0};
    ann.say_hello("ann-0123456789");
    ann.send(open(R"(,"epoch":"epoch1","revision":1)"));
    CHECK_THAT(ann.next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
    CHECK_THAT(ann.next_of("derived"), ContainsSubstring(R"("o1":{)"));
}

TEST_CASE("[CM3] a reader that writes while the tail that it missed is being read gets both", "[runtime]")
{
    tests::gated_log log;
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer ann{server, 0};
    test_peer slow{server, 0};
    join(ann, "ann-0123456789");
    join(slow, "slow-0123456789");
    slow.stop_reading();
    for (std::uint64_t seq = 1; seq <= 90; ++seq) {  // together more than the ring's bytes
        ann.send(std::string{R"({"type":"change","document":")"} + plan + R"(","seq":)" + std::to_string(seq) +
                 R"(,"base":)" + std::to_string(seq - 1) +
                 R"(,"ops":[{"op":"edit","id":"plan","field":"note","edit":[")" + std::string(60'000, 'x') +
                 R"("]},{"op":"edit","id":"plan","field":"note","edit":[{"d":60000}]}]})");
        static_cast<void>(ann.next_of("commit"));
    }
    log.reads.close();
    slow.resume_reading();
    log.reads.await_somebody();
    slow.send(create(1, 90, "o1"));
    CHECK_THAT(ann.next_of("commit"), ContainsSubstring(R"("id":"o1")"));
    log.reads.open();
    CHECK_THAT(slow.next_of("opened"), ContainsSubstring(R"("mode":"tail")") && ContainsSubstring(R"("seq":0)"));
    while (slow.next_of("commit").find(R"("id":"o1")") == std::string::npos) {
    }
}

TEST_CASE("[CH8] a change that comes before the document is opened is told so", "[runtime]")
{
    tests::gated_log log;
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer ann{server, 0};
    join(ann, "ann-0123456789");
    log.reads.close();
    test_peer bob{server, 0};
    bob.say_hello("bob-0123456789");
    bob.send(open());
    log.reads.await_somebody();
    bob.send(create(1, 0, "o1"));
    CHECK_THAT(bob.next_of("refused"),
               ContainsSubstring(R"("code":"not_open")") && ContainsSubstring(R"("final":false)"));
    log.reads.open();
    static_cast<void>(bob.next_of("part"));
    bob.send(create(1, 0, "o1"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring("bob-0123456789"));
}

TEST_CASE("[ER5] a failing disk is told, nothing is acknowledged, and it goes on afterwards", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    test_peer bob{server.runtime, 1};
    join(ann, "ann-0123456789");
    join(bob, "bob-0123456789");

    server.log.fail_writes({});
    ann.send(create(1, 0, "o1"));
    CHECK_THAT(ann.next_of("refused"),
               ContainsSubstring(R"("code":"unavailable")") && ContainsSubstring(R"("final":false)"));
    CHECK_THAT(bob.next_of("notice"), ContainsSubstring("storage_failed"));
    server.log.repair();
    CHECK_THAT(bob.next_of("notice"), ContainsSubstring("storage_recovered"));
    static_cast<void>(ann.next_of("opened"));
    ann.send(create(1, 0, "o1"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("revision":1)"));
}

TEST_CASE("[ER5] who does not read while the document is loaded anew misses nothing, though others there leave",
          "[runtime]")
{
    running_server server;
    runtime::worker& first = server.runtime.worker_at(0);
    const std::size_t elsewhere = &first.shared().home_of(plan) == &first ? 1 : 0;
    test_peer slow{server.runtime, elsewhere};
    join(slow, "slow-0123456789");
    slow.stop_reading();
    {
        test_peer ann{server.runtime, elsewhere};
        join(ann, "ann-0123456789");
        server.log.fail_writes({});
        ann.send(create(1, 0, "o1"));
        static_cast<void>(ann.next_of("refused"));
        server.log.repair();
        static_cast<void>(ann.next_of("opened"));
        ann.send(create(1, 0, "o1"));
        static_cast<void>(ann.next_of("commit"));
    }
    test_peer bob{server.runtime, elsewhere};  // what ann's leaving left to do there is done when he is served
    bob.say_hello("bob-0123456789");
    slow.resume_reading();
    CHECK_THAT(slow.next_of("commit"), ContainsSubstring(R"("id":"o1")"));
}

TEST_CASE("[ER5] a change to a document that has left memory meanwhile is answered, and is sent again", "[runtime]")
{
    running_server server{2, {.snapshot_age_ms = 0, .idle_documents = 0}};
    runtime::worker& first = server.runtime.worker_at(0);
    runtime::worker& home = first.shared().home_of(plan);
    const std::size_t elsewhere = &home == &first ? 1 : 0;
    test_peer slow{server.runtime, elsewhere};
    join(slow, "slow-0123456789");
    slow.stop_reading();  // it does not hear that the document is opened again, by others who then leave
    {
        test_peer ann{server.runtime, elsewhere};
        join(ann, "ann-0123456789");
        server.log.fail_writes({});
        ann.send(create(1, 0, "o1"));
        static_cast<void>(ann.next_of("refused"));
        server.log.repair();
        static_cast<void>(ann.next_of("opened"));
    }
    for (bool has_left = false; !has_left;) {
        std::promise<bool> found;
        home.post([&] { found.set_value(home.find_actor(plan) == nullptr); });
        has_left = found.get_future().get();
    }
    slow.send(create(1, 0, "o1"));
    slow.resume_reading();
    CHECK_THAT(slow.next_of("refused"),
               ContainsSubstring(R"("code":"not_open")") && ContainsSubstring(R"("final":false)"));
    static_cast<void>(slow.next_of("opened"));
    slow.send(create(1, 0, "o1"));
    CHECK_THAT(slow.next_of("commit"), ContainsSubstring(R"("id":"o1")"));
}

TEST_CASE("[HS5] a forgotten connection that catches up does not replace the one that its client has now", "[runtime]")
{
    running_server server;
    test_peer forgotten{server.runtime, 0};
    test_peer bob{server.runtime, 1};
    join(forgotten, "ann-0123456789");
    join(bob, "bob-0123456789");
    forgotten.stop_reading();
    server.log.fail_writes({});
    bob.send(create(1, 0, "o1"));
    CHECK_THAT(bob.next_of("notice"), ContainsSubstring("storage_failed"));
    server.log.repair();
    static_cast<void>(bob.next_of("opened"));  // from another worker, perhaps before the notice that storage works

    test_peer now{server.runtime, 1};
    join(now, "ann-0123456789");
    forgotten.resume_reading();
    CHECK(forgotten.wait_for_close() == 4100);
    now.send(create(1, 0, "o1"));
    CHECK_THAT(now.next_of("commit"), ContainsSubstring(R"("revision":1)"));
}

TEST_CASE("[ER8] what is refused takes from the day's bytes, and then nothing is written any more", "[runtime]")
{
    running_server server{2, {.snapshot_age_ms = 0, .document_bytes_per_day = 4000}};
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    const auto refused = [&](std::uint64_t seq) {
        ann.send(std::string{R"({"type":"change","document":")"} + plan + R"(","seq":)" + std::to_string(seq) +
                 R"(,"base":0,"ops":[{"op":"remove","id":"nobody"}]})");
        return ann.next_of("refused");
    };
    std::uint64_t seq = 1;
    std::string told = refused(seq);
    while (told.find("quota_exceeded") == std::string::npos && seq < 100) told = refused(++seq);
    CHECK_THAT(told, ContainsSubstring(R"("code":"quota_exceeded")") && ContainsSubstring(R"("final":true)"));
    while (told.find("unavailable") == std::string::npos && seq < 100) told = refused(++seq);
    CHECK_THAT(told, ContainsSubstring(R"("code":"unavailable")") && ContainsSubstring(R"("final":false)"));
    CHECK(seq < 100);
    const auto stored = server.log.last_outcome(plan, "ann-0123456789");
    REQUIRE(stored.has_value());
    CHECK((*stored)->seq == sequence{seq - 1});
    CHECK_THAT(refused(seq), ContainsSubstring(R"("code":"unavailable")"));
    CHECK_THAT(refused(seq - 1), ContainsSubstring(R"("code":"quota_exceeded")"));  // sent again: its first outcome
    CHECK((*server.log.last_outcome(plan, "ann-0123456789"))->seq == sequence{seq - 1});
}

TEST_CASE("[OD2] what is decided after `opened` was made is told after it", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    ann.stop_reading();
    ann.send(std::string{R"({"type":"open","document":")"} + plan + R"("})");
    test_peer bob{server.runtime, 1};
    join(bob, "bob-0123456789");
    ann.send(std::string{R"({"type":"change","document":")"} + plan +
             R"(","seq":1,"base":0,"ops":[{"op":"remove","id":"nobody"}]})");
    bob.send(create(1, 0, "o1"));  // is on the disk with it, or after it
    static_cast<void>(bob.next_of("commit"));
    ann.resume_reading();
    CHECK_THAT(ann.next(), ContainsSubstring(R"("type":"opened")") && ContainsSubstring(R"("seq":0)"));
    CHECK_THAT(ann.next_of("refused"), ContainsSubstring(R"("seq":1)"));
}

TEST_CASE("[ER5] a write that failed but stayed is found again, once", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    test_peer bob{server.runtime, 1};
    join(ann, "ann-0123456789");
    join(bob, "bob-0123456789");

    server.log.fail_writes({.write_stays = true});
    ann.send(create(1, 0, "o1"));
    static_cast<void>(ann.next_of("refused"));
    server.log.repair();
    static_cast<void>(ann.next_of("opened"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("id":"o1")"));
    ann.send(create(1, 0, "o1"));
    CHECK_THAT(ann.next_of("notice"), ContainsSubstring("already_committed"));
}

TEST_CASE("[PR2] people see each other come, move and go", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    {
        test_peer bob{server.runtime, 1};
        join(bob, "bob-0123456789");
        CHECK_THAT(ann.next_of("presence"), ContainsSubstring("bob-0123456789"));
        bob.send(std::string{R"({"type":"presence","document":")"} + plan +
                 R"(","at":{"entity":"plan","field":"title"}})");
        CHECK_THAT(ann.next_of("presence"), ContainsSubstring(R"("field":"title")"));
    }
    CHECK_THAT(ann.next_of("presence"), ContainsSubstring(R"("gone":[)"));
}

TEST_CASE("[OD1] a viewer is not listed and cannot change anything", "[runtime]")
{
    running_server server;
    test_peer screen{server.runtime, 0};
    screen.say_hello("screen-0123456789");
    screen.send(open(R"(,"view":true)"));
    CHECK_THAT(screen.next_of("opened"), ContainsSubstring(R"("people":[])"));
    screen.send(create(1, 0, "o1"));
    CHECK_THAT(screen.next_of("refused"), ContainsSubstring(R"("code":"forbidden")"));
}

TEST_CASE("[RC1] draining writes what was accepted, then says when to come back", "[runtime]")
{
    running_server server;
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    ann.send(create(1, 0, "o1"));
    server.runtime.drain([] {});
    static_cast<void>(ann.next_of("commit"));
    CHECK_THAT(ann.next_of("bye"), ContainsSubstring(R"("again":true)") && ContainsSubstring(R"("code":"shutdown")"));
    CHECK(ann.wait_for_close() == 4000);
}

TEST_CASE("[ER2] a connection that keeps talking nonsense is ended", "[runtime]")
{
    running_server server;
    test_peer peer{server.runtime, 0};
    peer.say_hello("peer-0123456789");
    for (int count = 0; count <= 20; ++count) peer.send("nonsense");
    CHECK_THAT(peer.next_of("bye"), ContainsSubstring(R"("code":"hostile")"));
}

TEST_CASE("[LV1] a peer that is silent for too long is ended, and may come back", "[runtime]")
{
    running_server server;
    test_peer peer{server.runtime, 0};
    peer.say_hello("peer-0123456789");
    peer.sweep_after(81'000);
    CHECK_THAT(peer.next_of("bye"), ContainsSubstring(R"("code":"idle")") && ContainsSubstring(R"("again":true)"));
}

TEST_CASE("[HS3] a connection that does not say hello is ended, and may come back", "[runtime]")
{
    running_server server;
    test_peer peer{server.runtime, 0};
    peer.sweep_after(11'000);
    CHECK_THAT(peer.next_of("bye"), ContainsSubstring(R"("code":"idle")") && ContainsSubstring(R"("again":true)"));
    CHECK(peer.wait_for_close() == 4002);
}
