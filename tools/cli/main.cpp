// okra-cli: Okra from the command line, and the shortest complete client of its protocol: read session.cpp beside
// SPEC.md.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "protocol/base/printable.hpp"
#include "protocol/document/name.hpp"
#include "tools/cli/changes.hpp"
#include "tools/cli/importing.hpp"
#include "tools/cli/print.hpp"
#include "tools/cli/session.hpp"

namespace {

using namespace okra;
using cli::failure;
using outcome = result<void, failure>;

struct arguments {
    std::string url = "ws://127.0.0.1:8080";
    std::string document;
    std::string file;
    cli::session_options session;
};

outcome read_file(const std::string& path, std::string& out)
{
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    if (!file) return failure{"cannot open " + path};
    // Not /dev/stdin: where the standard input is a socket, it cannot be opened by name.
    std::istream& in = path == "-" ? std::cin : file;
    out.assign(std::istreambuf_iterator<char>{in}, {});
    return {};
}

// "workspace" and "plan/web/2026q1" are short for documents of --workspace.
std::string full_name(const arguments& given)
{
    if (given.document.starts_with(given.session.workspace + "/")) return given.document;
    return given.session.workspace + "/" + given.document;
}

result<cli::session, failure> open(const arguments& given)
{
    auto session = cli::session::connect(given.session);
    if (!session) return session.error();
    if (auto opened = session->open(full_name(given)); !opened) return opened.error();
    return session;
}

outcome print(const arguments& given)
{
    auto session = open(given);
    if (!session) return session.error();
    if (auto current = session->catch_up(); !current) return current;
    fmt::print("{}", cli::describe_document(session->replica().confirmed(), session->replica().figures()));
    return {};
}

outcome apply(const arguments& given)
{
    std::string json;
    if (auto read = read_file(given.file, json); !read) return read;
    const auto changes = cli::parse_changes(json);
    if (!changes) return changes.error();
    auto session = open(given);
    if (!session) return session.error();
    for (const auto& ops : *changes) {
        const auto committed = session->commit(ops);
        if (!committed) return committed.error();
        fmt::print("committed as revision {}\n", committed->value);
    }
    return {};
}

outcome follow(const arguments& given)
{
    auto session = open(given);
    if (!session) return session.error();
    fmt::print("following {} from revision {}\n", full_name(given), session->replica().confirmed().head().value);
    for (const auto& person : session->people()) fmt::print("{} is here\n", printable(person.name));
    std::fflush(stdout);
    return session->follow([](const wire::server_message& message) {
        const auto words = cli::describe(message);
        if (!words.empty()) fmt::print("{}\n", words);
        std::fflush(stdout);
    });
}

outcome import(const arguments& given)
{
    std::string json;
    if (auto read = read_file(given.file, json); !read) return read;
    const auto file = cli::read_import(json);
    if (!file) return file.error();
    if (!document::is_id(given.session.workspace)) {
        return failure{"\"" + given.session.workspace + "\" is no id of a workspace: 1 to 32 of A–Z a–z 0–9 _ -"};
    }
    const auto plan = cli::plan_import(*file, given.session.workspace);
    auto session = cli::session::connect(given.session);
    if (!session) return session.error();
    const auto done = cli::bring(*session, plan);
    if (!done) return done.error();
    fmt::print("{} teams, {} objectives and {} key results: {} entries written in {} changes, {} were there already\n",
               plan.teams, plan.objectives, plan.key_results, done->written, done->changes, done->present);
    return {};
}

void explain(const failure& why)
{
    fmt::print(stderr, "okra-cli: {}\n", printable(why.message));
    for (const std::string& line : why.more) fmt::print(stderr, "  {}\n", printable(line));
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Okra from the command line."};
    arguments given;
    given.session.workspace = "demo";
    given.session.name = "okra-cli";
    app.add_option("--url", given.url, "the server")->capture_default_str();
    app.add_option("--workspace", given.session.workspace, "whose documents")->capture_default_str();
    app.add_option("--name", given.session.name, "who others see")->capture_default_str();
    app.add_flag("--trace-wire", given.session.trace_wire,
                 "print every message, sent (→) and received (←), to the standard error");
    app.require_subcommand(1);
    app.fallthrough();

    const std::string document_help = "\"workspace\" or \"plan/TEAM/CYCLE\"";
    auto* printing = app.add_subcommand("print", "print a document as a tree, with its figures");
    printing->add_option("document", given.document, document_help)->required();
    auto* applying = app.add_subcommand("apply", "apply changes from a JSON file");
    applying->add_option("document", given.document, document_help)->required();
    applying->add_option("file", given.file, "operations or changes as on the wire; - is the standard input")
        ->required();
    auto* following = app.add_subcommand("follow", "print what happens in a document, as it happens");
    following->add_option("document", given.document, document_help)->required();
    auto* importing = app.add_subcommand(
        "import", "write a cycle's OKRs from a file, as far as they are not there yet (docs/import.md)");
    importing->add_option("file", given.file, "{cycle, objectives}; - is the standard input")->required();
    CLI11_PARSE(app, argc, argv);

    const auto run = [&]() -> outcome {
        const auto server = client::parse_url(given.url);
        if (!server) return server.error();
        given.session.server = *server;
        if (printing->parsed()) return print(given);
        if (applying->parsed()) return apply(given);
        if (following->parsed()) return follow(given);
        return import(given);
    };
    const auto done = run();
    if (!done) explain(done.error());
    return done ? 0 : 1;
}
