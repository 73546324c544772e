#include "tools/client/upgrade.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace okra;

TEST_CASE("a url names host, port and path", "[client]")
{
    const auto it = client::parse_url("ws://localhost:8080");
    REQUIRE(it.has_value());
    CHECK(it->host == "localhost");
    CHECK(it->port == "8080");
    CHECK(it->path == "/api/socket");
    CHECK(client::parse_url("ws://host")->port == "80");
    CHECK(client::parse_url("ws://host:1/other")->path == "/other");
    CHECK(client::parse_url("ws://host:1/")->path == "/api/socket");
    CHECK_FALSE(it->secure);
}

TEST_CASE("wss is TLS, on a port of its own", "[client]")
{
    const auto it = client::parse_url("wss://okra.example.org");
    REQUIRE(it.has_value());
    CHECK(it->secure);
    CHECK(it->host == "okra.example.org");
    CHECK(it->port == "443");
    CHECK(client::parse_url("wss://host:8443/x")->port == "8443");
}

TEST_CASE("other urls are told what is wrong", "[client]")
{
    for (const auto* url : {"", "http://host", "wss:/host", "wss://", "ws://", "ws://:80", "ws://host:", "ws://host:x",
                            "ws://host:123456"}) {
        INFO(url);
        CHECK_FALSE(client::parse_url(url).has_value());
    }
}

TEST_CASE("[HS1] the upgrade offers the subprotocol", "[client]")
{
    const auto request = client::upgrade_request({"host", "8080"});
    CHECK(request.starts_with("GET /api/socket HTTP/1.1\r\nHost: host:8080\r\n"));
    CHECK(request.find("Sec-WebSocket-Protocol: okra.v1\r\n") != std::string::npos);
    CHECK(request.ends_with("\r\n\r\n"));
    // Servers that speak something else know none.
    const auto bare = client::upgrade_request({.host = "host", .port = "1", .path = "/", .subprotocol = ""});
    CHECK(bare.find("Sec-WebSocket-Protocol") == std::string::npos);
    CHECK(bare.ends_with("=\r\n\r\n"));
}

TEST_CASE("[HS1] the answer to the upgrade is accepted, refused or awaited", "[client]")
{
    const std::string good =
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    const auto accepted = client::parse_upgrade_response(good + "frames");
    REQUIRE(std::holds_alternative<client::upgrade_accepted>(accepted));
    CHECK(std::get<client::upgrade_accepted>(accepted).bytes == good.size());

    CHECK(std::holds_alternative<client::upgrade_unfinished>(
        client::parse_upgrade_response(good.substr(0, good.size() - 1))));
    const auto refused = client::parse_upgrade_response("HTTP/1.1 403 Forbidden\r\n\r\n");
    REQUIRE(std::holds_alternative<client::upgrade_rejected>(refused));
    CHECK(std::get<client::upgrade_rejected>(refused).why == "HTTP/1.1 403 Forbidden");
    CHECK(std::holds_alternative<client::upgrade_rejected>(client::parse_upgrade_response("HTTP/1.1 101 Yes\r\n\r\n")));
    CHECK(std::holds_alternative<client::upgrade_rejected>(client::parse_upgrade_response(std::string(20'000, 'x'))));
}
