// Loads that are under way, or wait for their turn, when all who wanted them have left.
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "running_server.hpp"
#include "test_peer.hpp"
#include "tests/support/forwarding_log.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::running_server;
using okra::tests::test_peer;

namespace {

// A log that stops at the first record of one document until it is told to go on.
class gated_log final : public test::forwarding_log {
public:
    gated_log(storage::log& to, std::string gate) : forwarding_log{to}, gate_{std::move(gate)} {}

    void wait_until_somebody_is_at_the_gate()
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return is_at_gate_; });
    }
    void open()
    {
        const std::scoped_lock lock{mutex_};
        is_open_ = true;
        changed_.notify_all();
    }
    [[nodiscard]] std::size_t records_read(const std::string& document) const
    {
        const std::scoped_lock lock{mutex_};
        return records_read_[document];
    }

    [[nodiscard]] result<void, storage::failure> read(std::string_view document, revision after,
                                                      const visitor& visit) const override
    {
        return forwarding_log::read(document, after, [&](revision at, std::string_view record) {
            {
                std::unique_lock lock{mutex_};
                ++records_read_[std::string{document}];
                if (document == gate_) {
                    is_at_gate_ = true;
                    changed_.notify_all();
                    changed_.wait(lock, [&] { return is_open_; });
                }
            }
            return visit(at, record);
        });
    }

private:
    const std::string gate_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    mutable bool is_at_gate_ = false;
    mutable bool is_open_ = false;
    mutable std::map<std::string, std::size_t> records_read_;
};

constexpr const char* first = "acme/plan/first/q4";
constexpr const char* second = "acme/plan/second/q4";
constexpr std::size_t changes = 3;

std::string say(const std::string& type, const std::string& document)
{
    return R"({"type":")" + type + R"(","document":")" + document + R"("})";
}

// Three objectives in each of two plans.
void write_plans(storage::log& into)
{
    runtime::server_runtime server{into, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer author{server, 0};
    author.say_hello("author-0123456789");
    for (const std::string document : {first, second}) {
        author.send(say("open", document));
        static_cast<void>(author.next_of("part"));
        for (std::size_t seq = 1; seq <= changes; ++seq) {
            author.send(R"({"type":"change","document":")" + document + R"(","seq":)" + std::to_string(seq) +
                        R"(,"base":)" + std::to_string(seq - 1) + R"(,"ops":[{"op":"create","id":"o)" +
                        std::to_string(seq) + R"(","kind":"objective","parent":"plan"}]})");
            static_cast<void>(author.next_of("commit"));
        }
    }
}

void leave(test_peer& peer, const char* document)
{
    peer.send(say("close", document));
    // What the worker has to do about it takes it one turn for the plan, and one more for its workspace.
    for (int turn = 0; turn < 3; ++turn) {
        peer.send(R"({"type":"ping"})");
        static_cast<void>(peer.next_of("pong"));
    }
}

}  // namespace

TEST_CASE("a load that nobody waits for any more is dropped, begun or not", "[runtime]")
{
    storage::memory_log stored{"epoch1"};
    write_plans(stored);
    gated_log log{stored, first};
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer reader{server, 0};
    reader.say_hello("reader-0123456789");
    reader.send(say("open", first));
    log.wait_until_somebody_is_at_the_gate();
    test_peer another{server, 0};
    another.say_hello("another-0123456789");
    another.send(say("open", second));
    leave(another, second);
    leave(reader, first);
    log.open();

    // Whoever comes now has to wait for what the loader does before.
    another.send(say("open", "acme/plan/third/q4"));
    static_cast<void>(another.next_of("part"));
    CHECK(log.records_read(first) < changes);
    CHECK(log.records_read(second) == 0);
    CHECK_THAT(server.scrape(), ContainsSubstring("\nokra_loads_dropped_total 3\n"));  // with their workspace

    reader.send(say("open", first));
    CHECK_THAT(reader.next_of("part"), ContainsSubstring(R"("o3")"));
}

TEST_CASE("a load goes on while anybody waits for it, also who opens anew", "[runtime]")
{
    storage::memory_log stored{"epoch1"};
    write_plans(stored);
    gated_log log{stored, first};
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer reader{server, 0};
    reader.say_hello("reader-0123456789");
    test_peer another{server, 0};
    another.say_hello("another-0123456789");
    reader.send(say("open", first));
    another.send(say("open", first));
    log.wait_until_somebody_is_at_the_gate();
    leave(another, first);
    reader.send(say("open", first));
    log.open();
    CHECK_THAT(reader.next_of("part"), ContainsSubstring(R"("o3")"));
    CHECK(log.records_read(first) == changes);
    CHECK_THAT(server.scrape(), ContainsSubstring("\nokra_loads_dropped_total 0\n"));
}
