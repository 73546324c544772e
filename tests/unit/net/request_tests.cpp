// What requests are answered with, as far as that can be told without a socket: origins, the handshake, files, limits.
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "server/net/admission.hpp"
#include "server/net/handshake.hpp"
#include "server/net/origin.hpp"
#include "server/net/rate_limit.hpp"
#include "server/net/site.hpp"
#include "tests/support/temporary_folder.hpp"

namespace okra::net {

namespace {

using Catch::Matchers::ContainsSubstring;

const origin_rules on_loopback{.allowed = {"https://okra.example.com"}, .loopback_only = true};
const origin_rules on_network{.allowed = {"https://okra.example.com"}, .loopback_only = false};

upgrade_request good_upgrade()
{
    return {.connection = "keep-alive, Upgrade",
            .upgrade = "websocket",
            .key = "dGhlIHNhbXBsZSBub25jZQ==",
            .version = "13",
            .protocols = "okra.v1",
            .host = "127.0.0.1:8080",
            .origin = "http://127.0.0.1:8080"};
}

unsigned refusal_of(const upgrade_request& request)
{
    const auto it = accept_upgrade(request, on_loopback);
    return it ? 0 : it.error().status;
}

// A small built web client on disk.
class built_site {
public:
    built_site()
    {
        write("index.html",
              "<meta name=\"csp-nonce\" content=\"__CSP_NONCE__\"><style nonce=\"__CSP_NONCE__\"></style>");
        write("okra.svg", "<svg/>");
        write("assets/main-1a2b.js", "plain");
        write("assets/main-1a2b.js.br", "brotli");
        write("assets/main-1a2b.js.gz", "gzip");
        write("assets/lost.css.br", "an encoding of nothing");
    }

    [[nodiscard]] site load() const { return *site::load(folder_.path() / "web"); }

private:
    void write(const std::string& name, std::string_view content) const
    {
        const auto path = folder_.path() / "web" / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path} << content;
    }
    test::temporary_folder folder_;
};

std::optional<std::string> field_of(const answer& it, std::string_view name)
{
    for (const auto& [key, value] : it.fields) {
        if (key == name) return value;
    }
    return {};
}

answer get(const site& from, std::string_view path, std::string_view encodings = {}, std::string_view etag = {})
{
    return from.serve({.path = path, .host = "127.0.0.1:8080", .accept_encoding = encodings, .if_none_match = etag});
}

}  // namespace

TEST_CASE("[HS7] pages of the server's own host and of allowed origins may connect, others not", "[net]")
{
    const auto [origin, host, allowed] = GENERATE(table<std::string_view, std::string_view, bool>({
        {"", "127.0.0.1:8080", true},
        {"http://127.0.0.1:8080", "127.0.0.1:8080", true},
        {"http://localhost:8080", "localhost:8080", true},
        {"http://LOCALHOST:8080", "localhost:8080", true},
        {"http://127.0.0.1", "127.0.0.1:80", true},
        {"https://okra.test", "okra.test:443", true},
        {"https://okra.example.com", "127.0.0.1:8080", true},
        {"http://127.0.0.1:9090", "127.0.0.1:8080", false},
        {"http://okra.example.com", "127.0.0.1:8080", false},
        {"https://evil.example.com", "127.0.0.1:8080", false},
        {"http://127.0.0.1:8080.evil.com", "127.0.0.1:8080", false},
        {"null", "127.0.0.1:8080", false},
        {"file://", "", false},
    }));
    CAPTURE(origin, host);
    CHECK(may_connect(origin, host, on_loopback) == allowed);
}

TEST_CASE("[HS7] on loopback only names that cannot be rebound are the server's own", "[net]")
{
    const auto [host, local, network] = GENERATE(table<std::string_view, bool, bool>({
        {"127.0.0.1:8080", true, true},
        {"[::1]:8080", true, true},
        {"localhost:8080", true, true},
        {"okra.localhost:8080", true, true},
        {"okra.example.com", true, true},
        {"evil.com:8080", false, true},
        {"localhost.evil.com", false, true},
        {"", false, false},
        {"a b", false, false},
        {"127.0.0.1; script-src *", false, false},
    }));
    CAPTURE(host);
    CHECK(is_own_host(host, on_loopback) == local);
    CHECK(is_own_host(host, on_network) == network);
}

TEST_CASE("the handshake answers RFC 6455's example key as the RFC does", "[net]")
{
    const auto it = accept_upgrade(good_upgrade(), on_loopback);
    REQUIRE(it.has_value());
    CHECK_THAT(*it, ContainsSubstring("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    CHECK_THAT(*it, ContainsSubstring("Sec-WebSocket-Protocol: okra.v1\r\n"));
    CHECK(it->ends_with("\r\n\r\n"));
}

TEST_CASE("[HS1] an upgrade without the subprotocol gets 400", "[net]")
{
    auto request = good_upgrade();
    request.protocols = GENERATE("", "chat", "okra.v10", "xokra.v1", "okra");
    CHECK(refusal_of(request) == 400);
    request.protocols = "chat, okra.v1";
    CHECK(refusal_of(request) == 0);
}

TEST_CASE("an upgrade that is not one is told so", "[net]")
{
    auto request = good_upgrade();
    SECTION("no upgrade at all")
    {
        request.upgrade = "";
        CHECK(refusal_of(request) == 426);
    }
    SECTION("an old version")
    {
        request.version = "8";
        CHECK(refusal_of(request) == 426);
    }
    SECTION("no or a malformed key")
    {
        request.key = GENERATE("", "short==", "dGhlIHNhbXBsZSBub25jZQ\r\n", "dGhlIHNhbXBsZSBub25jZQ====");
        CHECK(refusal_of(request) == 400);
    }
    SECTION("[HS7] another origin")
    {
        request.origin = "https://evil.example.com";
        CHECK(refusal_of(request) == 403);
    }
}

TEST_CASE("the page bears a fresh nonce in its text and in its policy, and is never answered with 304", "[net]")
{
    const site it = built_site{}.load();
    const answer first = get(it, "/");
    const answer second = get(it, "/", {}, "*");
    CHECK(second.status == 200);
    CHECK(*first.body != *second.body);
    CHECK(first.body->find("__CSP_NONCE__") == std::string::npos);
    const std::size_t begin = first.body->find("content=\"") + 9;
    const std::string nonce = first.body->substr(begin, first.body->find('"', begin) - begin);
    CHECK(nonce.size() == 24);
    const std::string policy = field_of(first, "Content-Security-Policy").value();
    CHECK_THAT(policy, ContainsSubstring("style-src 'self' 'nonce-" + nonce + "'"));
    CHECK_THAT(policy, ContainsSubstring("connect-src 'self' ws://127.0.0.1:8080 wss://127.0.0.1:8080;"));
    CHECK_THAT(policy, ContainsSubstring("frame-ancestors 'none'"));
    CHECK_THAT(policy, !ContainsSubstring("unsafe"));
    CHECK(field_of(first, "Cache-Control") == "no-cache");
}

TEST_CASE("paths without a dot are the page's, with one they are files", "[net]")
{
    const site it = built_site{}.load();
    const auto [path, status, type] = GENERATE(table<std::string_view, unsigned, std::string_view>({
        {"/", 200, "text/html; charset=utf-8"},
        {"/index.html", 200, "text/html; charset=utf-8"},
        {"/w/acme/plan/web/2026q1", 200, "text/html; charset=utf-8"},
        {"/okra.svg", 200, "image/svg+xml"},
        {"/assets/main-1a2b.js", 200, "text/javascript; charset=utf-8"},
        {"/missing.js", 404, "text/plain; charset=utf-8"},
        {"/assets/lost.css", 404, "text/plain; charset=utf-8"},
        {"/../../etc/passwd.", 404, "text/plain; charset=utf-8"},
        {"/assets/../index.html", 404, "text/plain; charset=utf-8"},
        {"etc", 404, "text/plain; charset=utf-8"},
        {"", 404, "text/plain; charset=utf-8"},
    }));
    CAPTURE(path);
    const answer reply = get(it, path);
    CHECK(reply.status == status);
    CHECK(field_of(reply, "Content-Type") == type);
}

TEST_CASE("files go out in the best encoding that is accepted, each with a name of its own", "[net]")
{
    const site it = built_site{}.load();
    const auto [encodings, body] = GENERATE(table<std::string_view, std::string_view>({
        {"", "plain"},
        {"gzip, deflate, br", "brotli"},
        {"gzip, deflate", "gzip"},
        {"br;q=0, gzip;q=0.5", "gzip"},
        {"BR", "brotli"},
        {"zstd, identity", "plain"},
    }));
    const answer reply = get(it, "/assets/main-1a2b.js", encodings);
    CHECK(*reply.body == body);
    CHECK(field_of(reply, "Vary") == "Accept-Encoding");
    CHECK(field_of(reply, "Cache-Control") == "public, max-age=31536000, immutable");

    const std::string etag = field_of(reply, "ETag").value();
    CHECK(get(it, "/assets/main-1a2b.js", encodings, etag).status == 304);
    CHECK(get(it, "/assets/main-1a2b.js", encodings, "\"other\"").status == 200);
    CHECK(get(it, "/assets/main-1a2b.js", body == "plain" ? "br" : "", etag).status == 200);
}

TEST_CASE("a folder that is not a built web client is refused with a sentence", "[net]")
{
    const test::temporary_folder empty;
    CHECK_THAT(site::load(empty.path()).error().sentence, ContainsSubstring("no index.html"));
    CHECK_THAT(site::load(empty.path() / "none").error().sentence, ContainsSubstring("none"));
}

TEST_CASE("targets are decoded once, and what cannot be decoded is no path", "[net]")
{
    CHECK(decode_path("/a%20b?c=%41#d") == "/a b");
    CHECK(decode_path("/%2e%2e/%252e") == "/../%2e");
    CHECK(decode_path("/%zz").empty());
    CHECK(decode_path("/%4").empty());
    CHECK(decode_path("/%00").empty());
}

TEST_CASE("connections are limited in total and by address, and tickets give the room back", "[net]")
{
    const auto here = boost::asio::ip::make_address("127.0.0.1");
    const auto there = boost::asio::ip::make_address("192.0.2.1");
    admission gate{{.connections_max = 3, .per_address_max = 2}};
    auto first = gate.admit(here);
    auto second = gate.admit(here);
    CHECK(first);
    CHECK(second);
    CHECK_FALSE(gate.admit(here));
    auto third = gate.admit(there);
    CHECK(third);
    CHECK_FALSE(gate.admit(there));
    CHECK(gate.open() == 3);
    first.reset();
    CHECK(gate.open() == 2);
    CHECK(gate.admit(here));
}

TEST_CASE("without a limit of its own, loopback has none, and others have", "[net]")
{
    admission gate{{}};
    std::vector<admission::ticket> taken;
    for (int count = 0; count < 1500; ++count) {
        if (auto it = gate.admit(boost::asio::ip::make_address("127.0.0.1"))) taken.push_back(std::move(*it));
    }
    CHECK(taken.size() == 1500);
    for (int count = 0; count < 1500; ++count) {
        if (auto it = gate.admit(boost::asio::ip::make_address("2001:db8::1"))) taken.push_back(std::move(*it));
    }
    CHECK(taken.size() == 2500);
}

TEST_CASE("addresses that have gone are forgotten, those with connections are not", "[net]")
{
    admission gate{{.connections_max = 10, .per_address_max = 1}};
    const auto keeper = boost::asio::ip::make_address("192.0.2.1");
    const auto kept = gate.admit(keeper);
    for (unsigned other = 0; other < 5000; ++other) {
        CHECK(gate.admit(boost::asio::ip::make_address_v4(0x0A000000U + other)));
    }
    CHECK_FALSE(gate.admit(keeper));
    CHECK(gate.open() == 1);
}

TEST_CASE("a token bucket lets the burst through, then the rate", "[net]")
{
    const rate allowed{.per_second = 100, .burst = 5};
    rate_limit it{allowed, 1000};
    for (int count = 0; count < 5; ++count) it.take();
    CHECK(it.empty());
    it.refill(allowed, 1009);
    CHECK(it.empty());
    it.refill(allowed, 1010);
    CHECK_FALSE(it.empty());
    it.refill(allowed, 100'000);
    for (int count = 0; count < 5; ++count) it.take();
    CHECK(it.empty());
}

}  // namespace okra::net
