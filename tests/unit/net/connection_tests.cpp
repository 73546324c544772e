// Connections over real sockets on loopback, with an echo program in the place of Okra.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "tests/support/websocket_client.hpp"
#include "tests/unit/net/echo_server.hpp"

namespace okra::test {

namespace {

using namespace std::string_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using wire::frame_opcode;

std::string masked(frame_opcode kind, std::string_view payload)
{
    std::string out;
    wire::append_masked_frame(out, kind, payload, 0x01020304);
    return out;
}

// A frame of a message that goes on.
std::string fragment(frame_opcode kind, std::string_view payload)
{
    std::string out = masked(kind, payload);
    out[0] = static_cast<char>(out[0] & 0x7F);
    return out;
}

}  // namespace

TEST_CASE("messages come and go", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    client.send("echo hello");
    CHECK(client.next() == "hello");
    client.send("echo " + std::string(70'000, 'x'));
    CHECK(client.next() == std::string(70'000, 'x'));
}

TEST_CASE("many messages in one packet are all answered, in order", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    std::string bytes;
    for (int index = 0; index < 5000; ++index) bytes += masked(frame_opcode::text, fmt::format("echo {}", index));
    client.send_bytes(bytes);
    for (int index = 0; index < 5000; ++index) REQUIRE(client.next() == std::to_string(index));
}

TEST_CASE("a message that comes byte by byte is one message", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    for (const char byte : masked(frame_opcode::text, "echo slowly")) client.send_bytes({&byte, 1});
    CHECK(client.next() == "slowly");
}

TEST_CASE("what comes in one packet with the upgrade request is not lost", "[net]")
{
    echo_server server;
    tcp_client raw{server.port()};
    raw.send(upgrade_request(server.port()) + masked(frame_opcode::text, "echo early"));
    std::string bytes;
    while (bytes.find("early") == std::string::npos) {
        const std::string more = raw.read();
        REQUIRE_FALSE(more.empty());
        bytes += more;
    }
    CHECK_THAT(bytes, StartsWith("HTTP/1.1 101"));
    CHECK(bytes.ends_with("\r\n\r\n\x81\x05"s + "early"));
}

TEST_CASE("a ping gets its pong, also between the parts of a long answer", "[net]")
{
    echo_server server;
    websocket_client client{server.port(), {.tcp = {.receive_buffer_bytes = 4096}}};
    client.send_frame(frame_opcode::ping, "are you there?");
    CHECK(client.next_pong() == "are you there?");
    client.send("flood 200 50000");
    client.send_frame(frame_opcode::ping, "first");
    client.send_frame(frame_opcode::ping, "latest");
    // Several pings may share the answer to the latest (RFC 6455 §5.5.3).
    while (client.next_pong() != "latest") continue;
    client.send("echo still here");
    for (;;) {
        const auto text = client.next();
        REQUIRE(text);
        if (*text == "still here") break;
    }
}

TEST_CASE("a peer that closes gets its code back and the session hears of it", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    client.send_close(1000);
    CHECK(client.read_to_end() == 1000);
    session_events::wait_for(server.events().closed, 1);
}

TEST_CASE("a session ends when its peer is gone without a word", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    client.send("echo hello");
    CHECK(client.next() == "hello");
    SECTION("closed")
    {
        client.tcp().finish_sending();
    }
    SECTION("reset")
    {
        client.tcp().reset();
    }
    session_events::wait_for(server.events().closed, 1);
}

TEST_CASE("[RC1] what the session has said comes before its close frame, then the socket ends", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    client.send("flood 100 10000");
    client.send("bye 4001");
    for (int index = 0; index < 100; ++index) {
        auto text = client.next();
        REQUIRE(text);
        if (*text == "bye") text = client.next();
        REQUIRE(text);
        CHECK_THAT(*text, StartsWith(std::to_string(index) + "."));
    }
    while (client.next()) continue;
    CHECK(client.close_code() == 4001);
    client.send_close(4001);
    CHECK(client.read_to_end() == 4001);
    session_events::wait_for(server.events().closed, 1);
}

TEST_CASE("[ER2] [ER3] a violation is told before the connection ends, whatever follows it", "[net]")
{
    const auto [bytes, code, why] = GENERATE_COPY(table<std::string, std::uint16_t, std::string>({
        {masked(frame_opcode::binary, "hi"), 4102, "hostile: binary"},
        {"\x81\x02hi"s, 4102, "hostile: a frame is not masked"},
        {"\xC1\x80"s + "1234", 4102, "hostile: a frame has reserved bits"},
        {"\x81\xFE\xFF\xFF"s + "1234", 1009, "too_large: "},
    }));
    echo_server server{{.message_bytes_max = 1000}};
    websocket_client client{server.port()};
    client.send_bytes(bytes + std::string(300'000, '\x81') + masked(frame_opcode::text, "echo no"));
    CHECK_THAT(client.next().value(), StartsWith(why));
    CHECK_FALSE(client.next());
    CHECK(client.close_code() == code);
    client.tcp().finish_sending();
    session_events::wait_for(server.events().closed, 1);
    CHECK(server.events().violations == 1);
}

TEST_CASE("a client that never reads holds nobody up, and gets everything once it reads", "[net]")
{
    constexpr int count = 1000;
    echo_server server;
    websocket_client deaf{server.port(), {.tcp = {.receive_buffer_bytes = 4096}}};
    deaf.send(fmt::format("flood {} 60000", count));
    websocket_client lively{server.port()};
    for (int index = 0; index < 200; ++index) {
        lively.send("echo quick");
        REQUIRE(lively.next() == "quick");
    }
    for (int index = 0; index < count; ++index) {
        const auto text = deaf.next();
        REQUIRE(text);
        REQUIRE(text->size() == 60'000);
        REQUIRE(text->starts_with(std::to_string(index) + "."));
    }
}

TEST_CASE("a client that sends too fast is read more slowly, and nothing of it is lost", "[net]")
{
    echo_server server{{.messages = {.per_second = 2000, .burst = 20}}};
    websocket_client client{server.port()};
    std::string bytes;
    for (int index = 0; index < 300; ++index) bytes += masked(frame_opcode::text, fmt::format("echo {}", index));
    client.send_bytes(bytes);
    for (int index = 0; index < 300; ++index) REQUIRE(client.next() == std::to_string(index));
    CHECK_THAT(get(server.port(), "/metrics").body, !ContainsSubstring("okra_rate_limited_total 0\n"));
}

TEST_CASE("while too much waits for other workers nobody's messages are taken, and nothing of them is lost", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    client.send("echo before");
    CHECK(client.next() == "before");
    server.events().congested_times = 3;
    client.send_bytes(masked(frame_opcode::text, "echo one") + masked(frame_opcode::text, "echo two"));
    CHECK(client.next() == "one");
    CHECK(client.next() == "two");
    CHECK_THAT(get(server.port(), "/metrics").body, ContainsSubstring("okra_congested_total 3\n"));
}

TEST_CASE("a client that sends large messages without end is read more slowly, and nothing of it is lost", "[net]")
{
    echo_server server{{.bytes = {.per_second = 1e6, .burst = 1000}}};
    websocket_client client{server.port()};
    for (char letter = 'a'; letter <= 'e'; ++letter) {
        client.send("echo " + std::string(20'000, letter));
    }
    for (char letter = 'a'; letter <= 'e'; ++letter) REQUIRE(client.next() == std::string(20'000, letter));
    CHECK_THAT(get(server.port(), "/metrics").body, !ContainsSubstring("okra_rate_limited_total 0\n"));
}

TEST_CASE("frames count as messages do: who sends fragments without end is read more slowly, and loses nothing",
          "[net]")
{
    const std::string content = GENERATE(as<std::string>{}, "", " ");
    CAPTURE(content);
    echo_server server{{.messages = {.per_second = 2000, .burst = 20}}};
    websocket_client client{server.port()};
    std::string bytes = fragment(frame_opcode::text, "echo all");
    for (int index = 0; index < 300; ++index) bytes += fragment(frame_opcode::continuation, content);
    client.send_bytes(bytes + masked(frame_opcode::continuation, "."));
    CHECK_THAT(client.next().value(), StartsWith("all"));
    CHECK_THAT(get(server.port(), "/metrics").body, !ContainsSubstring("okra_rate_limited_total 0\n"));
}

TEST_CASE("bytes count when they come: who only begins messages is read more slowly, and loses nothing", "[net]")
{
    echo_server server{{.bytes = {.per_second = 1e6, .burst = 1000}}};
    websocket_client client{server.port()};
    client.send_bytes(fragment(frame_opcode::text, "echo " + std::string(20'000, 'x')) +
                      masked(frame_opcode::ping, "not finished"));
    CHECK(client.next_pong() == "not finished");
    CHECK_THAT(get(server.port(), "/metrics").body, !ContainsSubstring("okra_rate_limited_total 0\n"));
    client.send_bytes(masked(frame_opcode::continuation, "y"));
    CHECK(client.next() == std::string(20'000, 'x') + "y");
}

TEST_CASE("unfinished messages of all connections have so much memory together; the largest give way", "[net]")
{
    constexpr std::size_t message_bytes = 100'000;
    echo_server server{{.unfinished_bytes_max = 4 * message_bytes, .message_bytes_max = message_bytes}};
    const std::string small(10'000, 's');
    const std::string large(90'000, 'l');
    websocket_client modest{server.port()};
    modest.send_bytes(fragment(frame_opcode::text, "echo " + small));
    std::vector<std::unique_ptr<websocket_client>> greedy;
    for (int index = 0; index < 8; ++index) {
        greedy.push_back(std::make_unique<websocket_client>(server.port()));
        greedy.back()->send_bytes(fragment(frame_opcode::text, "echo " + large));
    }
    server.events().overloads.wait(0);

    modest.send_bytes(masked(frame_opcode::continuation, "."));
    CHECK(modest.next() == small + ".");
    std::size_t told = 0;
    for (const auto& it : greedy) {
        it->send_bytes(masked(frame_opcode::continuation, "."));
        const std::string answer = it->next().value();
        if (answer == large + ".") continue;
        ++told;
        CHECK_THAT(answer, StartsWith("overloaded: "));
        CHECK(it->read_to_end() == 4001);
    }
    CHECK(told >= 1);
    const std::string figures = get(server.port(), "/metrics").body;
    CHECK_THAT(figures, ContainsSubstring(fmt::format("okra_unfinished_ended_total {}\n", told)));
    CHECK_THAT(figures, ContainsSubstring("okra_unfinished_bytes 0\n"));
}

TEST_CASE("connections spread evenly over the workers", "[net]")
{
    echo_server server{{.workers = 3}};
    std::vector<std::unique_ptr<websocket_client>> clients;
    std::array<int, 3> found{};
    for (int index = 0; index < 12; ++index) {
        clients.push_back(std::make_unique<websocket_client>(server.port()));
        clients.back()->send("where");
        ++found.at(std::stoul(clients.back()->next().value()));
    }
    CHECK(found == std::array{4, 4, 4});
}

TEST_CASE("beyond the limits, connections are told to come later", "[net]")
{
    echo_server server{{.admission = {.connections_max = 2, .per_address_max = {}}}};
    websocket_client first{server.port()};
    {
        websocket_client second{server.port()};
        tcp_client third{server.port()};
        const http_answer told = ask(third, upgrade_request(server.port()));
        CHECK(told.status == 503);
        CHECK(told.field("Retry-After") == "5");
        CHECK(told.field("Connection") == "close");
        CHECK(get(server.port(), "/healthz").body == "ok\n");
        CHECK(get(server.port(), "/").status == 503);
        second.send_close(1000);
        second.read_to_end();
    }
    session_events::wait_for(server.events().closed, 1);
    first.send("echo fine");
    CHECK(first.next() == "fine");
}

TEST_CASE("where there is no room even for that, connections are told without being heard", "[net]")
{
    echo_server server{{.admission = {.connections_max = 0, .spare_max = 0}}};
    tcp_client refused{server.port()};
    CHECK_THAT(refused.read(), StartsWith("HTTP/1.1 503") && ContainsSubstring("Retry-After: 5"));
}

TEST_CASE("behind a trusted proxy, connections are limited by the addresses that it tells", "[net]")
{
    const auto upgrade_status = [](const echo_server& at, tcp_client& through, const std::string& fields) {
        return ask(through, upgrade_request(at.port(), fields)).status;
    };
    const std::string ann = "X-Forwarded-For: 198.51.100.9, 192.0.2.1\r\n";
    const std::string bob = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n";
    const auto proxies =
        GENERATE(net::trusted_proxies{}, net::trusted_proxies{*net::address_range::parse("127.0.0.1")});
    echo_server server{{.workers = 2, .admission = {.per_address_max = proxies.empty() ? 2 : 1, .proxies = proxies}}};
    tcp_client first{server.port()};
    tcp_client second{server.port()};
    CHECK(upgrade_status(server, first, ann) == 101);
    CHECK(upgrade_status(server, second, bob) == 101);
    tcp_client third{server.port()};
    CHECK(upgrade_status(server, third, "X-Forwarded-For: 192.0.2.3\r\n") == (proxies.empty() ? 503 : 101));
    tcp_client again{server.port()};
    CHECK(upgrade_status(server, again, ann) == 503);
    if (proxies.empty()) return;
    tcp_client ambiguous{server.port()};
    CHECK(upgrade_status(server, ambiguous, ann + "Forwarded: for=192.0.2.4\r\n") == 400);
}

TEST_CASE("a header that does not come to its end is not waited for", "[net]")
{
    echo_server server{{.header_deadline = std::chrono::milliseconds{20}}};
    tcp_client silent{server.port()};
    tcp_client half{server.port()};
    half.send("GET / HT");
    CHECK(silent.read().empty());
    CHECK(half.read().empty());
}

TEST_CASE("a peer that does not answer a close is not waited for", "[net]")
{
    echo_server server{{.close_deadline = std::chrono::milliseconds{20}}};
    websocket_client client{server.port()};
    client.send("bye 4000");
    session_events::wait_for(server.events().closed, 1);
    CHECK(client.read_to_end() == 4000);
}

TEST_CASE("sessions are swept", "[net]")
{
    echo_server server;
    websocket_client client{server.port()};
    client.send("echo hello");
    CHECK(client.next() == "hello");
    for (int before = server.events().sweeps; server.events().sweeps < 2; before = server.events().sweeps) {
        server.events().sweeps.wait(before);
    }
}

TEST_CASE("a stop ends all connections, whatever state they are in", "[net]")
{
    auto server = std::make_unique<echo_server>(echo_server::options{.workers = 2});
    websocket_client idle{server->port()};
    websocket_client deaf{server->port(), {.tcp = {.receive_buffer_bytes = 4096}}};
    deaf.send("flood 1000 60000");
    tcp_client silent{server->port()};
    tcp_client half{server->port()};
    half.send("GET / HT");
    idle.send("echo hello");
    CHECK(idle.next() == "hello");
    server.reset();
    CHECK_FALSE(idle.next());
    CHECK_FALSE(idle.close_code());
    CHECK(silent.read().empty());
}

TEST_CASE("when_empty waits for the last connection", "[net]")
{
    echo_server server{{.workers = 2}};
    auto first = std::make_unique<websocket_client>(server.port());
    auto second = std::make_unique<websocket_client>(server.port());
    session_events::wait_for(server.events().connected, 2);
    std::atomic<int> empty{0};
    server.network().stop_accepting();
    server.network().when_empty([&] {
        ++empty;
        empty.notify_all();
    });
    first.reset();
    session_events::wait_for(server.events().closed, 1);
    second->send("echo still served");
    CHECK(second->next() == "still served");
    CHECK(empty == 0);
    second.reset();
    session_events::wait_for(empty, 1);
}

TEST_CASE("[HS7] a foreign origin is refused, an allowed one and one's own are not", "[net]")
{
    echo_server server;
    tcp_client foreign{server.port()};
    CHECK(ask(foreign, upgrade_request(server.port(), "Origin: https://evil.example.com\r\n")).status == 403);
    tcp_client allowed{server.port()};
    CHECK(ask(allowed, upgrade_request(server.port(), "Origin: https://okra.example.com\r\n")).status == 101);
    tcp_client own{server.port()};
    const std::string origin = fmt::format("Origin: http://127.0.0.1:{}\r\n", server.port());
    CHECK(ask(own, upgrade_request(server.port(), origin)).status == 101);
}

TEST_CASE("a name that is not ours gets nothing, so that a rebound name reads nothing", "[net]")
{
    echo_server server;
    CHECK(get(server.port(), "/api/workspaces", "Host: evil.com\r\n").status == 403);
    tcp_client rebound{server.port()};
    CHECK(ask(rebound, upgrade_request(server.port(), "Host: evil.com\r\nOrigin: http://evil.com\r\n")).status == 403);
}

TEST_CASE("[HS7] a field that decides who asks whom is said once", "[net]")
{
    const std::string twice =
        GENERATE(as<std::string>{}, "Host: evil.com", "Host: localhost", "Origin: https://evil.example.com",
                 "Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Upgrade: h2c");
    CAPTURE(twice);
    echo_server server;
    const std::string own = fmt::format("Host: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\n", server.port());
    tcp_client once{server.port()};
    CHECK(ask(once, upgrade_request(server.port(), own)).status == 101);
    tcp_client ambiguous{server.port()};
    const http_answer it = ask(ambiguous, upgrade_request(server.port(), own + twice + "\r\n"));
    CHECK(it.status == 400);
    CHECK(it.field("Connection") == "close");
}

TEST_CASE("HTTP answers", "[net]")
{
    echo_server server;
    const auto port = server.port();
    CHECK(get(port, "/healthz").body == "ok\n");
    CHECK_THAT(get(port, "/metrics").body, StartsWith("okra_test 1\n") && ContainsSubstring("okra_connections 1"));
    CHECK(get(port, "/api/workspaces").body == R"([{"id":"acme","name":"Acme"}])");
    CHECK(get(port, "/api/nothing").status == 404);
    CHECK(get(port, "/api/socket").status == 426);
    CHECK(get(port, "/").status == 404);  // no web client was given
    CHECK(get(port, "/%zz").status == 404);
    server.events().healthy = false;
    http_answer sick = get(port, "/healthz");
    while (sick.status == 200) sick = get(port, "/healthz");  // what was just answered is answered again
    CHECK(sick.status == 503);
    CHECK(sick.body == "the disk is full\n");
}

TEST_CASE("one connection serves several requests, HEAD has no body, other methods are refused", "[net]")
{
    echo_server server;
    tcp_client client{server.port()};
    CHECK(ask(client, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").body == "ok\n");
    const http_answer head = ask(client, "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", true);
    CHECK(head.status == 200);
    CHECK(head.field("Content-Length") == "3");
    CHECK(head.body.empty());
    const http_answer deleted = ask(client, "DELETE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(deleted.status == 405);
    CHECK(deleted.field("Allow") == "GET, HEAD");
    CHECK(ask(client, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello").status == 413);
    CHECK(client.read().empty());
}

TEST_CASE("[HS7] a body is never taken for a request, whatever the answer", "[net]")
{
    const auto [line, fields, status] = GENERATE(table<std::string, std::string, unsigned>({
        {"POST /healthz", "Host: evil.com\r\n", 403},  // a rebound name: its page may write any body
        {"POST /healthz", "Host: localhost\r\n", 413},
        {"POST /api/socket", "Host: localhost\r\n", 413},
        {"GET /api/socket", "Host: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n", 413},
    }));
    const std::string_view hidden = "GET /api/workspaces HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const std::string length =
        GENERATE(std::string{"Content-Length: 49"}, "Transfer-Encoding: chunked", "Transfer-Encoding: gzip");
    REQUIRE(hidden.size() == 49);
    CAPTURE(line, fields, length);
    echo_server server;
    tcp_client client{server.port()};
    const http_answer it = ask(client, line + " HTTP/1.1\r\n" + fields + length + "\r\n\r\n" + std::string{hidden});
    CHECK(it.status == status);
    CHECK(it.field("Connection") == "close");
    CHECK(client.read().empty());
}

TEST_CASE("what is not HTTP is refused", "[net]")
{
    const auto [request, status] = GENERATE(table<std::string, unsigned>({
        {"hello\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nBig: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
        {"GET / HTTP/1.1\r\n\r\n", 400},
    }));
    echo_server server;
    tcp_client client{server.port()};
    CHECK(ask(client, request).status == status);
}

TEST_CASE("every answer forbids others to frame, sniff or embed it", "[net]")
{
    echo_server server;
    for (const std::string_view path : {"/healthz", "/nothing.js", "/api/workspaces"}) {
        const http_answer it = get(server.port(), path);
        CAPTURE(it.head);
        CHECK(it.field("X-Content-Type-Options") == "nosniff");
        CHECK(it.field("X-Frame-Options") == "DENY");
        CHECK(it.field("Cross-Origin-Resource-Policy") == "same-origin");
        CHECK(it.field("Cross-Origin-Opener-Policy") == "same-origin");
        CHECK(it.field("Referrer-Policy") == "same-origin");
        CHECK(it.field("Permissions-Policy"));
    }
}

}  // namespace okra::test
