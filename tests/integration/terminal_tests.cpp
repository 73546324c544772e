// okra-cli prints what others write: nothing of it may act on the terminal.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

namespace {

using Catch::Matchers::ContainsSubstring;

const std::string plan = "acme/plan/a/2026q1";
// In JSON: renames the terminal, colours it (C1), turns the text around and forges a line.
constexpr std::string_view hostile = R"(\u001b]0;pwned\u0007\u009b31m\u202eabc\nrevision 99\u007f)";
constexpr std::string_view shown = R"(\u001b]0;pwned\u0007\u009b31m\u202eabc\nrevision 99\u007f)";

class cli_process {
public:
    cli_process(const live_server& server, std::string_view arguments)
    {
        const std::string command = fmt::format("{}/bin/okra-cli --url ws://127.0.0.1:{} --workspace acme {} 2>&1",
                                                OKRA_BINARY_DIR, server.port(), arguments);
        pipe_ = ::popen(command.c_str(), "r");
        REQUIRE(pipe_ != nullptr);
    }
    ~cli_process() { ::pclose(pipe_); }
    cli_process(const cli_process&) = delete;
    cli_process& operator=(const cli_process&) = delete;

    // The next line; empty: it has ended.
    std::string line()
    {
        std::string out;
        for (int byte = std::fgetc(pipe_); byte != EOF; byte = std::fgetc(pipe_)) {
            out.push_back(static_cast<char>(byte));
            if (byte == '\n') break;
        }
        return out;
    }
    std::string rest()
    {
        std::string out;
        for (std::string next = line(); !next.empty(); next = line()) out += next;
        return out;
    }

private:
    std::FILE* pipe_ = nullptr;
};

void check_harmless(std::string_view printed)
{
    CAPTURE(printed);
    for (const char byte : printed) REQUIRE((byte == '\n' || static_cast<unsigned char>(byte) >= 0x20));
    CHECK(printed.find('\x7f') == std::string_view::npos);
    CHECK(printed.find("\u009b") == std::string_view::npos);
    CHECK(printed.find("\u202e") == std::string_view::npos);
    CHECK(printed.find("\nrevision 99") == std::string_view::npos);
    CHECK_THAT(std::string{printed}, ContainsSubstring(std::string{shown}));
}

std::string hello_of(std::string_view name)
{
    return fmt::format(
        R"({{"type":"hello","protocol":1,"client":"author","workspace":"acme","name":"{}","language":"en"}})", name);
}

// Somebody with a hostile name, who has written a hostile title.
class hostile_author {
public:
    explicit hostile_author(const live_server& server) : client_{server.port(), ""}
    {
        client_.send(hello_of(hostile));
        const auto opened = client_.open(plan);
        seq_ = opened.seq.value;
        change(fmt::format(
            R"({{"op":"create","id":"o1","kind":"objective","parent":"plan","fields":{{"title":"{}"}}}})", hostile));
    }

    void change(std::string_view op)
    {
        client_.change(plan, ++seq_, base_, op);
        base_ = client_.next_of<wire::commit>().last.value;
    }

private:
    okra_client client_;
    std::uint64_t seq_ = 0;
    std::uint64_t base_ = 0;
};

}  // namespace

TEST_CASE("okra-cli print shows what others have written and does not send it to the terminal", "[integration]")
{
    const live_server server;
    const hostile_author author{server};
    check_harmless(cli_process{server, "print plan/a/2026q1"}.rest());
    check_harmless(cli_process{server, "--trace-wire print plan/a/2026q1"}.rest());
}

TEST_CASE("okra-cli follow shows names and edits and does not send them to the terminal", "[integration]")
{
    live_server server;
    hostile_author author{server};
    cli_process follower{server, "follow plan/a/2026q1"};
    CHECK_THAT(follower.line(), ContainsSubstring("following"));
    check_harmless(follower.line());  // who is here
    author.change(fmt::format(R"({{"op":"edit","id":"o1","field":"title","edit":["{}"]}})", hostile));
    server.process().signal(SIGTERM);
    check_harmless(follower.rest());
}

TEST_CASE("okra-cli import quotes a file in its errors and does not send it to the terminal", "[integration]")
{
    const live_server server;
    const auto file = server.folder().path() / "okrs.json";
    std::ofstream{file} << fmt::format(
        R"({{"cycle":{{"name":"2026 Q1"}},"objectives":[{{"kind":"{0}","owner":"Field","title":"{0}"}}]}})", hostile);
    const std::string told = cli_process{server, "import " + file.string()}.rest();
    check_harmless(told);
    CHECK_THAT(told, ContainsSubstring("the file has 1 mistake; nothing was written\n  objectives[0]"));
}

TEST_CASE("okra-cli import repeated at once finds what was written a moment ago, and writes nothing", "[integration]")
{
    const live_server server;
    const auto file = server.folder().path() / "okrs.json";
    std::ofstream{file} << R"({"cycle":{"name":"2026 Q1"},"objectives":[
        {"kind":"objective","owner":"Field","title":"Grow","children":[{"kind":"key_result","title":"10 deals"}]},
        {"kind":"objective","owner":"Web","title":"Sell"}]})";
    const auto import = [&] { return cli_process{server, "import " + file.string()}.rest(); };
    const std::string first = import();
    CHECK_THAT(first, ContainsSubstring("entries written in") && ContainsSubstring(" 0 were there already"));
    CHECK_THAT(import(), ContainsSubstring("0 entries written in 0 changes"));
}

}  // namespace okra::test
