// SPEC §3 against the real server: opening, resuming, closing.
#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

TEST_CASE("[OD8] a document that was never changed opens empty at revision 0", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    const auto it = client.open(plan);
    CHECK(it.at == revision{0});
    CHECK(it.mode == wire::open_mode::snapshot);
    CHECK(it.seq == sequence{0});
    CHECK(std::holds_alternative<std::monostate>(it.last));
}

TEST_CASE("[OD8] another workspace's document is forbidden, and so is what is no name", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    client.send(R"({"type":"open","document":"rival/workspace"})");
    const auto refused = client.next_of<wire::refused>();
    CHECK(refused.why.code == refusal_code::forbidden);
    CHECK(refused.document == "rival/workspace");
    for (const char* name : {"", "acme", "acme/plan", "acme/plan/../x", "acme/workspace/", "acme/plan/a b/c"}) {
        client.send(fmt::format(R"({{"type":"open","document":"{}"}})", name));
        CHECK(client.next_refusal() == refusal_code::malformed);
    }
    CHECK(client.is_alive());
}

TEST_CASE("[OD3] [OD4] a snapshot is the whole document", "[integration]")
{
    live_server server;
    {
        okra_client author{server.port(), "c1"};
        static_cast<void>(author.open(plan));
        author.change(
            plan, 1, 0,
            R"({"op":"create","id":"o1","kind":"objective","parent":"plan","fields":{"title":"Ship it ü 目标 🚀"}})");
        CHECK(author.next_of<wire::commit>().last == revision{1});
    }
    // A server may give a snapshot that it has at hand and the commits since (OD7); a new one has none.
    server.process().kill_now();
    server.start_again();

    okra_client reader{server.port(), "c2"};
    reader.send(fmt::format(R"({{"type":"open","document":"{}"}})", plan));
    const auto opened = reader.next_of<wire::opened>();
    CHECK(opened.at == revision{1});
    CHECK(opened.people.size() == 1);
    std::vector<document::entity_id> ids;
    for (std::uint32_t left = opened.parts; left != 0; --left) {
        for (const auto& it : reader.next_of<wire::part>().entities) ids.push_back(it.id);
    }
    CHECK(ids == std::vector<document::entity_id>{"plan", "o1"});
}

TEST_CASE("[OD6] a resume that cannot be given is a snapshot", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    const std::string epoch = client.open(plan).epoch;
    client.send(fmt::format(R"({{"type":"open","document":"{}","epoch":"other","revision":0}})", plan));
    CHECK(client.next_of<wire::opened>().mode == wire::open_mode::snapshot);
    client.send(fmt::format(R"({{"type":"open","document":"{}","epoch":"{}","revision":999}})", plan, epoch));
    const auto it = client.next_of<wire::opened>();
    CHECK(it.mode == wire::open_mode::snapshot);
    CHECK_FALSE(it.recovered);
}

TEST_CASE("[OD9] a closed document says nothing more", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    okra_client leaver{server.port(), "c2"};
    static_cast<void>(author.open(plan));
    static_cast<void>(leaver.open(plan));
    leaver.send(fmt::format(R"({{"type":"close","document":"{}"}})", plan));
    CHECK(leaver.is_alive());
    author.change(plan, 1, 0, create_first);
    static_cast<void>(author.next_of<wire::commit>());
    leaver.change(plan, 1, 0, create_first);
    CHECK(leaver.next_refusal() == refusal_code::not_open);
}

TEST_CASE("[OD9] at most 16 documents are open at once", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    for (int index = 0; index < 16; ++index) static_cast<void>(client.open(fmt::format("acme/plan/t{}/c", index)));
    client.send(R"({"type":"open","document":"acme/plan/more/c"})");
    CHECK(client.next_refusal() == refusal_code::too_many_documents);
    static_cast<void>(client.open("acme/plan/t0/c"));  // anew: not one more
}

TEST_CASE("[OD1] a viewer sees everything and changes nothing", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    okra_client viewer{server.port(), "c2"};
    static_cast<void>(author.open(plan));
    viewer.send(fmt::format(R"({{"type":"open","document":"{}","view":true}})", plan));
    CHECK(viewer.next_of<wire::opened>().people.size() == 1);
    viewer.change(plan, 1, 0, create_first);
    CHECK(viewer.next_refusal() == refusal_code::forbidden);
    author.change(plan, 1, 0, create_first);
    CHECK(viewer.next_of<wire::commit>().last == revision{1});
}

}  // namespace okra::test
