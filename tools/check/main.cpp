// okra-check: puts a running Okra server's promises to the test, from outside, as its clients do. See --help.
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "protocol/document/name.hpp"
#include "tools/check/run.hpp"

namespace {

using namespace okra;

constexpr const char* description =
    "Checks that an Okra server keeps its promises, as several clients that edit a scratch plan at once.\n"
    "It works in WORKSPACE/plan/okra-check/DAY only, and empties that plan at the end.\n"
    "Ends with 0 when every promise is kept, 1 when one is broken, 2 when it could not be checked.";

// Bounds that a server in use does not notice: at most 16 times 20 edits a second, where it takes 500 messages of each.
void describe(CLI::App& app, std::string& url, check::check_options& to, bool& json)
{
    app.add_option("url,--url", url, "the server: ws://HOST:PORT, or wss://HOST with TLS")->capture_default_str();
    app.add_option("--workspace", to.workspace, "where the scratch plan is made; the default is a workspace of its own")
        ->capture_default_str()
        ->check([](const std::string& id) { return document::is_id(id) ? "" : "not the id of a workspace: " + id; });
    app.add_option("--clients", to.clients, "who edit at once")->check(CLI::Range(2, 16))->capture_default_str();
    app.add_option("--seconds", to.seconds, "of editing; the rest takes a few more")
        ->check(CLI::Range(1.0, 600.0))
        ->capture_default_str();
    app.add_option("--rate", to.rate, "edits a second of each client")
        ->check(CLI::Range(0.1, 20.0))
        ->capture_default_str();
    app.add_option_function<double>(
           "--patience", [&to](double it) { to.patience = std::chrono::milliseconds{static_cast<int>(it * 1000)}; },
           "seconds within which anything must happen that must happen (10)")
        ->check(CLI::Range(1.0, 120.0));
    app.add_flag("--json", json, "one JSON object, for a monitor");
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{description};
    std::string url = "ws://127.0.0.1:8080";
    check::check_options options;
    bool json = false;
    describe(app, url, options, json);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : check::exit_code_of(check::verdict::unchecked);
    }
    const auto server = client::parse_url(url);
    if (!server) {
        fmt::print(stderr, "okra-check: {}\n", server.error().message);
        return check::exit_code_of(check::verdict::unchecked);
    }
    options.server = *server;
    const auto done = check::run(options);
    fmt::print("{}", json ? as_json(done, url) + "\n" : as_text(done, url));
    return check::exit_code_of(check::verdict_of(done));
}
