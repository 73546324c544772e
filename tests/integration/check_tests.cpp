// okra-check against the real server, which must be sound; through a proxy that breaks one promise at a time, which
// must be found out; and where there is nothing to check.
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"
#include "tests/support/frame_proxy.hpp"
#include "tools/check/run.hpp"
#include "tools/check/scratch.hpp"
#include "tools/cli/session.hpp"

namespace okra::test {

namespace {

using Catch::Matchers::ContainsSubstring;
using check::promise;
using check::verdict;
using messages = std::vector<std::string>;

// Short, but with as many edits as a run of default length has.
check::check_options quick(std::uint16_t port)
{
    check::check_options out;
    out.server = {.host = "127.0.0.1", .port = std::to_string(port)};
    out.clients = 3;
    out.seconds = 0.5;
    out.rate = 60;
    return out;
}

// Of runs that wait for what never comes.
constexpr std::chrono::milliseconds short_patience{4'000};

bool is(const std::string& message, std::string_view type)
{
    return message.starts_with(fmt::format(R"({{"type":"{}")", type));
}

bool replace(std::string& in, std::string_view from, std::string_view to)
{
    const auto at = in.find(from);
    if (at == std::string::npos) return false;
    in.replace(at, from.size(), to);
    return true;
}

bool has_typing(const std::string& message)
{
    return is(message, "commit") && message.find(R"("op":"edit","id":"k1")") != std::string::npos;
}

// The first that has the plan prepared; the editors come behind it.
constexpr std::size_t first_editor = 1;

// What a fault does to the first typing that an editor is sent.
server_fault once(std::function<messages(std::string message)> change)
{
    return [change = std::move(change), done = false](std::size_t connection, std::string message) mutable -> messages {
        if (done || connection != first_editor || !has_typing(message)) return {std::move(message)};
        done = true;
        return change(std::move(message));
    };
}

// Something else in every message.
server_fault everywhere(std::string from, std::string to)
{
    return [from = std::move(from), to = std::move(to)](std::size_t, std::string message) -> messages {
        replace(message, from, to);
        return {std::move(message)};
    };
}

// Instead of the first letter that was typed.
std::string with_another_letter(std::string message)
{
    constexpr std::string_view begin = R"("edit":[)";
    auto at = message.find(begin) + begin.size();
    at = message.find('"', at) + 1;
    auto end = at + 1;
    while ((static_cast<unsigned char>(message[end]) & 0xc0U) == 0x80U) ++end;  // the rest of a code point
    return message.replace(at, end - at, "X");
}

server_fault swap_two_commits()
{
    return [held = std::string{}, done = false](std::size_t connection, std::string message) mutable -> messages {
        if (done || connection != first_editor || !is(message, "commit")) return {std::move(message)};
        if (held.empty() && !has_typing(message)) return {std::move(message)};
        if (held.empty()) {
            held = std::move(message);
            return {};
        }
        done = true;
        return {std::move(message), std::move(held)};
    };
}

server_fault for_the_newcomer(std::string from, std::string to)
{
    return [newcomer = std::optional<std::size_t>{}, from = std::move(from), to = std::move(to)](
               std::size_t connection, std::string message) mutable -> messages {
        if (is(message, "opened") && message.find("newcomer") != std::string::npos) newcomer = connection;
        if (newcomer == connection && is(message, "part")) replace(message, from, to);
        return {std::move(message)};
    };
}

struct faulty_server {
    std::string what;
    server_fault fault;
    promise broken;
    bool is_waited_for = false;  // the run finds out by waiting in vain
};

std::vector<faulty_server> faulty_servers()
{
    return {
        {"a commit is dropped", once([](std::string) { return messages{}; }), promise::in_order},
        {"a commit comes twice", once([](const std::string& it) { return messages{it, it}; }), promise::in_order},
        {"two commits change places", swap_two_commits(), promise::in_order},
        {"one reader is told another letter",
         once([](std::string it) { return messages{with_another_letter(std::move(it))}; }), promise::same_for_all},
        {"everybody is told another letter", everywhere(R"("edit":[6,"é)", R"("edit":[6,"è)"), promise::as_written},
        {"an acknowledged text is gone", for_the_newcomer("And this", "And"), promise::nothing_lost},
        {"a figure is another", everywhere(R"("progress":)", R"("expected":)"), promise::figures, true},
        {"presence does not come",
         [](std::size_t, std::string it) {
             return it.find(R"("people":[{)") != std::string::npos && is(it, "presence") ? messages{}
                                                                                         : messages{std::move(it)};
         },
         promise::presence, true},
        {"an error has another code", everywhere(R"("code":"seq_gap")", R"("code":"not_open")"), promise::refusals},
        {"a stranger is welcomed in another client's name",
         [](std::size_t, std::string it) {
             if (!is(it, "bye") || it.find("wrong_secret") == std::string::npos) return messages{std::move(it)};
             return messages{
                 R"({"type":"welcome","protocol":1,"session":9,"server":"okra","epoch":"e","heartbeat_ms":20000})"};
         },
         promise::own_name},
        {"a resumed session is told that it was not", everywhere(R"("recovered":true)", R"("recovered":false)"),
         promise::resumes},
        {"a resent change is another's", everywhere(R"("code":"already_committed")", R"("code":"news")"),
         promise::exactly_once, true},
    };
}

std::size_t live_below_root(const check::check_options& options, const std::string& document)
{
    auto session = cli::session::connect({.server = options.server, .workspace = options.workspace, .name = "looker"});
    REQUIRE(session.has_value());
    REQUIRE(session->open(document).has_value());
    REQUIRE(session->catch_up().has_value());
    std::size_t live = 0;
    for (const auto* it : session->replica().confirmed().children("plan")) live += it->removed ? 0 : 1;
    return live;
}

}  // namespace

TEST_CASE("a sound server is found sound, on all counts, and its plan is left empty", "[check]")
{
    const live_server server;
    const auto options = quick(server.port());
    // Twice: the second finds what the first has left in the plan's past.
    for (int round = 0; round < 2; ++round) {
        const auto done = check::run(options);
        INFO(check::as_text(done, "the server"));
        CHECK(check::verdict_of(done) == verdict::sound);
        CHECK(done.is_clean);
        CHECK(done.losses == 0);
        CHECK(done.cuts == 3);
        for (std::size_t index = 0; index < check::promise_count; ++index) {
            const auto which = static_cast<promise>(index);
            INFO(check::name_of(which));
            CHECK(done.found.of(which).kept > 0);
        }
        CHECK(done.to_durable.count() > 0);
        CHECK(done.to_seen.count() > done.to_durable.count());
        CHECK(live_below_root(options, done.document) == 0);
    }
}

TEST_CASE("what a killed run left is removed, and people who look on do not matter", "[check]")
{
    const live_server server;
    const auto options = quick(server.port());
    const auto scratch = check::scratch::plan_name(options.workspace);
    okra_client onlooker{server.port()};
    onlooker.send(fmt::format(R"({{"type":"hello","protocol":1,"client":"onlooker","workspace":"{}","name":"Li Na"}})",
                              options.workspace));
    static_cast<void>(onlooker.open(scratch));
    onlooker.change(scratch, 1, 0, R"({"op":"create","id":"left","kind":"objective","parent":"plan"})");
    static_cast<void>(onlooker.next_of<wire::commit>());

    const auto done = check::run(options);
    INFO(check::as_text(done, "the server"));
    CHECK(check::verdict_of(done) == verdict::sound);
    CHECK(live_below_root(options, scratch) == 0);
}

TEST_CASE("a server that breaks a promise is found out, and by that promise", "[check]")
{
    const live_server server;
    for (const auto& it : faulty_servers()) {
        const frame_proxy proxy{server.port(), it.fault};
        auto options = quick(proxy.port());
        if (it.is_waited_for) options.patience = short_patience;
        const auto done = check::run(options);
        INFO(it.what << "\n" << check::as_text(done, "the proxy"));
        CHECK(check::verdict_of(done) == verdict::broken);
        CHECK(check::exit_code_of(check::verdict_of(done)) == 1);
        CHECK(done.found.of(it.broken).broken > 0);
    }
}

TEST_CASE("who edits the scratch plan meanwhile spoils the check, not the server's name", "[check]")
{
    const live_server server;
    auto stranger = std::make_shared<std::optional<okra_client>>();
    const auto join = [stranger, port = server.port()](std::size_t connection, std::string message) -> messages {
        const auto scratch = check::scratch::plan_name("okra-check");
        if (connection == first_editor && has_typing(message) && !*stranger) {
            stranger->emplace(port);
            (*stranger)->send(R"({"type":"hello","protocol":1,"client":"stranger","workspace":"okra-check"})");
            static_cast<void>((*stranger)->open(scratch));
            (*stranger)->change(scratch, 1, 0, R"({"op":"create","id":"mine","kind":"objective","parent":"plan"})");
        }
        return {std::move(message)};
    };
    const frame_proxy proxy{server.port(), join};
    const auto done = check::run(quick(proxy.port()));
    INFO(check::as_text(done, "the proxy"));
    CHECK(check::verdict_of(done) == verdict::unchecked);
    CHECK_THAT(done.stopped, ContainsSubstring("stranger"));
}

TEST_CASE("over TLS a server is checked when its certificate is good for its name", "[check]")
{
    const live_server server;
    const auto certificate = make_certificate();
    const frame_proxy proxy{server.port(), [](std::size_t, std::string it) { return messages{std::move(it)}; },
                            certificate};
    auto options = quick(proxy.port());
    options.server.secure = true;

    const auto untrusted = check::run(options);
    CHECK(check::verdict_of(untrusted) == verdict::unchecked);
    CHECK_THAT(untrusted.stopped, ContainsSubstring("certificate"));

    const auto file = server.folder().path() / "certificate.pem";
    std::ofstream{file} << certificate.pem;
    ::setenv("SSL_CERT_FILE", file.c_str(), 1);
    CHECK_THAT(check::run(options).stopped, ContainsSubstring("certificate"));  // it is not an address's
    options.server.host = "localhost";
    const auto done = check::run(options);
    INFO(check::as_text(done, "the proxy"));
    CHECK(check::verdict_of(done) == verdict::sound);
    ::unsetenv("SSL_CERT_FILE");
}

TEST_CASE("the program tells its verdict by its status", "[check]")
{
    std::uint16_t port = 0;
    {
        const live_server server;
        port = server.port();
        const auto url = fmt::format("ws://127.0.0.1:{}", port);
        const auto sound =
            run_program("okra-check", {url, "--clients", "2", "--seconds", "1", "--workspace", "acme", "--json"});
        INFO(sound.output);
        CHECK(sound.exit_code == 0);
        CHECK_THAT(sound.output, ContainsSubstring(R"({"verdict":"sound","reason":"")"));
        CHECK_THAT(sound.output, ContainsSubstring(R"("document":"acme/plan/okra-check/)"));
        CHECK_THAT(sound.output, ContainsSubstring(R"("cleaned":true})"));
        CHECK(run_program("okra-check", {url + "/healthz"}).exit_code == 2);  // no WebSocket there
    }
    const auto nobody = run_program("okra-check", {fmt::format("ws://127.0.0.1:{}", port)});
    CHECK(nobody.exit_code == 2);
    CHECK_THAT(nobody.output, ContainsSubstring("UNCHECKED: cannot connect to 127.0.0.1"));
    for (const auto& wrong : {"http://127.0.0.1", "--seconds=0", "--workspace=a b"}) {
        INFO(wrong);
        CHECK(run_program("okra-check", {wrong}).exit_code == 2);
    }
    CHECK(run_program("okra-check", {"--help"}).exit_code == 0);
}

}  // namespace okra::test
