// The real server over HTTP: the web client's files, health, figures.
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

namespace {

using Catch::Matchers::ContainsSubstring;

// A built web client in miniature, with a secret beside it that must not get out.
class small_site {
public:
    small_site()
    {
        std::filesystem::create_directories(web() / "assets");
        std::ofstream{web() / "index.html"} << "<meta name=\"csp-nonce\" content=\"__CSP_NONCE__\">";
        std::ofstream{web() / "assets" / "app-1.js"} << "let x = 1";
        std::ofstream{web() / "assets" / "app-1.js.br"} << "brotli";
        std::ofstream{folder_.path() / "secret.txt"} << "secret";
    }
    [[nodiscard]] std::filesystem::path web() const { return folder_.path() / "web"; }

private:
    temporary_folder folder_;
};

}  // namespace

TEST_CASE("the web client is served with its caching and its policy", "[integration]")
{
    const small_site site;
    const live_server server{{"--web", site.web().string()}};
    const http_answer page = get(server.port(), "/w/acme/plan/web/2026q1");
    CHECK(page.status == 200);
    CHECK(page.field("Cache-Control") == "no-cache");
    CHECK_THAT(page.field("Content-Security-Policy").value(), ContainsSubstring("default-src 'none'") &&
                                                                  ContainsSubstring("frame-ancestors 'none'") &&
                                                                  !ContainsSubstring("unsafe"));
    CHECK(page.body.find("__CSP_NONCE__") == std::string::npos);

    const http_answer script = get(server.port(), "/assets/app-1.js", "Accept-Encoding: gzip, br\r\n");
    CHECK(script.body == "brotli");
    CHECK(script.field("Content-Encoding") == "br");
    CHECK_THAT(script.field("Cache-Control").value(), ContainsSubstring("immutable"));
    const std::string etag = script.field("ETag").value();
    const std::string again = "Accept-Encoding: br\r\nIf-None-Match: " + etag + "\r\n";
    CHECK(get(server.port(), "/assets/app-1.js", again).status == 304);
}

TEST_CASE("no path leads out of the web client's folder", "[integration]")
{
    const small_site site;
    const live_server server{{"--web", site.web().string()}};
    for (const char* path :
         {"/../secret.txt", "/assets/../../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "//secret.txt",
          "/assets/%2e%2e/%2e%2e/secret.txt", "/..\\secret.txt", "/secret.txt%00.js"}) {
        CAPTURE(path);
        const http_answer it = get(server.port(), path);
        CHECK(it.status == 404);
        CHECK(it.body.find("secret") == std::string::npos);
    }
}

TEST_CASE("health and figures", "[integration]")
{
    const live_server server;
    const http_answer health = get(server.port(), "/healthz");
    CHECK(health.status == 200);
    CHECK(health.body == "ok\n");

    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    author.change(plan, 1, 0, create_first);
    static_cast<void>(author.next_of<wire::commit>());
    CHECK_THAT(get(server.port(), "/metrics").body, ContainsSubstring("\nokra_sessions 1\n") &&
                                                        ContainsSubstring("\nokra_changes_committed_total 1\n") &&
                                                        ContainsSubstring("\nokra_websockets_opened_total 1\n"));
}

TEST_CASE("a server that is not well tells that, and none of its paths", "[integration]")
{
    live_server server;
    const rlimit nothing{.rlim_cur = 0, .rlim_max = RLIM_INFINITY};
    REQUIRE(::prlimit(server.process().id(), RLIMIT_FSIZE, &nothing, nullptr) == 0);
    const http_answer health = get(server.port(), "/healthz");
    CHECK(health.status == 503);
    CHECK_THAT(health.body, ContainsSubstring("cannot be saved") && !ContainsSubstring("/"));
}

TEST_CASE("the workspaces that exist are listed", "[integration]")
{
    const live_server server;
    CHECK(get(server.port(), "/api/workspaces").body == "[]");
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open("acme/workspace"));
    author.change("acme/workspace", 1, 0, R"({"op":"edit","id":"workspace","field":"name","edit":["Acme"]})");
    static_cast<void>(author.next_of<wire::commit>());
    std::string list = "[]";
    while (list == "[]") list = get(server.port(), "/api/workspaces").body;  // what was just answered may come again
    CHECK_THAT(list, ContainsSubstring(R"("id":"acme")"));
}

}  // namespace okra::test
