// What the list of workspaces costs, and that it is right.
#include "server/runtime/workspace_list.hpp"

#include <future>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "gated_log.hpp"
#include "server/runtime/server_runtime.hpp"
#include "test_peer.hpp"

using namespace okra;
using okra::tests::test_peer;

namespace {

struct listing {
    explicit listing(const runtime::bounds& keep = {.snapshot_age_ms = 0})
        : server{log, {.threads = 1, .server_name = "okra test", .keep = keep}}
    {
        server.start();
    }

    std::string list()
    {
        std::promise<std::string> made;
        server.worker_at(0).post([&] { server.list_workspaces([&](std::string json) { made.set_value(json); }); });
        return made.get_future().get();
    }

    tests::gated_log log;
    runtime::server_runtime server;
};

std::string name(std::uint64_t seq, const std::string& edit)
{
    return R"({"type":"change","document":"acme/workspace","seq":)" + std::to_string(seq) + R"(,"base":)" +
           std::to_string(seq - 1) + R"(,"ops":[{"op":"edit","id":"workspace","field":"name","edit":)" + edit + "}]}";
}

void open(test_peer& peer, const std::string& document)
{
    peer.send(R"({"type":"open","document":")" + document + R"("})");
    static_cast<void>(peer.next_of("part"));
}

}  // namespace

TEST_CASE("the list of workspaces reads each once, and follows what they are called", "[runtime]")
{
    listing it;
    CHECK(it.list() == "[]");
    test_peer ann{it.server, 0};
    ann.say_hello("ann-0123456789");
    open(ann, "acme/workspace");
    ann.send(name(1, R"(["Acme"])"));
    static_cast<void>(ann.next_of("commit"));
    const std::string first = R"([{"id":"acme","name":"Acme"}])";
    CHECK(it.list() == first);
    const int reads = it.log.reads_done;
    CHECK(it.list() == first);
    ann.send(name(2, R"([4," Ltd"])"));
    static_cast<void>(ann.next_of("commit"));
    CHECK(it.list() == R"([{"id":"acme","name":"Acme Ltd"}])");
    CHECK(it.log.reads_done == reads);
}

TEST_CASE("a name without a workspace behind it is not listed", "[runtime]")
{
    listing it;
    test_peer ann{it.server, 0};
    ann.say_hello("ann-0123456789");
    open(ann, "acme/plan/team/q4");
    ann.send(R"({"type":"change","document":"acme/plan/team/q4","seq":1,"base":0,)"
             R"("ops":[{"op":"create","id":"o1","kind":"objective","parent":"plan"}]})");
    static_cast<void>(ann.next_of("commit"));
    CHECK(it.list() == "[]");
    open(ann, "acme/workspace");
    ann.send(name(1, R"(["Acme"])"));
    static_cast<void>(ann.next_of("commit"));
    CHECK(it.list() == R"([{"id":"acme","name":"Acme"}])");
}
