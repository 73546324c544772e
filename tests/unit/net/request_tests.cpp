// What requests are answered with, as far as that can be told without a socket: origins, the handshake, files, limits.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "server/net/admission.hpp"
#include "server/net/descriptors.hpp"
#include "server/net/forwarded.hpp"
#include "server/net/handshake.hpp"
#include "server/net/origin.hpp"
#include "server/net/rate_limit.hpp"
#include "server/net/shared_answer.hpp"
#include "server/net/site.hpp"
#include "tests/support/temporary_folder.hpp"

namespace okra::net {

namespace {

using Catch::Matchers::ContainsSubstring;

const origin_rules rules{.allowed = {"https://okra.example.com"}, .hosts = {"okra.intranet"}};

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
    const auto it = accept_upgrade(request, rules);
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
    CHECK(may_connect(origin, host, rules) == allowed);
}

TEST_CASE("[HS7] wherever it listens, a server answers only to names that cannot be rebound", "[net]")
{
    const auto [host, own] = GENERATE(table<std::string_view, bool>({
        {"127.0.0.1:8080", true},
        {"192.0.2.7", true},
        {"[::1]:8080", true},
        {"[2001:db8::7]", true},
        {"localhost:8080", true},
        {"okra.localhost:8080", true},
        {"okra.example.com", true},
        {"okra.intranet:8080", true},
        {"OKRA.Intranet", true},
        {"evil.com:8080", false},
        {"evil.okra.intranet", false},
        {"okra.intranet.evil.com", false},
        {"localhost.evil.com", false},
        {"", false},
        {"a b", false},
        {"127.0.0.1; script-src *", false},
    }));
    CAPTURE(host);
    CHECK(is_own_host(host, rules) == own);
}

TEST_CASE("origins and hosts that would allow more than they say are refused", "[net]")
{
    const auto [origin, problem] = GENERATE(table<std::string_view, std::string_view>({
        {"*", "every page on the web"},
        {"https://*.example.com", "every page on the web"},
        {"okra.example.com", "does not begin with http"},
        {"null", "does not begin with http"},
        {"ftp://okra.example.com", "does not begin with http"},
        {"https://", "does not begin with http"},
        {"https://okra.example.com/", "has a path"},
        {"https://okra.example.com/page", "has a path"},
        {"https://okra example.com", "no host has"},
    }));
    CAPTURE(origin);
    CHECK_THAT(problem_with_origin(origin).value_or(""), ContainsSubstring(std::string{problem}));
    CHECK_FALSE(problem_with_origin("https://okra.example.com:8443"));
    CHECK_FALSE(problem_with_origin("http://[::1]:8080"));

    CHECK(problem_with_host("*"));
    CHECK(problem_with_host(""));
    CHECK(problem_with_host("https://okra.example.com"));
    CHECK(problem_with_host("okra.example.com:8080"));
    CHECK_FALSE(problem_with_host("okra.example.com"));
}

TEST_CASE("the handshake answers RFC 6455's example key as the RFC does", "[net]")
{
    const auto it = accept_upgrade(good_upgrade(), rules);
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
    admission gate{{.connections_max = 3, .per_address_max = 2, .spare_max = 0}};
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
    admission gate{{.spare_max = 0}};
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
    admission gate{{.connections_max = 10, .per_address_max = 1, .spare_max = 0}};
    const auto keeper = boost::asio::ip::make_address("192.0.2.1");
    const auto kept = gate.admit(keeper);
    for (unsigned other = 0; other < 5000; ++other) {
        CHECK(gate.admit(boost::asio::ip::make_address_v4(0x0A000000U + other)));
    }
    CHECK_FALSE(gate.admit(keeper));
    CHECK(gate.open() == 1);
}

TEST_CASE("connections beyond the limits are taken as spare ones, as long as there are some", "[net]")
{
    const auto here = boost::asio::ip::make_address("192.0.2.1");
    admission gate{{.connections_max = 2, .spare_max = 1}};
    auto first = gate.admit(here);
    const auto second = gate.admit(here);
    REQUIRE(first);
    CHECK_FALSE(first->is_spare());
    auto spare = gate.admit(here);
    REQUIRE(spare);
    CHECK(spare->is_spare());
    CHECK(gate.open() == 2);
    CHECK_FALSE(gate.admit(here));
    spare.reset();
    CHECK(gate.admit(here)->is_spare());
    first.reset();
    CHECK_FALSE(gate.admit(here)->is_spare());
}

TEST_CASE("all IPv6 addresses of one subscriber count as one", "[net]")
{
    admission gate{{.per_address_max = 1, .spare_max = 0}};
    const auto kept = gate.admit(boost::asio::ip::make_address("2001:db8:0:1::1"));
    CHECK(kept);
    CHECK_FALSE(gate.admit(boost::asio::ip::make_address("2001:db8:0:1:ffff::2")));
    CHECK(gate.admit(boost::asio::ip::make_address("2001:db8:0:2::1")));
    const auto mapped = gate.admit(boost::asio::ip::make_address("::ffff:192.0.2.1"));
    CHECK_FALSE(gate.admit(boost::asio::ip::make_address("192.0.2.1")));
}

TEST_CASE("a trusted proxy's connections count for the addresses that it tells", "[net]")
{
    const auto proxy = boost::asio::ip::make_address("10.0.0.1");
    const auto ann = boost::asio::ip::make_address("192.0.2.1");
    const auto bob = boost::asio::ip::make_address("192.0.2.2");
    admission gate{{.connections_max = 10,
                    .per_address_max = 1,
                    .proxies = {*address_range::parse("10.0.0.0/8")},
                    .spare_max = 0}};
    const auto from_proxy = [&](const auto& whose) { return gate.count_for(*gate.admit(proxy), whose); };
    auto hers = from_proxy(ann);
    const auto his = from_proxy(bob);
    REQUIRE(hers);
    REQUIRE(his);
    CHECK_FALSE(from_proxy(ann));
    CHECK(gate.open() == 2);
    hers.reset();
    CHECK(from_proxy(ann));
}

TEST_CASE("of forwarded addresses the last one counts that no trusted proxy has", "[net]")
{
    const trusted_proxies proxies{*address_range::parse("10.0.0.0/8"), *address_range::parse("2001:db8:1::/48")};
    const auto [list, pairs, expected] = GENERATE(table<std::string_view, std::string_view, std::string_view>({
        {"", "", "none"},
        {"192.0.2.1", "", "192.0.2.1"},
        {"198.51.100.1, 192.0.2.1", "", "192.0.2.1"},  // the first was written by the client
        {"198.51.100.1,192.0.2.1 , 10.1.2.3", "", "192.0.2.1"},
        {"10.0.0.9, 10.0.0.8", "", "none"},
        {"192.0.2.1:55555", "", "192.0.2.1"},
        {"[2001:db8:2::1]:443, 2001:db8:1::7", "", "2001:db8:2::1"},
        {"::ffff:192.0.2.1", "", "192.0.2.1"},
        {"198.51.100.1, unknown", "", "none"},
        {"198.51.100.1, ", "", "none"},
        {"", "for=192.0.2.1", "192.0.2.1"},
        {"", "for=198.51.100.1, For=\"[2001:db8:2::1]:4711\";proto=https;by=10.0.0.1", "2001:db8:2::1"},
        {"", "for=198.51.100.1, proto=https;for=192.0.2.1, for=10.0.0.7", "192.0.2.1"},
        {"", "for=198.51.100.1, for=_hidden", "none"},
        {"", "for=198.51.100.1, proto=https", "none"},
        {"192.0.2.1", "for=192.0.2.1", "192.0.2.1"},
        {"198.51.100.1, 192.0.2.1", "for=198.51.100.1", "conflict"},
    }));
    CAPTURE(list, pairs);
    const auto told = forwarded_address({.x_forwarded_for = list, .forwarded = pairs}, proxies);
    const std::string found = !told ? "conflict" : *told ? (*told)->to_string() : "none";
    CHECK(found == expected);
}

TEST_CASE("ranges of addresses are read as they are written", "[net]")
{
    const auto [text, address, contained] = GENERATE(table<std::string_view, const char*, bool>({
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.128/25", "10.0.0.127", false},
        {"10.0.0.128/25", "10.0.0.200", true},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"0.0.0.0/0", "192.0.2.1", true},
        {"0.0.0.0/0", "::1", false},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"192.0.2.0/24", "::ffff:192.0.2.9", true},
    }));
    CAPTURE(text, address);
    CHECK(address_range::parse(text)->contains(boost::asio::ip::make_address(address)) == contained);
    for (const std::string_view bad : {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::/129"})
        CHECK_FALSE(address_range::parse(bad));
}

TEST_CASE("connections get the descriptors that storage and the rest do not need", "[net]")
{
    CHECK_FALSE(plan_descriptors(least_descriptors(2) - 1, 2));
    CHECK(plan_descriptors(least_descriptors(2), 2)->connections == 32);
    std::size_t before = 0;
    for (std::size_t limit = least_descriptors(4); limit < 70'000; limit += 7) {
        const auto plan = plan_descriptors(limit, 4);
        REQUIRE(plan);
        REQUIRE(plan->connections >= before);
        REQUIRE(plan->connections + plan->table_files + limits::spare_connections < limit);
        before = plan->connections;
    }
    CHECK(plan_descriptors(1'048'576, 4)->connections > 1'000'000);
}

TEST_CASE("who asks what was just answered gets the same answer, and making it takes a tenth of the time", "[net]")
{
    using namespace std::chrono_literals;
    shared_answer::clock::time_point now{};
    std::vector<shared_answer::receiver> asked;
    const auto never = [](shared_answer::clock::duration, const std::function<void()>&) { FAIL("nobody had it yet"); };
    shared_answer it{[&](auto done) { asked.push_back(std::move(done)); }, never, 50ms, [&] { return now; }};
    std::vector<std::string> heard;
    const auto ask = [&] { it.ask([&](const answer& told) { heard.push_back(*told.body); }); };
    ask();
    ask();
    CHECK(asked.size() == 1);
    now += 20ms;
    asked.back()(text_answer(200, "first"));
    CHECK(heard == std::vector<std::string>{"first", "first"});
    now += 199ms;
    ask();
    CHECK(asked.size() == 1);
    CHECK(heard.size() == 3);
    now += 1ms;
    ask();
    CHECK(asked.size() == 2);
    asked.back()(text_answer(200, "second"));  // at once: the least rest counts
    now += 49ms;
    ask();
    CHECK(asked.size() == 2);
    now += 1ms;
    ask();
    CHECK(asked.size() == 3);
    CHECK(heard.back() == "second");
}

TEST_CASE("who asks for what it has been given waits for the next, others do not", "[net]")
{
    using namespace std::chrono_literals;
    shared_answer::clock::time_point now{};
    int made = 0;
    std::optional<std::pair<shared_answer::clock::duration, std::function<void()>>> waits;
    shared_answer it{[&](auto done) { done(text_answer(200, std::to_string(++made))); },
                     [&](auto after, auto task) { waits.emplace(after, std::move(task)); }, 1s, [&] { return now; }};
    struct connection {
        std::uint64_t had = 0;
        std::string heard = {};
    };
    const auto ask = [&](connection& by) {
        it.ask(
            [&](const answer& told) {
                by.had = it.number();
                by.heard += *told.body;
            },
            by.had);
    };
    connection eager;
    connection another;
    ask(eager);
    CHECK(eager.heard == "1");
    now += 400ms;
    ask(eager);
    ask(another);
    CHECK(eager.heard == "1");
    CHECK(another.heard == "1");
    REQUIRE(waits);
    CHECK(waits->first == 600ms);
    ask(another);  // one timer for all
    now += 600ms;
    const auto due = std::exchange(waits, std::nullopt)->second;
    due();
    CHECK(eager.heard == "12");
    CHECK(another.heard == "12");
    CHECK_FALSE(waits);
    now += 2s;
    ask(eager);
    CHECK(eager.heard == "123");  // nothing to wait for
    CHECK(made == 3);
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
