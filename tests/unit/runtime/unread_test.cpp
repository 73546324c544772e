// What readers that do not read may cost (SPEC CM3, docs/operations.md "Limits"): places, not bytes.
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "gated_log.hpp"
#include "running_server.hpp"
#include "test_peer.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::test_peer;

namespace {

constexpr const char* plan = "acme/plan/team/q4";
constexpr std::size_t note_bytes = 2'000;

std::string open(const std::string& rest = "", const std::string& document = plan)
{
    return R"({"type":"open","document":")" + document + '"' + rest + '}';
}

// The note, written anew.
std::string rewrite(std::uint64_t seq, const std::string& document = plan)
{
    const std::string erase = seq == 1 ? "" : R"(,{"d":)" + std::to_string(note_bytes) + '}';
    return R"({"type":"change","document":")" + document + R"(","seq":)" + std::to_string(seq) + R"(,"base":)" +
           std::to_string(seq - 1) + R"(,"ops":[{"op":"edit","id":"plan","field":"note","edit":[")" +
           std::string(note_bytes, 'x') + '"' + erase + "]}]}";
}

void join(test_peer& peer, const std::string& client, const std::string& document = plan)
{
    peer.say_hello(client);
    peer.send(open("", document));
    static_cast<void>(peer.next_of("part"));
}

void rewrite_times(test_peer& author, std::uint64_t from, std::uint64_t to, const std::string& document = plan)
{
    for (std::uint64_t seq = from; seq <= to; ++seq) {
        author.send(rewrite(seq, document));
        static_cast<void>(author.next_of("commit"));
    }
}

// A log with a history, and on it a server whose ring is empty.
struct history {
    explicit history(std::uint64_t changes, const runtime::bounds& keep = {})
    {
        {
            runtime::server_runtime before{log, {.threads = 1, .server_name = "okra test"}};
            before.start();
            test_peer ann{before, 0};
            join(ann, "ann-0123456789");
            rewrite_times(ann, 1, changes);
        }
        server = std::make_unique<runtime::server_runtime>(
            log, runtime::server_runtime::options{.threads = 2, .server_name = "okra test", .keep = keep});
        server->start();
    }

    tests::gated_log log;
    std::unique_ptr<runtime::server_runtime> server;
};

// What it has after all that comes up to this revision: of commits without a gap.
std::uint64_t read_up_to(test_peer& peer, std::uint64_t has, std::uint64_t until)
{
    while (has < until) {
        const std::string commit = peer.next_of("commit");
        const std::size_t at = commit.find(R"("revision":)") + 11;
        const std::uint64_t last = std::stoull(commit.substr(at));
        std::uint64_t changes = 0;
        for (auto found = commit.find(R"("client":)"); found != std::string::npos;
             found = commit.find(R"("client":)", found + 1)) {
            ++changes;
        }
        REQUIRE(last - changes == has);
        has = last;
    }
    return has;
}

}  // namespace

TEST_CASE("[CM3] a tail from the log is read in pieces, as its reader takes them", "[runtime]")
{
    constexpr std::uint64_t changes = 60;
    const history past{changes, {.piece_bytes = 3 * note_bytes}};
    runtime::server_runtime& server = *past.server;
    std::vector<std::unique_ptr<test_peer>> deaf;
    for (int count = 0; count < 10; ++count) {
        test_peer& it = *deaf.emplace_back(std::make_unique<test_peer>(server, count % 2));
        it.say_hello("deaf-012345678" + std::to_string(count));
        it.stop_writing_after(1);  // `opened` and the figures; a piece stays under way
        it.send(open(R"(,"epoch":"epoch1","revision":1)"));
    }
    // As much as their pieces, and not their tails.
    const std::size_t pieces = deaf.size() * 2 * note_bytes;
    while (server.shared().unread.used() < pieces) {
    }
    CHECK(server.shared().unread.used() < 2 * pieces);
    CHECK(runtime::frame::bytes_alive() < 4 * pieces);
    for (const auto& it : deaf) {
        it->resume_writing();
        CHECK_THAT(it->next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
        CHECK(read_up_to(*it, 1, changes) == changes);
    }
}

TEST_CASE("[CM3] a tail that has become longer than its limit gives way to a snapshot", "[runtime]")
{
    const history past{60, {.piece_bytes = 3 * note_bytes, .tail_bytes = 20 * note_bytes}};
    test_peer bob{*past.server, 0};
    bob.say_hello("bob-0123456789");
    bob.send(open(R"(,"epoch":"epoch1","revision":1)"));
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
    CHECK_THAT(bob.next_of("opened"),
               ContainsSubstring(R"("revision":60,"mode":"snapshot")") && ContainsSubstring(R"("recovered":false)"));
    CHECK_THAT(bob.next_of("part"), ContainsSubstring(R"("revision":60)"));
}

TEST_CASE("[CM3] a tail that cannot be read gives way to a snapshot, as what is in memory is sound", "[runtime]")
{
    history past{5};
    test_peer ann{*past.server, 0};
    join(ann, "ann-0123456789");
    past.log.damage(plan, {3});
    test_peer bob{*past.server, 0};
    bob.say_hello("bob-0123456789");
    bob.send(open(R"(,"epoch":"epoch1","revision":1)"));
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("revision":5,"mode":"snapshot")"));
}

TEST_CASE("[CM3] who opens a document over and over is looked up and read for once at a time", "[runtime]")
{
    history past{60};
    test_peer ann{*past.server, 0};
    join(ann, "ann-0123456789");
    test_peer bob{*past.server, 0};
    bob.say_hello("bob-0123456789");
    past.log.reads.close();
    past.log.reads_done = 0;
    for (int count = 0; count < 300; ++count) bob.send(open(R"(,"epoch":"epoch1","revision":1)"));
    past.log.reads.await_somebody();
    past.log.reads.open();
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
    CHECK(read_up_to(bob, 1, 60) == 60);
    CHECK(past.log.reads_done <= 3);  // the outcome, and a piece
}

TEST_CASE("[OD9] who closes a document while it is being opened is not there", "[runtime]")
{
    history past{1};
    test_peer ann{*past.server, 0};
    join(ann, "ann-0123456789");
    test_peer bob{*past.server, 0};
    bob.say_hello("bob-0123456789");
    past.log.reads.close();
    bob.send(open());
    past.log.reads.await_somebody();
    bob.send(R"({"type":"close","document":")" + std::string{plan} + R"("})");
    past.log.reads.open();
    test_peer eve{*past.server, 0};
    eve.say_hello("eve-0123456789");
    eve.send(open());
    CHECK_THAT(eve.next_of("opened"), !ContainsSubstring("bob-0123456789"));
}

TEST_CASE("[CM3] who does not take a snapshot gives it back when there is a newer one, and gets that when it reads",
          "[runtime]")
{
    tests::running_server server{2, {.unread_bytes = 1, .snapshot_age_ms = 0}};
    runtime::server_runtime& runtime = server.runtime;
    test_peer ann{runtime, 0};
    join(ann, "ann-0123456789");
    rewrite_times(ann, 1, 3);
    test_peer deaf{runtime, 1};
    deaf.say_hello("deaf-0123456789");
    deaf.stop_reading();
    deaf.send(open(R"(,"view":true)"));
    test_peer bob{runtime, 1};
    join(bob, "bob-0123456789");  // from the same snapshot
    rewrite_times(ann, 4, 5);
    test_peer eve{runtime, 1};
    join(eve, "eve-0123456789");  // from a newer one
    eve.send(R"({"type":"ping"})");
    static_cast<void>(eve.next_of("pong"));

    deaf.resume_reading();
    CHECK_THAT(deaf.next_of("opened"), ContainsSubstring(R"("revision":3,"mode":"snapshot")"));
    CHECK_THAT(deaf.next(), ContainsSubstring(R"("type":"opened")") && ContainsSubstring(R"("revision":5)"));
    CHECK_THAT(deaf.next_of("part"), ContainsSubstring(R"("revision":5)"));
}

TEST_CASE("a peer that does not read while too much is unread is ended, and may come back", "[runtime]")
{
    const history past{60, {.unread_bytes = 1, .piece_bytes = 3 * note_bytes}};
    test_peer deaf{*past.server, 0};
    deaf.say_hello("deaf-0123456789");
    deaf.stop_writing_after(0);
    deaf.send(open());
    // Seen by somebody else, it has what it does not read.
    test_peer bob{*past.server, 1};
    join(bob, "bob-0123456789");
    bob.send(open());
    while (bob.next().find("deaf-0123456789") == std::string::npos) {
    }
    for (int second = 0; second < 40; ++second) deaf.sweep_after(0);
    CHECK(deaf.wait_for_close() == 4001);
}

TEST_CASE("answers that nobody reads are bounded", "[runtime]")
{
    tests::running_server server;
    test_peer deaf{server.runtime, 0};
    deaf.say_hello("deaf-0123456789");
    deaf.stop_reading();
    for (int count = 0; count < 1100; ++count) deaf.send(open("", "another/plan/team/q4"));
    CHECK(deaf.wait_for_close() == 4001);
}

TEST_CASE("all rings of a worker together are bounded: the largest give way", "[runtime]")
{
    constexpr std::size_t rings_bytes = 40'000;
    tests::running_server server{1, {.rings_bytes = rings_bytes}};
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    std::vector<std::string> documents;
    for (int count = 0; count < 4; ++count) {
        documents.push_back("acme/plan/team" + std::to_string(count) + "/q4");
        ann.send(open("", documents.back()));
        static_cast<void>(ann.next_of("part"));
        rewrite_times(ann, 1, 10, documents.back());
    }
    std::size_t bytes = 0;
    for (const std::string& it : documents) {
        const runtime::frame_ring& ring = server.runtime.worker_at(0).find_fanout(it)->ring();
        CHECK(ring.end() > ring.begin());
        bytes += ring.bytes();
    }
    CHECK(bytes <= rings_bytes);
}
