// Documents that nobody has open: which stay in memory, and which leave.
#include "server/runtime/idle_documents.hpp"

#include <future>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "running_server.hpp"
#include "server/runtime/document_actor.hpp"
#include "test_peer.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

std::string plan_of(const std::string& team)
{
    return "acme/plan/" + team + "/q4";
}

void open(test_peer& peer, const std::string& document)
{
    peer.send(R"({"type":"open","document":")" + document + R"("})");
    static_cast<void>(peer.next_of("part"));
}

// And has the worker do what follows from it.
void close(test_peer& peer, const std::string& document)
{
    peer.send(R"({"type":"close","document":")" + document + R"("})");
    for (int turn = 0; turn < 5; ++turn) {
        peer.send(R"({"type":"ping"})");
        static_cast<void>(peer.next_of("pong"));
    }
}

void write(test_peer& peer, const std::string& document)
{
    peer.send(R"({"type":"change","document":")" + document +
              R"(","seq":1,"base":0,"ops":[{"op":"create","id":"o1","kind":"objective","parent":"plan"}]})");
    static_cast<void>(peer.next_of("commit"));
}

bool is_in_memory(runtime::server_runtime& server, const std::string& document)
{
    std::promise<bool> found;
    runtime::worker& home = server.worker_at(0);
    home.post([&] { found.set_value(home.find_actor(document) != nullptr); });
    return found.get_future().get();
}

}  // namespace

TEST_CASE("what nobody has open leaves in the order in which it was left, as it is too many or too large", "[runtime]")
{
    runtime::metrics figures;
    runtime::idle_documents idle{figures};
    const auto first = idle.add("a", 100);
    static_cast<void>(idle.add("b", 10));
    CHECK(idle.exceed(1, 1000));
    CHECK(idle.exceed(2, 109));
    CHECK_FALSE(idle.exceed(2, 110));
    CHECK(idle.oldest() == "a");
    idle.remove(first);
    CHECK(idle.oldest() == "b");
    CHECK_FALSE(idle.exceed(1, 10));
    CHECK_THAT(figures.scrape(), ContainsSubstring("\nokra_idle_documents 1\n"));
    CHECK_THAT(figures.scrape(), ContainsSubstring("\nokra_idle_document_bytes 10\n"));
}

TEST_CASE("a document that was never written leaves memory with its last reader, and its workspace with it",
          "[runtime]")
{
    running_server server{1};
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    for (const char* team : {"a", "b"}) open(ann, plan_of(team));
    close(ann, plan_of("a"));
    CHECK_FALSE(is_in_memory(server.runtime, plan_of("a")));
    CHECK(is_in_memory(server.runtime, plan_of("b")));
    CHECK(is_in_memory(server.runtime, "acme/workspace"));
    close(ann, plan_of("b"));
    CHECK_THAT(server.runtime.figures().scrape(), ContainsSubstring("\nokra_documents 0\n"));
    open(ann, plan_of("a"));
}

TEST_CASE("documents that nobody has open are bounded in number: the first that was left leaves", "[runtime]")
{
    running_server server{1, {.snapshot_age_ms = 0, .idle_documents = 2}};
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    for (const char* team : {"a", "b", "c"}) {
        open(ann, plan_of(team));
        write(ann, plan_of(team));
    }
    for (const char* team : {"b", "a", "c"}) close(ann, plan_of(team));
    CHECK_FALSE(is_in_memory(server.runtime, plan_of("b")));
    CHECK(is_in_memory(server.runtime, plan_of("a")));
    CHECK(is_in_memory(server.runtime, plan_of("c")));
    open(ann, plan_of("a"));
    CHECK_THAT(server.runtime.figures().scrape(), ContainsSubstring("\nokra_idle_documents 1\n"));
}

TEST_CASE("documents that nobody has open are bounded in memory, and come back whole", "[runtime]")
{
    running_server server{1, {.snapshot_age_ms = 0, .idle_document_bytes = 1}};
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    open(ann, plan_of("a"));
    write(ann, plan_of("a"));
    close(ann, plan_of("a"));
    CHECK_THAT(server.runtime.figures().scrape(), ContainsSubstring("\nokra_documents 0\n"));
    ann.send(R"({"type":"open","document":")" + plan_of("a") + R"("})");
    CHECK_THAT(ann.next_of("part"), ContainsSubstring(R"("id":"o1")"));
}

TEST_CASE("a large document that leaves memory is written down and freed elsewhere, and comes back whole", "[runtime]")
{
    running_server server{1, {.snapshot_age_ms = 0, .idle_document_bytes = 1}};
    test_peer ann{server.runtime, 0};
    ann.say_hello("ann-0123456789");
    open(ann, plan_of("a"));
    for (int seq = 1; seq <= 2; ++seq) {
        std::string ops;
        for (int number = 0; number < 600; ++number) {
            ops += fmt::format(R"({}{{"op":"create","id":"o{}-{}","kind":"objective","parent":"plan"}})",
                               number == 0 ? "" : ",", seq, number);
        }
        ann.send(fmt::format(R"({{"type":"change","document":"{}","seq":{},"base":{},"ops":[{}]}})", plan_of("a"), seq,
                             seq - 1, ops));
        static_cast<void>(ann.next_of("commit"));
    }
    close(ann, plan_of("a"));
    CHECK_FALSE(is_in_memory(server.runtime, plan_of("a")));
    const auto stored = [&] { return server.log.load(plan_of("a"))->snapshot; };
    while (!stored()) {
    }
    CHECK(stored()->at == revision{2});
    while (server.runtime.shared().documents_put_away != 0) {
    }
    ann.send(R"({"type":"open","document":")" + plan_of("a") + R"("})");
    CHECK_THAT(ann.next_of("part"), ContainsSubstring(R"("id":"o2-599")"));
}
