// Sessions that leave a document, view it or come again while a change of theirs waits in the lane. Every change waits
// here, and what a test sends in one turn is there before any of it is decided.
#include <cstdint>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "running_server.hpp"
#include "test_peer.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

constexpr runtime::bounds all_wait{.snapshot_age_ms = 0, .lane = {.at_once_us = 0}};

const std::string opens = R"({"type":"open","document":"acme/plan/team/q4"})";
const std::string views = R"({"type":"open","document":"acme/plan/team/q4","view":true})";
const std::string closes = R"({"type":"close","document":"acme/plan/team/q4"})";
const std::string sends_nonsense = R"({"type":"change","document":"acme/plan/team/q4","seq":2,"base":0,"ops":0})";

const std::string ann = "ann-0123456789";
const std::string bob = "bob-0123456789";

std::string create(std::uint64_t seq, const std::string& id)
{
    return fmt::format(R"({{"type":"change","document":"acme/plan/team/q4","seq":{},"base":0,"ops":[{{"op":"create",)"
                       R"("id":"{}","kind":"objective","parent":"plan"}}]}})",
                       seq, id);
}

void join(test_peer& peer, const std::string& client)
{
    peer.say_hello(client);
    peer.send(opens);
    static_cast<void>(peer.next_of("part"));
}

}  // namespace

TEST_CASE("[OD9] a client that views, and comes and goes in another tab, while its change waits ends nothing",
          "[runtime]")
{
    running_server server{1, all_wait};
    test_peer first{server.runtime, 0};
    test_peer second{server.runtime, 0};
    join(first, ann);
    second.say_hello(ann);
    test_peer::send_in_one_turn({{first, create(1, "o1")}, {first, views}, {second, opens}, {second, closes}});

    test_peer other{server.runtime, 0};
    join(other, bob);
    other.send(create(1, "o2"));
    CHECK_THAT(other.next_of("commit"), ContainsSubstring(R"("o2")"));
    CHECK(first.wait_for_close() == 4100);
}

TEST_CASE("[ER4] what cannot be read ends nothing either, whatever its session was before", "[runtime]")
{
    running_server server{1, all_wait};
    test_peer first{server.runtime, 0};
    test_peer second{server.runtime, 0};
    join(first, ann);
    second.say_hello(ann);
    test_peer::send_in_one_turn({{first, create(1, "o1")},
                                 {first, views},
                                 {second, opens},
                                 {second, closes},
                                 {first, opens},
                                 {first, sends_nonsense}});
    test_peer other{server.runtime, 0};
    join(other, bob);
    other.send(create(1, "o2"));
    CHECK_THAT(other.next_of("commit"), ContainsSubstring(R"("o2")"));
}

TEST_CASE("[OD9] [PR2] who goes on to view while a change waits has it decided, and is listed no more", "[runtime]")
{
    running_server server{1, all_wait};
    test_peer author{server.runtime, 0};
    join(author, ann);
    test_peer::send_in_one_turn({{author, create(1, "o1")}, {author, views}});
    CHECK_THAT(author.next_of("opened"), ContainsSubstring(R"("people":[])"));
    CHECK_THAT(author.next_of("commit"), ContainsSubstring(R"("o1")"));
}

TEST_CASE("[OD9] [OD2] who opens a document anew while a change waits is told what became of it", "[runtime]")
{
    running_server server{1, all_wait};
    test_peer author{server.runtime, 0};
    join(author, ann);
    test_peer::send_in_one_turn({{author, create(1, "o1")}, {author, closes}, {author, opens}});
    CHECK_THAT(author.next_of("opened"), ContainsSubstring(R"("seq":1)"));
    CHECK_THAT(author.next_of("part"), ContainsSubstring(R"("o1")"));
    author.send(create(2, "o2"));
    CHECK_THAT(author.next_of("commit"), ContainsSubstring(R"("o2")"));
}

TEST_CASE("[OD9] who comes and goes often while a change waits is in the end where it went last", "[runtime]")
{
    running_server server{1, all_wait};
    test_peer author{server.runtime, 0};
    test_peer other{server.runtime, 0};
    join(author, ann);
    test_peer::send_in_one_turn(
        {{author, create(1, "o1")}, {author, views}, {author, opens}, {author, views}, {author, closes}});
    join(other, bob);
    author.send(create(2, "o2"));
    CHECK_THAT(author.next_of("refused"), ContainsSubstring(R"("code":"not_open")"));
    other.send(opens);
    CHECK_THAT(other.next_of("opened"), !ContainsSubstring(ann));
}

TEST_CASE("[CH5] a change that waits when its client comes in another tab is that one's to send, and decided once",
          "[runtime]")
{
    running_server server{1, all_wait};
    test_peer first{server.runtime, 0};
    test_peer second{server.runtime, 0};
    join(first, ann);
    second.say_hello(ann);
    test_peer::send_in_one_turn({{first, create(1, "o1")}, {second, opens}});
    CHECK(first.wait_for_close() == 4100);
    CHECK_THAT(second.next_of("opened"), ContainsSubstring(R"("seq":0)"));
    second.send(create(1, "o1"));
    CHECK_THAT(second.next_of("commit"), ContainsSubstring(R"("revision":1)"));
}
