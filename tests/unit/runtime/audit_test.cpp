// What the server tells of its hash, and what it makes of a client that found another.
#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/encode.hpp"
#include "running_server.hpp"
#include "test_peer.hpp"
#include "tests/support/forwarding_log.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

constexpr const char* plan = "acme/plan/team/q4";
const std::string in_plan = std::string{R"("document":")"} + plan + '"';

constexpr runtime::bounds audits_soon{.snapshot_age_ms = 0, .audit_interval_ms = 1};

bool has_counted(const running_server& server, int divergences)
{
    const std::string line = "\nokra_replica_divergences_reported_total " + std::to_string(divergences) + "\n";
    return server.runtime.figures().scrape().find(line) != std::string::npos;
}

void join(test_peer& peer, const std::string& client)
{
    peer.say_hello(client);
    peer.send(R"({"type":"open",)" + in_plan + '}');
    static_cast<void>(peer.next_of("part"));
}

std::string typing(std::uint64_t seq, std::uint64_t base)
{
    return R"({"type":"change",)" + in_plan + R"(,"seq":)" + std::to_string(seq) + R"(,"base":)" +
           std::to_string(base) + R"(,"ops":[{"op":"edit","id":"plan","field":"note","edit":["x"]}]})";
}

wire::server_message decoded(std::string json)
{
    wire::decoder decoder;
    const std::size_t size = json.size();
    json.resize(size + wire::decoder::padding);
    auto message = decoder.decode_server(std::span{json}.first(size));
    REQUIRE(message.has_value());
    return *std::move(message);
}

wire::audit next_audit(test_peer& peer)
{
    return std::get<wire::audit>(decoded(peer.next_of("audit")));
}

std::string report(revision at, std::uint64_t hash)
{
    std::string json;
    wire::encode(json, wire::client_message{wire::diverged{plan, at, hash, {}, false, {"plan/note"}}});
    return json;
}

}  // namespace

TEST_CASE("[OD3] who opens a document anew gets nothing that is behind what it was sent before", "[runtime]")
{
    running_server server{2, {.snapshot_age_ms = 3'600'000}};
    test_peer ann{server.runtime, 0};
    test_peer bob{server.runtime, 1};
    join(ann, "ann-0123456789");
    join(bob, "bob-0123456789");
    bob.send(typing(1, 0));
    static_cast<void>(ann.next_of("commit"));
    ann.send(R"({"type":"open",)" + in_plan + '}');
    CHECK_THAT(ann.next_of("opened"), ContainsSubstring(R"("revision":1,"mode":"snapshot")"));
    CHECK_THAT(ann.next_of("part"), ContainsSubstring(R"("note":"x")"));
}

TEST_CASE("[AU2] whatever is under way, an audit is that of the last commit before it", "[runtime]")
{
    running_server server{2, audits_soon};
    test_peer ann{server.runtime, 0};
    test_peer bob{server.runtime, 1};
    join(ann, "ann-0123456789");
    join(bob, "bob-0123456789");

    // Two write as fast as they are answered, so that audits fall between batches that are decided and not durable.
    constexpr std::uint64_t changes = 300;
    struct author {
        test_peer& peer;
        std::uint64_t sent = 0;
        std::uint64_t committed = 0;
    };
    std::map<std::string, author> authors{{"ann-0123456789", {ann}}, {"bob-0123456789", {bob}}};
    document::document replica{*document::find_schema("plan")};
    for (bool done = false; !done;) {
        for (auto& [client, it] : authors) {
            if (it.sent == it.committed && it.sent < changes) it.peer.send(typing(++it.sent, 0));
        }
        const auto message = decoded(ann.next());
        if (const auto* commit = std::get_if<wire::commit>(&message)) {
            for (const auto& change : commit->changes) {
                REQUIRE(replica.replay(change).has_value());
                ++authors.at(change.client).committed;
            }
        } else if (const auto* audit = std::get_if<wire::audit>(&message)) {
            CHECK(audit->at == replica.head());
            CHECK(audit->hash == replica.hash());
            CHECK(audit->schema == document::schema_version);
            done = audit->at == revision{2 * changes};
        }
    }
}

TEST_CASE("[AU2] a document that is quiet is audited once after its last change, and for who opens it", "[runtime]")
{
    running_server server{1, audits_soon};
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    CHECK(next_audit(ann).at == revision{0});
    ann.send(typing(1, 0));
    const auto first = next_audit(ann);
    CHECK(first.at == revision{1});

    test_peer bob{server.runtime, 0};
    join(bob, "bob-0123456789");
    const auto again = next_audit(bob);
    CHECK(again.at == revision{1});
    CHECK(again.hash == first.hash);
    CHECK(next_audit(ann).at == revision{1});
}

TEST_CASE("[AU4] a divergence counts once for each session, and only if there was such an audit", "[runtime]")
{
    running_server server{1, audits_soon};
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    ann.send(typing(1, 0));
    wire::audit audit = next_audit(ann);
    while (audit.at != revision{1}) audit = next_audit(ann);
    CHECK(has_counted(server, 0));

    ann.send(report(revision{7}, 17));
    ann.send(report(revision{1}, audit.hash));
    CHECK(has_counted(server, 0));
    ann.send(report(revision{1}, 17));
    CHECK(has_counted(server, 1));
    ann.send(report(revision{1}, 18));
    CHECK(has_counted(server, 1));

    test_peer screen{server.runtime, 0};
    screen.say_hello("screen-0123456789");
    screen.send(report(revision{1}, 17));
    CHECK(has_counted(server, 1));
    screen.send(R"({"type":"open","view":true,)" + in_plan + '}');
    static_cast<void>(screen.next_of("part"));
    screen.send(report(revision{1}, 17));
    CHECK(has_counted(server, 2));
}

TEST_CASE("[AU4] a client that invents divergences soon says nothing new", "[runtime]")
{
    running_server server{1, audits_soon};
    test_peer ann{server.runtime, 0};
    join(ann, "ann-0123456789");
    std::vector<wire::audit> audits;
    for (std::uint64_t seq = 1; seq <= 12; ++seq) {
        ann.send(typing(seq, seq - 1));
        do audits.push_back(next_audit(ann));
        while (audits.back().at != revision{seq});
    }
    for (int round = 0; round < 3; ++round) {
        for (const auto& audit : audits) ann.send(report(audit.at, 17));
    }
    CHECK(has_counted(server, 8));
}

namespace {

// What is read from it is not what was written to it.
class lying_log final : public test::forwarding_log {
public:
    lying_log() : forwarding_log{stored_} {}

    [[nodiscard]] result<void, storage::failure> read(std::string_view document, revision after,
                                                      const visitor& visit) const override
    {
        return forwarding_log::read(document, after, [&](revision at, std::string_view record) {
            std::string told{record};
            if (lies) std::ranges::replace(told, 'x', 'y');
            return visit(at, told);
        });
    }

    std::atomic<bool> lies{false};

private:
    storage::memory_log stored_{"epoch1"};
};

std::uint64_t counted(const runtime::server_runtime& server, const std::string& name)
{
    const std::string text = server.figures().scrape();
    const std::size_t at = text.find("\nokra_" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::stoull(text.substr(at + name.size() + 7));
}

}  // namespace

TEST_CASE("[AU4] a forged divergence is a report, not an alarm; only the log can confirm one", "[runtime]")
{
    lying_log log;
    log.lies = GENERATE(false, true);
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test", .keep = audits_soon}};
    server.start();
    test_peer ann{server, 0};
    join(ann, "ann-0123456789");
    ann.send(typing(1, 0));
    wire::audit audit = next_audit(ann);
    while (audit.at != revision{1}) audit = next_audit(ann);

    std::string impossible;  // the state began after it was compared
    wire::encode(impossible, wire::client_message{wire::diverged{plan, revision{1}, 17, revision{2}, false, {}}});
    ann.send(impossible);
    ann.send(report(revision{1}, 17));
    while (counted(server, "self_checks_total") == 0) std::this_thread::yield();
    CHECK(counted(server, "replica_divergences_reported_total") == 1);
    // The check is counted before what it has found.
    if (log.lies) {
        while (counted(server, "replica_divergences_confirmed_total") == 0) std::this_thread::yield();
    }
    CHECK(counted(server, "replica_divergences_confirmed_total") == (log.lies ? 1 : 0));
}
