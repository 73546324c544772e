// What has been taken from a client and is not decided: changes on their way to another worker, clients that wait to be
// let in.
#include <cstddef>
#include <future>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "gated_log.hpp"
#include "running_server.hpp"
#include "server/runtime/document_actor.hpp"
#include "test_peer.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::gated_log;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

const std::string ann = "ann-0123456789";
const std::string bob = "bob-0123456789";

std::string open(const std::string& document)
{
    return R"({"type":"open","document":")" + document + R"("})";
}

std::string close(const std::string& document)
{
    return R"({"type":"close","document":")" + document + R"("})";
}

std::string create(const std::string& document, int number)
{
    return fmt::format(R"({{"type":"change","document":"{}","seq":{},"base":{},"ops":[{{"op":"create","id":"o{}",)"
                       R"("kind":"objective","parent":"plan"}}]}})",
                       document, number, number - 1, number);
}

std::string plan_of(const runtime::worker& home, const runtime::server_runtime& server)
{
    for (int number = 0;; ++number) {
        std::string name = "acme/plan/team" + std::to_string(number) + "/q4";
        if (&server.shared().home_of(name) == &home) return name;
    }
}

// Once the worker has done all that it was given before.
template <typename Ask>
auto ask(runtime::worker& it, Ask what)
{
    std::promise<decltype(what())> answer;
    it.post([&] { answer.set_value(what()); });
    return answer.get_future().get();
}

}  // namespace

TEST_CASE("changes on their way to a busy worker are counted, and then nothing more is read", "[runtime]")
{
    running_server server{2, {.under_way_bytes = 100}};
    runtime::worker& home = server.runtime.worker_at(1);
    const std::string plan = plan_of(home, server.runtime);
    test_peer author{server.runtime, 0};
    author.say_hello(ann);
    author.send(open(plan));
    static_cast<void>(author.next_of("part"));
    CHECK_FALSE(server.runtime.is_congested());

    std::promise<void> free;
    home.post([wait = free.get_future().share()] { wait.get(); });
    author.send(create(plan, 1));
    CHECK(ask(server.runtime.worker_at(0), [&] { return server.runtime.is_congested(); }));
    CHECK_THAT(server.runtime.scrape(), !ContainsSubstring("\nokra_changes_under_way_bytes 0\n"));
    free.set_value();
    static_cast<void>(author.next_of("commit"));
    CHECK_FALSE(server.runtime.is_congested());
    CHECK_THAT(server.runtime.scrape(), ContainsSubstring("\nokra_changes_under_way_bytes 0\n"));
}

TEST_CASE("[TX1] an edit of many pieces waits as what it means", "[runtime]")
{
    running_server server{2, {.under_way_bytes = 100'000}};
    runtime::worker& home = server.runtime.worker_at(1);
    const std::string plan = plan_of(home, server.runtime);
    test_peer author{server.runtime, 0};
    author.say_hello(ann);
    author.send(open(plan));
    static_cast<void>(author.next_of("part"));

    std::promise<void> free;
    home.post([wait = free.get_future().share()] { wait.get(); });
    std::string pieces;
    for (int count = 0; count < 10'000; ++count) pieces += "1,";
    author.send(R"({"type":"change","document":")" + plan +
                R"(","seq":1,"base":0,"ops":[{"op":"edit","id":"plan","field":"note","edit":[)" + pieces +
                R"("end"]}]})");
    CHECK_FALSE(ask(server.runtime.worker_at(0), [&] { return server.runtime.is_congested(); }));
    free.set_value();
    CHECK_THAT(author.next_of("commit"), ContainsSubstring(R"(["end"])"));
}

TEST_CASE("a client whose open is dropped while it waits for a snapshot is forgotten", "[runtime]")
{
    gated_log log;
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test", .keep = {.snapshot_age_ms = 0}}};
    server.start();
    runtime::worker& home = server.worker_at(0);
    const std::string plan = "acme/plan/team/q4";
    const auto clients_known = [&] { return ask(home, [&] { return home.find_actor(plan)->clients_known(); }); };
    {
        test_peer author{server, 0};
        author.say_hello(ann);
        author.send(open(plan));
        static_cast<void>(author.next_of("part"));
        author.send(create(plan, 1));
        static_cast<void>(author.next_of("commit"));
        log.appends.close();
        author.send(create(plan, 2));
        log.appends.await_somebody();

        test_peer other{server, 0};
        other.say_hello(bob);
        other.send(open(plan));
        while (clients_known() < 2) {
        }
        other.send(close(plan));
        CHECK(clients_known() == 1);
        // And it may come again.
        other.send(open(plan));
        log.appends.open();
        CHECK_THAT(other.next_of("part"), ContainsSubstring(R"("o2")"));
        CHECK(clients_known() == 2);
    }
}
