// Starting, being killed, being asked to end.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "protocol/base/prng.hpp"
#include "tests/integration/live_server.hpp"

namespace okra::test {

namespace {

using Catch::Matchers::ContainsSubstring;

// A client that creates one objective after the other, and knows what it was told is saved.
class diligent_client {
public:
    diligent_client(std::uint16_t port, std::string name, std::string document)
        : client_{port, name}, name_{std::move(name)}, document_{std::move(document)}
    {
        const auto opened = client_.open(document_);
        base_ = opened.at.value;
        used_ = opened.seq.value;
    }

    void send_next()
    {
        ++used_;
        client_.change(
            document_, used_, base_,
            fmt::format(R"({{"op":"create","id":"{}{}","kind":"objective","parent":"plan"}})", name_, used_));
    }
    void wait_for_commit() { base_ = client_.next_of<wire::commit>().last.value; }

    [[nodiscard]] std::uint64_t revision_known() const { return base_; }
    [[nodiscard]] std::uint64_t used() const { return used_; }

private:
    okra_client client_;
    std::string name_;
    std::string document_;
    std::uint64_t base_ = 0;
    std::uint64_t used_ = 0;
};

}  // namespace

TEST_CASE("[CM2] kill -9 at any moment loses nothing that was acknowledged", "[integration]")
{
    live_server server;
    prng random{20260401};
    std::map<std::string, std::uint64_t> acknowledged;
    for (int round = 0; round < 6; ++round) {
        std::vector<std::unique_ptr<diligent_client>> clients;
        for (const char* team : {"a", "b", "c"}) {
            const std::string document = fmt::format("acme/plan/{}/2026q1", team);
            clients.push_back(std::make_unique<diligent_client>(server.port(), team, document));
            CAPTURE(round, team);
            // Either what was last sent in the round before had become durable, or it had not; nothing else.
            REQUIRE(clients.back()->revision_known() >= acknowledged[team]);
            REQUIRE(clients.back()->revision_known() <= acknowledged[team] + 1);
            REQUIRE(clients.back()->used() == clients.back()->revision_known());
        }
        for (std::uint64_t left = 1 + random.below(30); left != 0; --left) {
            for (const auto& it : clients) it->send_next();
            for (const auto& it : clients) it->wait_for_commit();
        }
        for (const auto& it : clients) it->send_next();  // their fate stays unknown
        acknowledged = {{"a", clients[0]->revision_known()},
                        {"b", clients[1]->revision_known()},
                        {"c", clients[2]->revision_known()}};
        server.process().kill_now();
        server.start_again();
    }
}

TEST_CASE("[OD6] what the disk lost of the log's end is told at the start, and clients come back to another epoch",
          "[integration]")
{
    const temporary_folder folder;
    const auto data = folder.path() / "data";
    const auto log = folder.path() / "log";
    const server_options how{.more = {"--threads", "1", "--log-format", "json"}, .environment = {}, .log = log};
    std::string epoch;
    {
        server_process server{data, how};
        okra_client ann{server.port(), "ann"};
        epoch = ann.open(plan).epoch;
        for (std::uint64_t seq = 1; seq <= 3; ++seq) {
            ann.change(plan, seq, seq - 1,
                       fmt::format(R"({{"op":"create","id":"o{}","kind":"objective","parent":"plan"}})", seq));
            REQUIRE(ann.next_of<wire::commit>().last == revision{seq});
        }
        server.kill_now();
    }
    for (const auto& entry : std::filesystem::directory_iterator{data}) {
        if (entry.path().extension() == ".log" && entry.file_size() > 0) {
            std::filesystem::resize_file(entry.path(), entry.file_size() - 10);
        }
    }
    const server_process server{data, how};
    okra_client ann{server.port(), "ann"};
    ann.send(fmt::format(R"({{"type":"open","document":"{}","epoch":"{}","revision":3}})", plan, epoch));
    const auto opened = ann.next_of<wire::opened>();
    CHECK(opened.at == revision{2});
    CHECK(opened.epoch != epoch);
    CHECK(opened.mode == wire::open_mode::snapshot);
    CHECK_THAT(get(server.port(), "/metrics").body, ContainsSubstring("\nokra_commits_lost_total 1\n"));
    std::ifstream logged{log};
    const std::string lines{std::istreambuf_iterator<char>{logged}, {}};
    CHECK_THAT(lines, ContainsSubstring(R"("event":"commits_lost","commits":1)"));
}

TEST_CASE("a server whose CURRENT is gone never begins anew", "[integration]")
{
    live_server server;
    {
        okra_client ann{server.port(), "ann"};
        static_cast<void>(ann.open(plan));
        ann.change(plan, 1, 0, create_first);
        REQUIRE(ann.next_of<wire::commit>().last == revision{1});
    }
    server.process().signal(SIGTERM);
    REQUIRE(server.process().wait() == 0);
    const auto& data = server.folder().path();
    const temporary_folder kept;
    std::filesystem::copy(data / "CURRENT", kept.path());
    std::filesystem::remove(data / "CURRENT");
    for (int start = 0; start < 2; ++start) {  // as a supervisor does
        const auto it = run_server({"--listen", "127.0.0.1:0", "--data", data.string()});
        CHECK(it.exit_code == 1);
        CHECK_THAT(it.output, ContainsSubstring("CURRENT is missing") && ContainsSubstring("okra-admin restore"));
    }
    std::filesystem::copy(kept.path() / "CURRENT", data);
    server.start_again();
    okra_client back{server.port(), "ann"};
    CHECK(back.open(plan).at == revision{1});
}

TEST_CASE("[RC1] [RC2] SIGTERM sends everybody away for a time of their own, and the process ends well",
          "[integration]")
{
    live_server server;
    std::vector<std::unique_ptr<okra_client>> clients;
    for (int index = 0; index < 20; ++index) {
        clients.push_back(std::make_unique<okra_client>(server.port(), fmt::format("c{}", index)));
        static_cast<void>(clients.back()->open(plan));
    }
    clients.front()->change(plan, 1, 0, create_first);
    static_cast<void>(clients.back()->next_of<wire::commit>());
    const std::uint16_t port = server.port();
    server.process().signal(SIGTERM);
    std::set<std::uint32_t> delays;
    for (const auto& it : clients) {
        const auto bye = it->next_of<wire::bye>();
        CHECK(bye.code == "shutdown");
        CHECK(bye.again);
        delays.insert(bye.after_ms);
        CHECK_FALSE(it->next());
        CHECK(it->socket().close_code() == 4000);
        it->socket().send_close(4000);
        it->socket().read_to_end();
    }
    CHECK(delays.size() > 10);
    CHECK(server.process().wait() == 0);
    CHECK_THROWS(tcp_client{port});

    server.start_again();
    okra_client back{server.port(), "c0"};
    CHECK(back.open(plan).at == revision{1});
}

TEST_CASE("[RC1] an end does not wait longer than its grace for those who do not answer", "[integration]")
{
    live_server server{{"--shutdown-grace-ms", "300"}};
    okra_client rude{server.port(), "c1"};
    static_cast<void>(rude.open(plan));
    tcp_client silent{server.port()};
    server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 0);
}

TEST_CASE("a second signal ends at once", "[integration]")
{
    live_server server{{"--shutdown-grace-ms", "60000"}};
    okra_client rude{server.port(), "c1"};
    static_cast<void>(rude.open(plan));
    server.process().signal(SIGINT);
    CHECK(rude.next_of<wire::bye>().code == "shutdown");
    server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 0);
}

TEST_CASE("what is stored is for its own user, also in a folder that was open to others", "[integration]")
{
    namespace fs = std::filesystem;
    const auto open_to_others = [](const fs::path& folder) {
        std::vector<std::string> names;
        const auto look = [&](const fs::path& at) {
            constexpr fs::perms others = fs::perms::group_all | fs::perms::others_all;
            if ((fs::status(at).permissions() & others) != fs::perms::none) names.push_back(at.string());
        };
        look(folder);
        for (const auto& it : fs::recursive_directory_iterator{folder}) look(it.path());
        return names;
    };
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    const fs::path log = folder.path() / "log";
    static_cast<void>(server_process{data});
    CHECK(open_to_others(data).empty());

    fs::permissions(data, fs::perms{0755});
    static_cast<void>(server_process{data, {.log = log}});
    CHECK(open_to_others(data).empty());
    std::ifstream written{log};
    const std::string lines{std::istreambuf_iterator<char>{written}, {}};
    CHECK_THAT(lines, ContainsSubstring("data_folder_closed"));

    const fs::path backups = folder.path() / "backups";
    CHECK(run_program("okra-admin", {"backup", "--data", data.string(), "--to", backups.string()}).exit_code == 0);
    CHECK(open_to_others(backups).empty());
    const fs::path restored = folder.path() / "restored";
    CHECK(run_program("okra-admin", {"restore", "--from", backups.string(), "--data", restored.string()}).exit_code ==
          0);
    CHECK(open_to_others(restored).empty());
}

TEST_CASE("what cannot start says why in a sentence", "[integration]")
{
    const live_server running;
    const temporary_folder folder;
    const std::string data = (folder.path() / "data").string();
    SECTION("the port is taken")
    {
        const auto it = run_server({"--listen", fmt::format("127.0.0.1:{}", running.port()), "--data", data});
        CHECK(it.exit_code == 1);
        CHECK_THAT(it.output, ContainsSubstring("Cannot listen on 127.0.0.1") && ContainsSubstring("in use"));
    }
    SECTION("the data belongs to another process")
    {
        const auto it = run_server({"--listen", "127.0.0.1:0", "--data", running.folder().path().string()});
        CHECK(it.exit_code == 1);
        CHECK_THAT(it.output, ContainsSubstring("in use by another"));
    }
    SECTION("the address can be reached by others")
    {
        const auto it = run_server({"--listen", "0.0.0.0:0", "--data", data});
        CHECK(it.exit_code == 1);
        CHECK_THAT(it.output, ContainsSubstring("--trust-network"));
    }
    SECTION("an origin would stand for every page")
    {
        const auto it = run_server({"--listen", "127.0.0.1:0", "--data", data, "--allow-origin", "*"});
        CHECK(it.exit_code == 1);
        CHECK_THAT(it.output, ContainsSubstring("--allow-origin") && ContainsSubstring("every page on the web"));
    }
    SECTION("a host is none")
    {
        const auto it = run_server({"--listen", "127.0.0.1:0", "--data", data, "--host", "https://okra.example.com"});
        CHECK(it.exit_code == 1);
        CHECK_THAT(it.output, ContainsSubstring("--host") && ContainsSubstring("is not a host name"));
    }
    SECTION("the web client's folder is none")
    {
        const auto it = run_server({"--listen", "127.0.0.1:0", "--data", data, "--web", folder.path().string()});
        CHECK(it.exit_code == 1);
        CHECK_THAT(it.output, ContainsSubstring("not a built web client"));
    }
    SECTION("the address is none")
    {
        CHECK(run_server({"--listen", "nowhere:80", "--data", data}).exit_code == 1);
        CHECK(run_server({"--listen", "127.0.0.1:99999", "--data", data}).exit_code == 1);
        CHECK(run_server({"--no-such-option"}).exit_code == 1);
    }
}

TEST_CASE("help and version need no data", "[integration]")
{
    const auto help = run_server({"--help"});
    CHECK(help.exit_code == 0);
    CHECK_THAT(help.output, ContainsSubstring("--listen") && ContainsSubstring("--shutdown-grace-ms"));
    const auto version = run_server({"--version"});
    CHECK(version.exit_code == 0);
    CHECK_THAT(version.output, ContainsSubstring("okra "));
}

}  // namespace okra::test
