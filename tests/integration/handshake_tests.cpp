// SPEC §2 and §9 against the real server: the upgrade, hello, liveness, coming back.
#include <csignal>
#include <fstream>
#include <iterator>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include "protocol/wire/client_secret.hpp"
#include "tests/integration/live_server.hpp"

namespace okra::test {

namespace {

unsigned upgrade_status(std::uint16_t port, const std::string& fields)
{
    tcp_client client{port};
    return ask(client, upgrade_request(port, fields)).status;
}

}  // namespace

TEST_CASE("[HS1] only the subprotocol okra.v1 is spoken", "[integration]")
{
    const live_server server;
    CHECK(upgrade_status(server.port(), "Sec-WebSocket-Protocol: chat\r\n") == 400);
    CHECK(upgrade_status(server.port(), "Sec-WebSocket-Protocol: chat, okra.v1\r\n") == 101);
}

TEST_CASE("[HS7] pages of others get 403", "[integration]")
{
    const live_server server{{"--allow-origin", "https://okra.example.com"}};
    const std::string own = fmt::format("http://127.0.0.1:{}", server.port());
    CHECK(upgrade_status(server.port(), "Origin: " + own + "\r\n") == 101);
    CHECK(upgrade_status(server.port(), "Origin: https://okra.example.com\r\n") == 101);
    CHECK(upgrade_status(server.port(), "Origin: https://evil.example.com\r\n") == 403);
    CHECK(upgrade_status(server.port(), "Origin: null\r\n") == 403);
}

TEST_CASE("[HS10] who is no page of a browser has no Origin, and needs none", "[integration]")
{
    const live_server server{{"--allow-origin", "https://okra.example.com"}};
    CHECK(upgrade_status(server.port(), "") == 101);
}

TEST_CASE("[HS2] members come in any order, unknown ones are ignored", "[integration]")
{
    const live_server server;
    okra_client client{server.port()};
    client.send(
        R"({"later":{"a":[1,{}]},"language":"zh","workspace":"acme","name":"李娜","client":"c1","protocol":1,"type":"hello"})");
    CHECK(client.next_of<wire::welcome>().protocol == 1);
}

TEST_CASE("[HS4] a welcome names session, server, epoch and heartbeat", "[integration]")
{
    const live_server server;
    okra_client client{server.port()};
    client.send(R"({"type":"hello","protocol":1,"client":"c1","workspace":"acme","name":"Li Na","language":"en"})");
    const auto it = client.next_of<wire::welcome>();
    CHECK(it.session != 0);
    CHECK(it.server.starts_with("okra "));
    CHECK_FALSE(it.epoch.empty());
    CHECK(it.heartbeat_ms == 20'000);
}

TEST_CASE("[HS3] before hello nothing else is accepted", "[integration]")
{
    const live_server server;
    okra_client client{server.port()};
    client.send(fmt::format(R"({{"type":"open","document":"{}"}})", plan));
    CHECK(client.next_refusal() == refusal_code::malformed);
    client.send(R"({"type":"hello","protocol":1,"client":"c1","workspace":"acme","name":"Li Na","language":"en"})");
    CHECK(client.next_of<wire::welcome>().protocol == 1);
}

TEST_CASE("[HS5] a client that comes back ends its older session", "[integration]")
{
    const live_server server;
    okra_client older{server.port(), "same"};
    static_cast<void>(older.open(plan));
    okra_client newer{server.port(), "same"};
    static_cast<void>(newer.open(plan));
    const auto bye = older.next_of<wire::bye>();
    CHECK(bye.code == "replaced");
    CHECK_FALSE(bye.again);
    CHECK_FALSE(older.next());
    CHECK(older.socket().close_code() == 4100);
    CHECK(newer.is_alive());
}

namespace {

constexpr std::string_view secret = "a-secret-that-nobody-knows-but-its-client-0";
constexpr std::string_view other_secret = "another-secret-that-somebody-else-has-made-up";

std::string hello(std::string_view client, std::string_view with_secret)
{
    const auto member = with_secret.empty() ? std::string{} : fmt::format(R"("secret":"{}",)", with_secret);
    return fmt::format(R"({{"type":"hello","protocol":1,"client":"{}",{}"workspace":"acme"}})", client, member);
}

}  // namespace

TEST_CASE("[HS8] who knows a client's id alone can neither speak in its name nor throw it out", "[integration]")
{
    const live_server server;
    const std::string id = wire::client_of(secret);
    okra_client owner{server.port()};
    owner.send(hello(id, secret));
    static_cast<void>(owner.open(plan));
    owner.change(plan, 1, 0, create_first);
    CHECK(owner.next_of<wire::commit>().last == revision{1});

    for (const std::string_view tried : {std::string_view{}, other_secret}) {
        INFO("with the secret \"" << tried << '"');
        okra_client thief{server.port()};
        thief.send(hello(id, tried));
        thief.send(fmt::format(R"({{"type":"open","document":"{}"}})", plan));
        thief.change(plan, 2, 1, R"({"op":"remove","id":"o1"})");
        const auto bye = thief.next_of<wire::bye>();
        CHECK(bye.code == "wrong_secret");
        CHECK_FALSE(bye.again);
        CHECK_FALSE(thief.next());
        CHECK(thief.socket().close_code() == 4103);
    }
    owner.change(plan, 2, 1, R"({"op":"set","id":"o1","field":"priority","value":true})");
    const auto commit = owner.next_of<wire::commit>();
    CHECK(commit.last == revision{2});
    CHECK(commit.changes.at(0).client == id);

    okra_client back{server.port()};
    back.send(hello(id, secret));
    CHECK(back.open(plan).seq == sequence{2});
    CHECK(owner.next_of<wire::bye>().code == "replaced");  // by nobody but itself
}

TEST_CASE("[HS8] a secret is in nothing that others, the log or the metrics are told", "[integration]")
{
    const temporary_folder folder;
    const temporary_folder logs;
    const auto log = logs.path() / "log";
    server_process server{folder.path(), {.log = log}};
    const std::string id = wire::client_of(secret);
    okra_client other{server.port(), "onlooker"};
    static_cast<void>(other.open(plan));
    okra_client owner{server.port()};
    owner.send(hello(id, secret));
    static_cast<void>(owner.open(plan));
    owner.change(plan, 1, 0, create_first);
    okra_client wrong{server.port()};
    wrong.send(hello("somebody", other_secret));
    CHECK(wrong.next_of<wire::bye>().code == "wrong_secret");
    okra_client bad{server.port()};
    bad.send(hello("somebody", std::string{other_secret} + " "));
    const auto refused = bad.next_of<wire::refused>();
    CHECK(refused.why.code == refusal_code::invalid_value);

    std::string told = refused.why.message;
    while (told.find(R"("type":"commit")") == std::string::npos) told += other.socket().next().value();
    told += get(server.port(), "/metrics").body;
    server.signal(SIGTERM);
    CHECK(server.wait() == 0);
    std::ifstream file{log};
    told.append(std::istreambuf_iterator<char>{file}, {});
    CHECK(told.find(id) != std::string::npos);
    CHECK(told.find("wrong_secret") != std::string::npos);
    CHECK(told.find(secret) == std::string::npos);
    CHECK(told.find(other_secret) == std::string::npos);
}

TEST_CASE("[HS9] [CH5] an id from before there were secrets goes on as before, with the seqs it has used",
          "[integration]")
{
    constexpr const char* id = "3fK9aZ_xQ1-bT7uLw0Rm";
    live_server server;
    {
        okra_client client{server.port(), id};
        static_cast<void>(client.open(plan));
        client.change(plan, 1, 0, create_first);
        CHECK(client.next_of<wire::commit>().last == revision{1});
    }
    server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 0);
    server.start_again();
    okra_client client{server.port(), id};
    CHECK(client.open(plan).seq == sequence{1});
    client.change(plan, 1, 0, create_first);
    CHECK(client.next_of<wire::notice>().code == "already_committed");
    client.change(plan, 2, 1, R"({"op":"set","id":"o1","field":"priority","value":true})");
    CHECK(client.next_of<wire::commit>().last == revision{2});
}

TEST_CASE("[HS6] another protocol version is told to stay away", "[integration]")
{
    const live_server server;
    okra_client client{server.port()};
    client.send(R"({"type":"hello","protocol":99,"client":"c1","workspace":"acme","name":"Li Na","language":"en"})");
    const auto bye = client.next_of<wire::bye>();
    CHECK(bye.code == "protocol_version");
    CHECK_FALSE(bye.again);
    CHECK_FALSE(client.next());
    CHECK(client.socket().close_code() == 4101);
}

TEST_CASE("[LV1] [LV2] a ping is answered with a pong, and WebSocket's own too", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    CHECK(client.is_alive());
    client.socket().send_frame(wire::frame_opcode::ping, "hello");
    CHECK(client.socket().next_pong() == "hello");
}

TEST_CASE("[ER7] [CH5] what became of a change that is sent again is a notice of its document, seq and revision",
          "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    static_cast<void>(client.open(plan));
    client.change(plan, 1, 0, create_first);
    CHECK(client.next_of<wire::commit>().last == revision{1});
    client.change(plan, 1, 0, create_first);
    const auto last = client.next_of<wire::notice>();
    CHECK(last.code == "already_committed");
    CHECK(last.document == plan);
    CHECK(last.seq == sequence{1});
    CHECK(last.at == revision{1});

    client.change(plan, 2, 1, R"({"op":"remove","id":"nobody"})");
    CHECK(client.next_refusal() == refusal_code::entity_missing);
    client.change(plan, 3, 1, R"({"op":"set","id":"o1","field":"priority","value":true})");
    CHECK(client.next_of<wire::commit>().last == revision{2});
    // Of an older one the server knows only that its seq is used up: committed or refused, it says the same.
    for (const std::uint64_t seq : {1U, 2U}) {
        client.change(plan, seq, 0, create_first);
        const auto older = client.next_of<wire::notice>();
        CHECK(older.code == "already_committed");
        CHECK(older.seq == sequence{seq});
        CHECK_FALSE(older.at);
    }
}

TEST_CASE("[OD11] a refused open names the document, is not final, and leaves it closed", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    for (const std::string_view name : {"other/plan/web/2026q1", "no document"}) {
        client.send(fmt::format(R"({{"type":"open","document":"{}"}})", name));
        const auto refused = client.next_of<wire::refused>();
        CHECK(refused.why.code == (name == "no document" ? refusal_code::malformed : refusal_code::forbidden));
        if (refused.document) CHECK(*refused.document == name);
        CHECK_FALSE(refused.seq);
        CHECK_FALSE(refused.final);
    }
    client.change("other/plan/web/2026q1", 1, 0, create_first);
    CHECK(client.next_refusal() == refusal_code::not_open);
}

TEST_CASE("[RC3] who comes back with epoch and revision gets only what is missing", "[integration]")
{
    const live_server server;
    std::string epoch;
    {
        okra_client client{server.port(), "c1"};
        epoch = client.open(plan).epoch;
        client.change(plan, 1, 0, create_first);
        CHECK(client.next_of<wire::commit>().last == revision{1});
    }
    okra_client other{server.port(), "c2"};
    static_cast<void>(other.open(plan));
    other.change(plan, 1, 1, R"({"op":"set","id":"o1","field":"priority","value":true})");
    while (other.next_of<wire::commit>().last != revision{2}) continue;

    okra_client back{server.port(), "c1"};
    back.send(fmt::format(R"({{"type":"open","document":"{}","epoch":"{}","revision":1}})", plan, epoch));
    const auto opened = back.next_of<wire::opened>();
    CHECK(opened.mode == wire::open_mode::tail);
    CHECK(opened.recovered);
    CHECK(opened.seq == sequence{1});
    const auto missed = back.next_of<wire::commit>();
    CHECK(missed.last == revision{2});
    CHECK(missed.changes.size() == 1);
}

}  // namespace okra::test
