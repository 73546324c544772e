// What nobody may take from the others: short forms of attacks, each with what it costs those who just work.
#include <csignal>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

namespace {

using Catch::Matchers::ContainsSubstring;

constexpr std::size_t open_files = 256;
constexpr std::size_t clients = 300;

}  // namespace

TEST_CASE("connections never take the file descriptors that edits need", "[integration]")
{
    const temporary_folder folder;
    const server_process server{folder.path(), {.more = {"--threads", "2"}, .open_files_max = open_files}};
    okra_client author{server.port(), "author"};

    std::vector<std::unique_ptr<tcp_client>> connected;
    std::size_t told_to_come_back = 0;
    for (std::size_t index = 0; index < clients; ++index) {
        auto it = std::make_unique<tcp_client>(server.port());
        const http_answer answer = ask(*it, upgrade_request(server.port()));
        REQUIRE((answer.status == 101 || (answer.status == 503 && answer.field("Retry-After"))));
        if (answer.status == 101) connected.push_back(std::move(it));
        if (answer.status == 503) ++told_to_come_back;
    }
    CHECK(connected.size() >= 32);
    CHECK(told_to_come_back >= clients - open_files);
    CHECK(get(server.port(), "/healthz").body == "ok\n");
    CHECK_THAT(get(server.port(), "/metrics").body, ContainsSubstring("okra_connections_refused_total"));

    // Enough for RocksDB to fill its write-ahead log, begin others, and write tables.
    constexpr std::size_t bytes_wanted = 16 << 20;
    constexpr std::size_t bytes_per_change = 50'000;
    const std::string text(bytes_per_change, 'x');
    std::size_t written = 0;
    for (int team = 0; written < bytes_wanted; ++team) {
        const std::string document = fmt::format("acme/plan/t{}/2026q1", team);
        static_cast<void>(author.open(document));
        for (std::uint64_t seq = 1; seq <= 60 && written < bytes_wanted; ++seq, written += bytes_per_change) {
            const std::string op =
                seq % 2 == 1 ? fmt::format(R"({{"op":"edit","id":"plan","field":"note","edit":["{}"]}})", text)
                             : fmt::format(R"({{"op":"edit","id":"plan","field":"note","edit":[{{"d":{}}}]}})",
                                           bytes_per_change);
            author.change(document, seq, seq - 1, op);
            REQUIRE(author.next_of<wire::commit>().last == revision{seq});
        }
        author.send(fmt::format(R"({{"type":"close","document":"{}"}})", document));
    }
    CHECK(get(server.port(), "/healthz").body == "ok\n");

    connected.clear();
    while (true) {  // until the server has noticed that they have gone
        tcp_client newcomer{server.port()};
        if (ask(newcomer, upgrade_request(server.port())).status == 101) break;
    }
}

TEST_CASE("[ER8] a document, a workspace and a server take so much in a day, also over a restart", "[integration]")
{
    live_server server{{"--document-mib-per-day", "1", "--workspace-mib-per-day", "2", "--server-mib-per-day", "3"}};
    constexpr std::size_t bytes_per_change = 60'000;
    constexpr std::size_t enough = (1 << 20) / bytes_per_change + 1;
    const std::string full = "acme/plan/a/2026q1";
    // Writes until it is refused; the number of changes that were not.
    const auto fill = [&](okra_client& author, const std::string& document) {
        const auto opened = author.open(document);
        const std::string text(bytes_per_change, 'x');
        const std::string op = fmt::format(R"({{"op":"edit","id":"plan","field":"note","edit":["{}",{{"d":{}}}]}})",
                                           text, bytes_per_change);
        for (std::uint64_t count = 0;; ++count) {
            author.change(document, opened.seq.value + count + 1, opened.at.value + count, op);
            auto message = author.next();
            while (!std::holds_alternative<wire::commit>(*message) && !std::holds_alternative<wire::refused>(*message))
                message = author.next();
            const auto* refused = std::get_if<wire::refused>(&*message);
            if (refused == nullptr) continue;
            CHECK(refused->why.code == refusal_code::quota_exceeded);
            CHECK(refused->final);
            return static_cast<std::size_t>(count);
        }
    };
    {
        okra_client author{server.port(), "author"};
        CHECK(fill(author, full) == enough);
        CHECK(fill(author, "acme/plan/b/2026q1") == enough - 1);  // the workspace's limit
        CHECK(fill(author, "acme/plan/c/2026q1") == 0);
    }
    server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 0);
    server.start_again();
    okra_client back{server.port(), "author"};
    CHECK(back.open(full).at == revision{enough});
    back.change(full, enough + 1, enough, create_first);  // the seq that was refused: its first outcome
    CHECK(back.next_refusal() == refusal_code::quota_exceeded);
    CHECK(fill(back, full) == 0);
    okra_client other{server.port(), ""};
    other.send(R"({"type":"hello","protocol":1,"client":"other","workspace":"other","name":"Li Na","language":"en"})");
    CHECK(fill(other, "other/plan/a/2026q1") == enough);
    CHECK(fill(other, "other/plan/b/2026q1") == 0);  // the server's limit, which the first one reached
    CHECK_THAT(get(server.port(), "/metrics").body, ContainsSubstring("\nokra_written_today_bytes 31"));
}

TEST_CASE("[CM2] costly changes wait in turn, a keystroke elsewhere does not, and nothing is refused", "[integration]")
{
    const live_server server{{"--threads", "1"}};
    constexpr std::size_t attackers = 8;
    constexpr std::size_t objectives = 990;
    std::string ops;
    for (std::size_t index = 0; index < objectives; ++index) {
        if (index != 0) ops += ',';
        ops += fmt::format(R"({{"op":"create","id":"o{}","kind":"objective","parent":"plan"}})", index);
    }
    const auto document = [](std::size_t index) { return fmt::format("acme/plan/t{}/2026q1", index); };
    std::vector<std::unique_ptr<okra_client>> all;
    for (std::size_t index = 0; index < attackers; ++index) {
        all.push_back(std::make_unique<okra_client>(server.port(), fmt::format("attacker{}", index)));
        static_cast<void>(all.back()->open(document(index)));
    }
    okra_client editor{server.port(), "editor"};
    static_cast<void>(editor.open(plan));
    for (std::size_t index = 0; index < attackers; ++index) all[index]->change(document(index), 1, 0, ops);
    editor.change(plan, 1, 0, create_first);
    CHECK(editor.next_of<wire::commit>().last == revision{1});
    for (const auto& it : all) CHECK(it->next_of<wire::commit>().changes.front().ops.size() == objectives);
    CHECK_THAT(get(server.port(), "/metrics").body,
               ContainsSubstring(fmt::format("\nokra_changes_queued_total {}\n", attackers)) &&
                   ContainsSubstring(fmt::format("\nokra_changes_committed_total {}\n", attackers + 1)));
}

TEST_CASE("a limit of open files that is too low for anybody is told at start", "[integration]")
{
    const temporary_folder folder;
    CHECK_THROWS_AS((server_process{folder.path(), {.open_files_max = 100}}), server_not_started);
}

}  // namespace okra::test
