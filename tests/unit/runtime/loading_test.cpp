// How documents come from storage: in turns, and from a snapshot that leaves little to replay.
#include "server/runtime/loading.hpp"

#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "running_server.hpp"
#include "test_peer.hpp"
#include "tests/support/print_result.hpp"

using namespace okra;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

const std::string plan = "acme/plan/team/q4";

// An objective a change.
void write(runtime::server_runtime& server, std::uint64_t changes)
{
    test_peer author{server, 0};
    author.say_hello("author-0123456789");
    author.send(R"({"type":"open","document":")" + plan + R"("})");
    static_cast<void>(author.next_of("part"));
    for (std::uint64_t seq = 1; seq <= changes; ++seq) {
        author.send(R"({"type":"change","document":")" + plan + R"(","seq":)" + std::to_string(seq) + R"(,"base":)" +
                    std::to_string(seq - 1) + R"(,"ops":[{"op":"create","id":"o)" + std::to_string(seq) +
                    R"(","kind":"objective","parent":"plan"}]})");
        static_cast<void>(author.next_of("commit"));
    }
}

// Of the newest stored snapshot.
std::optional<revision> stored_at(const storage::log& log)
{
    const auto stored = log.load(plan);
    REQUIRE(stored);
    return stored->snapshot ? std::optional{stored->snapshot->at} : std::nullopt;
}

void drain(runtime::server_runtime& server)
{
    std::promise<void> drained;
    server.drain([&] { drained.set_value(); });
    drained.get_future().wait();
}

}  // namespace

TEST_CASE("a document is loaded in turns, one change at least in each, and is the same in the end", "[runtime]")
{
    running_server server{1};
    write(server.runtime, 3);
    const document::document_name name = document::parse_name(plan).value();
    const runtime::load_result at_once = runtime::load_document(server.log, name);
    REQUIRE(at_once);

    constexpr std::int64_t no_time = -1;
    runtime::document_load load{server.log, name};
    CHECK_FALSE(load.go_on({.us = no_time}));
    CHECK_FALSE(load.go_on({.us = no_time}));
    const std::optional<runtime::load_result> in_turns = load.go_on({.us = no_time});
    REQUIRE(in_turns);
    REQUIRE(*in_turns);
    CHECK((*in_turns)->content.head() == revision{3});
    CHECK((*in_turns)->content.hash() == at_once->content.hash());
}

TEST_CASE("a load that is given up keeps how far it came", "[runtime]")
{
    running_server server{1};
    write(server.runtime, 3);
    const document::document_name name = document::parse_name(plan).value();
    constexpr std::int64_t no_time = -1;
    runtime::document_load load{server.log, name};
    CHECK_FALSE(load.go_on({.us = no_time}));
    CHECK_FALSE(load.take_progress(1'000'000'000));
    const auto progress = load.take_progress(-1);
    REQUIRE(progress);
    CHECK(progress->at == revision{1});
    CHECK_FALSE(load.take_progress(-1));  // nothing has come since
    REQUIRE(server.log.put_snapshot(plan, *progress));

    const runtime::load_result again = runtime::load_document(server.log, name);
    REQUIRE(again);
    CHECK(again->snapshot_at == revision{1});
    CHECK(again->content.head() == revision{3});
}

TEST_CASE("a load that takes long is stored on its way, and at its end", "[runtime]")
{
    storage::memory_log log{"epoch1"};
    {
        runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test", .keep = {}}};
        server.start();
        write(server, 3);
    }
    CHECK(stored_at(log) == std::nullopt);
    constexpr runtime::bounds costly{.snapshot_age_ms = 0, .store_snapshot_after_us = -1, .replay_turn_us = -1};
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test", .keep = costly}};
    server.start();
    test_peer reader{server, 0};
    reader.say_hello("reader-0123456789");
    reader.send(R"({"type":"open","document":")" + plan + R"("})");
    static_cast<void>(reader.next_of("part"));
    CHECK(stored_at(log) >= revision{2});
}

TEST_CASE("a snapshot is stored when the changes since the last one would take long to replay", "[runtime]")
{
    constexpr runtime::bounds always{.snapshot_age_ms = 0, .store_snapshot_after_us = -1};
    running_server server{1, always};
    write(server.runtime, 4);
    CHECK(stored_at(server.log) >= revision{1});  // a write of changes comes before one of snapshots
    running_server other{1};
    write(other.runtime, 4);
    CHECK_FALSE(stored_at(other.log));
}

TEST_CASE("a server that ends cleanly leaves little to replay to the next one", "[runtime]")
{
    constexpr runtime::bounds always{.snapshot_age_ms = 0, .store_snapshot_at_end_us = 0};
    running_server server{1, always};
    write(server.runtime, 3);
    drain(server.runtime);
    CHECK(stored_at(server.log) == revision{3});
    constexpr runtime::bounds never{.snapshot_age_ms = 0, .store_snapshot_at_end_us = 3'600'000'000};
    running_server other{1, never};
    write(other.runtime, 3);
    drain(other.runtime);
    CHECK_FALSE(stored_at(other.log));
}
