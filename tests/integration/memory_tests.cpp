// What a peer can make the server hold by not reading, by asking again and again, and by asking for more than there is
// (SPEC CM3, docs/operations.md "Limits").
#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_sanitized = true;  // whose own memory is many times the server's
#else
constexpr bool is_sanitized = false;
#endif
#else
constexpr bool is_sanitized = false;
#endif

constexpr std::size_t megabyte = 1'000'000;
constexpr std::uint64_t changes = 250;
constexpr std::size_t note_bytes = 60'000;
constexpr const char* writes_per_second = "1000000000";  // who writes a history here is not held back

double figure(std::uint16_t port, const std::string& name)
{
    const std::string all = get(port, "/metrics").body;
    const std::size_t at = all.find('\n' + name + ' ');
    REQUIRE(at != std::string::npos);
    double value = 0;
    std::from_chars(all.data() + at + name.size() + 2, all.data() + all.size(), value);
    return value;
}

std::string open(std::string_view document, std::string_view rest = "")
{
    return fmt::format(R"({{"type":"open","document":"{}"{}}})", document, rest);
}

// A plan whose history is far longer than what it holds, and a server that has none of it in memory.
class long_history {
public:
    long_history()
    {
        okra_client author{server.port(), "author"};
        static_cast<void>(author.open(plan));
        const std::string text(note_bytes, 'x');
        for (std::uint64_t seq = 1; seq <= changes; ++seq) {
            const std::string erase = seq == 1 ? "" : fmt::format(R"(,{{"d":{}}})", note_bytes);
            author.change(plan, seq, seq - 1,
                          fmt::format(R"({{"op":"edit","id":"plan","field":"note","edit":["{}"{}]}})", text, erase));
            static_cast<void>(author.next_of<wire::commit>());
        }
        server.process().signal(SIGTERM);
        REQUIRE(server.process().wait() == 0);
        server.start_again();
        okra_client honest{server.port(), "honest"};
        resume = fmt::format(R"(,"epoch":"{}","revision":1)", honest.open(plan).epoch);
    }

    live_server server{{"--threads", "2", "--bytes-per-second", writes_per_second}};
    std::string resume;
};

// A client that reads nothing of what it asked for.
std::unique_ptr<okra_client> deaf_client(const live_server& server, std::size_t number)
{
    return std::make_unique<okra_client>(server.port(), fmt::format("deaf{}", number),
                                         websocket_client::options{.tcp = {.receive_buffer_bytes = 4096}});
}

}  // namespace

TEST_CASE("[CM3] forty sockets that open a long history and read nothing cost a place each", "[integration]")
{
    long_history past;
    const std::uint16_t port = past.server.port();
    const std::size_t before = past.server.process().resident_bytes();
    std::vector<std::unique_ptr<okra_client>> deaf;
    for (std::size_t count = 0; count < 40; ++count) {
        deaf.push_back(deaf_client(past.server, count));
        deaf.back()->send(open(plan, past.resume + (count % 2 == 0 ? "" : R"(,"view":true)")));
    }
    while (figure(port, "okra_writes_blocked_total") < static_cast<double>(deaf.size())) {
    }
    const std::size_t after = past.server.process().resident_bytes();
    CHECK(figure(port, "okra_unread_bytes") < 32 * megabyte);
    CHECK(figure(port, "okra_frame_bytes") < 36 * megabyte);
    if (!is_sanitized) CHECK(after < before + 40 * megabyte);

    okra_client honest{port, "honest"};
    CHECK(honest.open(plan).at == revision{changes});
    // Whoever reads at last has everything.
    std::uint64_t has = 1;
    while (has < changes) {
        const auto it = deaf.front()->next();
        REQUIRE(it);
        if (const auto* commit = std::get_if<wire::commit>(&*it)) {
            REQUIRE(commit->last.value - commit->changes.size() == has);
            has = commit->last.value;
        } else if (const auto* part = std::get_if<wire::part>(&*it)) {
            has = part->at.value;
        }
    }
    CHECK(has == changes);
}

TEST_CASE("[OD9] a socket that opens a long history over and over holds up nobody", "[integration]")
{
    long_history past;
    const std::uint16_t port = past.server.port();
    const std::unique_ptr<okra_client> restless = deaf_client(past.server, 0);
    for (int count = 0; count < 300; ++count) restless->send(open(plan, past.resume));
    for (std::size_t count = 0; count < 5; ++count) {
        okra_client honest{port, fmt::format("honest{}", count)};
        CHECK(honest.open(plan).at == revision{changes});
        CHECK(honest.open(fmt::format("acme/plan/other{}/2026q1", count)).at == revision{0});
    }
    // All that was read for it is what it has now.
    CHECK(figure(port, "okra_unread_bytes") < 2 * megabyte);
}

TEST_CASE("[TX5] an edit of half a million pieces is taken, and nothing of it stays under way", "[integration]")
{
    const live_server server{{"--threads", "2"}};
    std::string pieces;
    for (std::size_t count = 0; count < megabyte / 2 - 200; ++count) pieces += "1,";
    for (std::size_t number = 0; number < 4; ++number) {
        const std::string document = fmt::format("acme/plan/team{}/2026q1", number);
        okra_client author{server.port(), fmt::format("author{}", number)};
        static_cast<void>(author.open(document));
        author.change(document, 1, 0,
                      fmt::format(R"({{"op":"edit","id":"plan","field":"note","edit":[{}"end"]}})", pieces));
        CHECK(author.next_of<wire::commit>().last == revision{1});
    }
    CHECK(figure(server.port(), "okra_changes_under_way_bytes") == 0);
}

TEST_CASE("[ER5] where there is no memory for what a session asks, it alone is refused, and nothing is lost",
          "[integration]")
{
    if (is_sanitized) SKIP("a sanitizer takes its own share of the addresses");
    constexpr std::size_t plans = 16;
    constexpr int notes = 60;
    const auto name_of = [](std::size_t number) { return fmt::format("acme/plan/team{}/2026q1", number); };
    const temporary_folder folder;
    const std::string text(note_bytes, 'x');
    {
        const server_process server{folder.path(), {.more = {"--bytes-per-second", writes_per_second}}};
        okra_client author{server.port(), "author"};
        for (std::size_t number = 0; number < plans; ++number) {
            static_cast<void>(author.open(name_of(number)));
            for (int note = 1; note <= notes; ++note) {
                author.change(name_of(number), static_cast<std::uint64_t>(note), static_cast<std::uint64_t>(note - 1),
                              fmt::format(R"({{"op":"create","id":"o{}","kind":"objective","parent":"plan",)"
                                          R"("fields":{{"description":"{}"}}}})",
                                          note, text));
                static_cast<void>(author.next_of<wire::commit>());
            }
        }
    }
    std::size_t refused = 0;
    {
        // One arena, so that what is free in others does not count.
        server_process server{folder.path(), {.more = {"--threads", "2"}, .environment = {"MALLOC_ARENA_MAX=1"}}};
        okra_client author{server.port(), "author"};
        static_cast<void>(author.open(plan));
        server.limit_addresses(server.address_bytes() + 20 * megabyte);
        for (std::size_t number = 0; number < plans; ++number) {
            okra_client reader{server.port(), fmt::format("reader{}", number)};
            reader.send(open(name_of(number)));
            const auto answer = reader.next();
            const auto* const no = answer ? std::get_if<wire::refused>(&*answer) : nullptr;
            if (no != nullptr) CHECK(no->why.code == refusal_code::unavailable);  // and not as damaged
            if (!answer || std::holds_alternative<wire::refused>(*answer) ||
                std::holds_alternative<wire::bye>(*answer)) {
                ++refused;
            }
        }
        CHECK(refused > 0);
        REQUIRE(server.is_running());
        author.change(plan, 1, 0, create_first);
        CHECK(author.next_of<wire::commit>().last == revision{1});
        CHECK(get(server.port(), "/healthz").status == 200);
    }
    const server_process server{folder.path()};
    okra_client author{server.port(), "author"};
    CHECK(author.open(plan).at == revision{1});
    for (std::size_t number = 0; number < plans; ++number) {
        okra_client reader{server.port(), fmt::format("reader{}", number)};  // as many as one may have open
        CHECK(reader.open(name_of(number)).at == revision{static_cast<std::uint64_t>(notes)});
    }
}

}  // namespace okra::test
