// SPEC §4 against the real server: what becomes of changes.
#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

TEST_CASE("[CM1] [CM2] a commit reaches its author and the others with the same revision", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    okra_client other{server.port(), "c2"};
    static_cast<void>(author.open(plan));
    static_cast<void>(other.open(plan));
    author.change(plan, 1, 0, create_first);
    for (okra_client* it : {&author, &other}) {
        const auto commit = it->next_of<wire::commit>();
        CHECK(commit.last == revision{1});
        REQUIRE(commit.changes.size() == 1);
        CHECK(commit.changes.front().client == "c1");
        CHECK(commit.changes.front().seq == sequence{1});
    }
}

TEST_CASE("[CH5] a resent change gets its first answer and is not applied again", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    author.change(plan, 1, 0, create_first);
    static_cast<void>(author.next_of<wire::commit>());
    author.change(plan, 1, 0, create_first);
    const auto notice = author.next_of<wire::notice>();
    CHECK(notice.code == "already_committed");
    CHECK(notice.at == revision{1});

    author.change(plan, 2, 1, create_first);
    CHECK(author.next_refusal() == refusal_code::id_exists);
    author.change(plan, 2, 1, create_first);
    const auto again = author.next_of<wire::refused>();
    CHECK(again.why.code == refusal_code::id_exists);
    CHECK(again.final);
}

TEST_CASE("[CH5] a resent change gets its first answer from another connection and after a restart, too",
          "[integration]")
{
    live_server server;
    {
        okra_client author{server.port(), "c1"};
        static_cast<void>(author.open(plan));
        author.change(plan, 1, 0, create_first);
        static_cast<void>(author.next_of<wire::commit>());
    }
    server.process().kill_now();
    server.start_again();
    okra_client back{server.port(), "c1"};
    const auto opened = back.open(plan);
    CHECK(opened.seq == sequence{1});
    REQUIRE(std::holds_alternative<wire::committed_outcome>(opened.last));
    CHECK(std::get<wire::committed_outcome>(opened.last).at == revision{1});
    back.change(plan, 1, 0, create_first);
    CHECK(back.next_of<wire::notice>().at == revision{1});
}

TEST_CASE("[CH6] a gap in the sequence uses nothing up", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    author.change(plan, 3, 0, create_first);
    const auto refused = author.next_of<wire::refused>();
    CHECK(refused.why.code == refusal_code::seq_gap);
    CHECK_FALSE(refused.final);
    author.change(plan, 1, 0, create_first);
    CHECK(author.next_of<wire::commit>().last == revision{1});
}

TEST_CASE("[CH7] a base from the future is refused", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    author.change(plan, 1, 7, create_first);
    CHECK(author.next_refusal() == refusal_code::base_ahead);
}

TEST_CASE("[CH8] a change in a document that is not open is refused", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    author.change(plan, 1, 0, create_first);
    const auto refused = author.next_of<wire::refused>();
    CHECK(refused.why.code == refusal_code::not_open);
    CHECK(refused.seq == sequence{1});
}

TEST_CASE("[CH4] one bad op refuses the whole change", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    author.change(plan, 1, 0,
                  fmt::format(R"({},{{"op":"set","id":"nobody","field":"priority","value":true}})", create_first));
    const auto refused = author.next_of<wire::refused>();
    CHECK(refused.why.code == refusal_code::entity_missing);
    CHECK(refused.why.op_index == 1U);
    CHECK(refused.final);
    author.change(plan, 2, 0, create_first);
    CHECK(author.next_of<wire::commit>().last == revision{1});
}

TEST_CASE("[OP2] the loser of a simultaneous set is told with both values", "[integration]")
{
    const live_server server;
    okra_client first{server.port(), "c1"};
    okra_client second{server.port(), "c2"};
    static_cast<void>(first.open(plan));
    static_cast<void>(second.open(plan));
    first.change(plan, 1, 0, create_first);
    static_cast<void>(first.next_of<wire::commit>());
    first.change(plan, 2, 1, R"({"op":"set","id":"o1","field":"weight","value":0.25})");
    static_cast<void>(first.next_of<wire::commit>());
    second.change(plan, 1, 1, R"({"op":"set","id":"o1","field":"weight","value":0.75})");
    const auto commit = first.next_of<wire::commit>();
    const auto& op = std::get<document::set_op>(commit.changes.front().ops.front());
    REQUIRE(op.over);
    CHECK(op.over->client == "c1");
    CHECK(op.over->at == revision{2});
    CHECK(std::get<double>(op.over->value) == 0.25);
}

TEST_CASE("[TX3] simultaneous edits of one text both arrive", "[integration]")
{
    const live_server server;
    okra_client first{server.port(), "c1"};
    okra_client second{server.port(), "c2"};
    static_cast<void>(first.open(plan));
    static_cast<void>(second.open(plan));
    first.change(plan, 1, 0, R"({"op":"edit","id":"plan","field":"title","edit":["one "]})");
    static_cast<void>(first.next_of<wire::commit>());
    second.change(plan, 1, 0, R"({"op":"edit","id":"plan","field":"title","edit":["two"]})");
    const auto commit = first.next_of<wire::commit>();
    const auto& op = std::get<document::edit_op>(commit.changes.front().ops.front());
    CHECK(op.edit == document::text_edit{document::text_skip{4}, document::text_insert{"two"}});
}

TEST_CASE("[PR1] [PR2] people see where others are", "[integration]")
{
    const live_server server;
    okra_client first{server.port(), "c1"};
    okra_client second{server.port(), "c2"};
    static_cast<void>(first.open(plan));
    static_cast<void>(second.open(plan));
    second.send(fmt::format(R"({{"type":"presence","document":"{}","at":{{"entity":"plan","field":"title"}}}})", plan));
    // Coming and going is told in the same deltas, so the place may be in any of them.
    std::optional<wire::presence_place> seen;
    while (!seen) {
        for (const auto& it : first.next_of<wire::presence_news>().people.people) {
            if (it.client == "c2") seen = it.at;
        }
    }
    CHECK(seen->entity == "plan");
    CHECK(seen->field == "title");
}

}  // namespace okra::test
