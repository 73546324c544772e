// Whose change is decided when, with costs and time as the test says; then in a running server what must not wait for
// what.
#include "server/runtime/change_lane.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "running_server.hpp"
#include "server/runtime/change_memory.hpp"
#include "test_peer.hpp"
#include "tests/support/forwarding_log.hpp"

using namespace okra;
using okra::runtime::change_lane;
using okra::runtime::memory_bytes;
using okra::tests::running_server;
using okra::tests::test_peer;
using verdict = okra::runtime::change_lane::verdict;

namespace {

constexpr std::int64_t second_us = 1'000'000;

change_lane::waiting_change change(const char* document, wire::session_number from, std::size_t ops,
                                   std::uint64_t seq = 1)
{
    change_lane::waiting_change it;
    it.from.session = from;
    it.bytes = ops * 50;
    it.what.document = document;
    it.what.what.seq = {seq};
    it.what.what.ops.assign(ops, document::remove_op{"o1"});
    return it;
}

}  // namespace

TEST_CASE("a cheap change is decided at once, a costly one waits", "[runtime]")
{
    change_lane lane{{}};
    CHECK(lane.submit(change("a", 1, 1), 0) == verdict::at_once);
    CHECK(lane.submit(change("a", 1, 1000), 0) == verdict::waits);
    CHECK(lane.next().from.session == 1);
    CHECK(lane.empty());
}

TEST_CASE("what a change cost tells what the next one of its document will", "[runtime]")
{
    change_lane lane{{.document_burst_us = second_us}};
    for (int count = 0; count < 20; ++count) lane.charge("large", 1, 5000, 0);  // 5 ms for a single op
    CHECK(lane.submit(change("large", 1, 1), 0) == verdict::waits);
    for (int count = 0; count < 20; ++count) lane.charge("small", 1000, 1000, 0);  // 1 µs
    CHECK(lane.submit(change("small", 1, 200), 0) == verdict::at_once);
}

TEST_CASE("a document that has used up its share waits, until time has given it back", "[runtime]")
{
    change_lane lane{{.document_burst_us = 10'000, .document_us_per_second = 50'000}};
    lane.charge("busy", 3000, 30'000, 0);
    CHECK(lane.submit(change("quiet", 1, 1), 0) == verdict::at_once);
    CHECK(lane.submit(change("busy", 1, 1), 0) == verdict::waits);
    static_cast<void>(lane.next());
    CHECK(lane.submit(change("busy", 1, 1), second_us * 3 / 10) == verdict::waits);
    static_cast<void>(lane.next());
    CHECK(lane.submit(change("busy", 1, 1), second_us / 2) == verdict::at_once);
}

TEST_CASE("documents take turns, however many wait in one of them", "[runtime]")
{
    change_lane lane{{}};
    for (wire::session_number from = 1; from <= 4; ++from) {
        CHECK(lane.submit(change("crowded", from, 1000), 0) == verdict::waits);
    }
    CHECK(lane.submit(change("other", 9, 1000), 0) == verdict::waits);
    std::vector<wire::session_number> order;
    while (!lane.empty()) order.push_back(lane.next().from.session);
    CHECK(order == std::vector<wire::session_number>{1, 9, 2, 3, 4});
}

TEST_CASE("while others edit, the lane rests in proportion to its work, else not at all", "[runtime]")
{
    change_lane lane{{.rest_per_work = 3}};
    const auto decide_one = [&](std::int64_t now_us) {
        CHECK(lane.submit(change("costly", 1, 1000), now_us) == verdict::waits);
        static_cast<void>(lane.next());
        lane.charge("costly", 1000, 4000, now_us);
        CHECK(lane.submit(change("costly", 1, 1000), now_us) == verdict::waits);
    };
    decide_one(0);
    CHECK(lane.rest_us(0) == 0);
    lane.note_light("costly", 0);
    CHECK(lane.rest_us(0) == 0);  // its own edits are no others
    lane.note_light("other", 0);
    lane.note_light("costly", 10);
    CHECK(lane.rest_us(10) == 11'990);
    CHECK(lane.rest_us(12'000) == 0);
    static_cast<void>(lane.next());
    decide_one(2 * second_us);
    CHECK(lane.rest_us(2 * second_us) == 0);  // nobody else has edited for long
}

TEST_CASE("what follows from a costly change, such as figures and frames, is rested for too", "[runtime]")
{
    change_lane lane{{.rest_per_work = 3}};
    lane.note_light("other", 0);
    lane.charge("other", 0, 1000, 0);  // who edits at once is not charged with the lane's rest
    CHECK(lane.submit(change("costly", 1, 1000), 0) == verdict::waits);
    CHECK(lane.rest_us(0) == 0);
    static_cast<void>(lane.next());
    lane.charge("costly", 1000, 2000, 0);
    lane.charge("costly", 0, 500, 1000);
    CHECK(lane.submit(change("costly", 1, 1000), 1000) == verdict::waits);
    CHECK(lane.rest_us(1000) == 3 * 2500 - 1000);
}

TEST_CASE("who writes a little in a large room is decided at once, whatever its frames cost", "[runtime]")
{
    change_lane lane{{.rest_per_work = 3}};
    for (int count = 0; count < 100; ++count) {
        CHECK(lane.submit(change("crowded", 1, 1), count * 1000) == verdict::at_once);
        lane.charge("crowded", 1, 5, count * 1000);
        lane.charge("crowded", 0, 14'000, count * 1000);
    }
    CHECK(lane.submit(change("costly", 1, 1000), second_us) == verdict::waits);
    CHECK(lane.rest_us(second_us) == 0);
}

TEST_CASE("one author's costly changes, each sent when the last was decided, rest as many authors' do", "[runtime]")
{
    change_lane lane{{.rest_per_work = 3}};
    CHECK(lane.submit(change("costly", 1, 1000, 1), 0) == verdict::waits);
    static_cast<void>(lane.next());
    lane.charge("costly", 1000, 5000, 5000);
    CHECK(lane.empty());
    lane.note_light("other", 6000);
    CHECK(lane.submit(change("costly", 1, 1000, 2), 7000) == verdict::waits);
    CHECK(lane.rest_us(7000) == 13'000);
}

TEST_CASE("[CH5] [CH6] of one session one change waits in a document", "[runtime]")
{
    change_lane lane{{}};
    CHECK(lane.submit(change("a", 1, 1000, 5), 0) == verdict::waits);
    CHECK(lane.submit(change("a", 1, 1000, 5), 0) == verdict::copy);
    CHECK(lane.submit(change("a", 1, 1, 6), 0) == verdict::gap);
    CHECK(lane.submit(change("b", 1, 1000, 5), 0) == verdict::waits);
}

TEST_CASE("figures that cost much wait once, however often they are asked for, and take turns with changes",
          "[runtime]")
{
    change_lane lane{{}};
    CHECK_FALSE(lane.submit_figures("a", 40'000, 0));
    CHECK_FALSE(lane.submit_figures("a", 40'000, 0));
    CHECK(lane.submit(change("a", 1, 1000), 0) == verdict::waits);
    CHECK(lane.submit(change("b", 2, 1000), 0) == verdict::waits);
    CHECK_FALSE(lane.submit_figures("a", 40'000, 0));
    CHECK(lane.next().from.session == change_lane::nobody);
    CHECK(lane.next().from.session == 2);
    CHECK_FALSE(lane.submit_figures("a", 40'000, 0));
    CHECK(lane.next().from.session == 1);
    CHECK(lane.next().from.session == change_lane::nobody);
    CHECK(lane.empty());
}

TEST_CASE("cheap figures are computed at once, until their document has used up its share", "[runtime]")
{
    change_lane lane{{.at_once_us = 500, .document_burst_us = 1'000}};
    CHECK(lane.submit_figures("a", 500, 0));
    CHECK(lane.submit_figures("a", 500, 0));
    CHECK_FALSE(lane.submit_figures("a", 500, 0));
    CHECK(lane.submit_figures("b", 500, 0));
}

TEST_CASE("a large change is taken although figures wait", "[runtime]")
{
    change_lane lane{{.memory_max = 1}};
    CHECK_FALSE(lane.submit_figures("a", 40'000, 0));
    CHECK(lane.submit(change("a", 1, 1000), 0) == verdict::waits);
    CHECK(lane.submit(change("a", 2, 1000), 0) == verdict::lane_full);
}

TEST_CASE("what waits is bounded by the memory that it takes", "[runtime]")
{
    const std::size_t each = memory_bytes(change("a", 1, 1000).what);
    change_lane lane{{.memory_max = each * 5 / 2}};
    CHECK(lane.submit(change("a", 1, 1000), 0) == verdict::waits);
    CHECK(lane.submit(change("a", 2, 1000), 0) == verdict::waits);
    CHECK(lane.submit(change("b", 3, 1000), 0) == verdict::lane_full);
    CHECK(lane.memory() == 2 * each);
    static_cast<void>(lane.next());
    CHECK(lane.submit(change("b", 3, 1000), 0) == verdict::waits);
    while (!lane.empty()) static_cast<void>(lane.next());
    CHECK(lane.memory() == 0);
}

TEST_CASE("a change counts with what it is in memory, not with what came over the wire", "[runtime]")
{
    // {"op":"edit",…,"edit":[1,1,1,…]}: two bytes each on the wire.
    document::text_edit skips(100'000, document::text_skip{1});
    const auto largest = [](document::operation op) {
        wire::change it{.document = "acme/plan/a/2026q1", .what = {}};
        it.what.ops.push_back(std::move(op));
        return memory_bytes(it);
    };
    CHECK(largest(document::edit_op{"o1", "note", skips}) >= skips.size() * sizeof(document::text_component));
    CHECK(largest(document::edit_op{"o1", "note", {document::text_insert{std::string(100'000, 'x')}}}) >= 100'000);
    CHECK(largest(document::set_op{"o1", "link", std::string(1000, 'x'), {}}) >= 1000);
    CHECK(largest(document::create_op{"o1",
                                      "objective",
                                      "plan",
                                      document::place_last{},
                                      {{"owners", std::vector<std::string>(50, std::string(40, 'x'))}},
                                      {}}) >= 50 * (sizeof(std::string) + 40));
    CHECK(largest(document::remove_op{"o1"}) < 1000);
}

TEST_CASE("[OD9] a session leaves and joins after its waiting change, at once if none waits", "[runtime]")
{
    change_lane lane{{}};
    std::string called;
    const auto note = [&](char what) { return [&called, what] { called += what; }; };
    lane.leave_in_turn("a", 1, note('a'))();
    lane.join_in_turn("a", 1, note('b'))();
    CHECK(called == "ab");
    CHECK(lane.submit(change("a", 1, 1000), 0) == verdict::waits);
    lane.leave_in_turn("a", 2, note('c'))();  // another's
    lane.join_in_turn("b", 1, note('d'))();   // elsewhere
    CHECK(called == "abcd");
    CHECK_FALSE(lane.leave_in_turn("a", 1, note('e')));
    CHECK_FALSE(lane.join_in_turn("a", 1, note('f')));
    const auto decided = lane.next();
    decided.leaves();
    decided.joins();
    CHECK(called == "abcdef");
}

TEST_CASE("[OD9] of leaving and joining while a change waits, the first and the last count", "[runtime]")
{
    change_lane lane{{}};
    std::string called;
    const auto note = [&](char what) { return [&called, what] { called += what; }; };
    CHECK(lane.submit(change("a", 1, 1000), 0) == verdict::waits);
    CHECK_FALSE(lane.leave_in_turn("a", 1, note('a')));
    CHECK_FALSE(lane.join_in_turn("a", 1, note('b')));
    CHECK_FALSE(lane.leave_in_turn("a", 1, note('c')));
    CHECK_FALSE(lane.join_in_turn("a", 1, note('d')));
    SECTION("it is there in the end")
    {
        const auto decided = lane.next();
        decided.leaves();
        decided.joins();
        CHECK(called == "ad");
    }
    SECTION("it has left in the end")
    {
        CHECK_FALSE(lane.leave_in_turn("a", 1, note('e')));
        const auto decided = lane.next();
        decided.leaves();
        CHECK_FALSE(decided.joins);
        CHECK(called == "a");
    }
}

TEST_CASE("documents that have been quiet are forgotten, those in debt or in turn are not", "[runtime]")
{
    change_lane lane{{.document_burst_us = 10'000, .document_us_per_second = 50'000}};
    lane.charge("a", 1, 60'000, 0);
    lane.forget_quiet(second_us);
    CHECK(lane.submit(change("a", 1, 1), second_us) == verdict::waits);
    lane.forget_quiet(100 * second_us);
    CHECK_FALSE(lane.empty());
    static_cast<void>(lane.next());
    lane.forget_quiet(100 * second_us);
    CHECK(lane.submit(change("a", 1, 1), 100 * second_us) == verdict::at_once);
}

namespace {

// Remembers of which documents and how large each append was.
class observed_log final : public test::forwarding_log {
public:
    struct seen {
        std::set<std::string> documents;
        std::size_t bytes = 0;
    };

    observed_log() : forwarding_log{stored_} {}

    [[nodiscard]] result<void, storage::failure> append(std::span<const storage::document_append> batch) override
    {
        seen it;
        for (const auto& share : batch) {
            it.documents.insert(share.document);
            for (const std::string& record : share.records) it.bytes += record.size();
        }
        appends.push_back(std::move(it));
        return forwarding_log::append(batch);
    }

    std::vector<seen> appends;

private:
    storage::memory_log stored_{"epoch1"};
};

std::string plan_of(std::size_t team)
{
    return fmt::format("acme/plan/t{}/q4", team);
}

std::string objectives(std::size_t team, std::size_t count)
{
    std::string json = fmt::format(R"({{"type":"change","document":"{}","seq":1,"base":0,"ops":[)", plan_of(team));
    for (std::size_t index = 0; index < count; ++index) {
        if (index != 0) json += ',';
        json += fmt::format(R"({{"op":"create","id":"o{}","kind":"objective","parent":"plan"}})", index);
    }
    return json + "]}";
}

void join(test_peer& peer, std::size_t team)
{
    peer.send(fmt::format(R"({{"type":"open","document":"{}"}})", plan_of(team)));
    static_cast<void>(peer.next_of("part"));
}

}  // namespace

TEST_CASE("[CM2] costly changes of many documents wait in turn, all of them are decided, large writes are parted",
          "[runtime]")
{
    observed_log log;
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    constexpr std::size_t teams = 12;
    std::vector<std::unique_ptr<test_peer>> authors;
    server.start();
    for (std::size_t team = 0; team < teams; ++team) {
        authors.push_back(std::make_unique<test_peer>(server, 0));
        authors.back()->say_hello(fmt::format("author-{:010}", team));
        join(*authors.back(), team);
    }
    for (std::size_t team = 0; team < teams; ++team) authors[team]->send(objectives(team, 990));
    for (const auto& it : authors) CHECK_THAT(it->next_of("commit"), Catch::Matchers::ContainsSubstring(R"("o989")"));

    const std::string figures = server.figures().scrape();
    CHECK_THAT(figures, Catch::Matchers::ContainsSubstring(fmt::format("\nokra_changes_queued_total {}\n", teams)));
    CHECK_THAT(figures, Catch::Matchers::ContainsSubstring(fmt::format("\nokra_changes_committed_total {}\n", teams)));
    constexpr std::size_t write_max = 256 << 10;
    CHECK(std::ranges::all_of(log.appends, [](const auto& it) { return it.bytes <= write_max; }));
}

TEST_CASE("the lane rests for who opens another document, as for who edits one", "[runtime]")
{
    constexpr std::int64_t hour_us = 3'600 * second_us;
    running_server server{1, {.lane = {.others_recent_us = hour_us}}};
    test_peer first{server.runtime, 0};
    first.say_hello("first-0123456789");
    join(first, 1);
    test_peer second{server.runtime, 0};
    second.say_hello("second-0123456789");
    join(second, 1);
    test_peer reader{server.runtime, 0};
    reader.say_hello("reader-0123456789");
    join(reader, 2);
    test_peer::send_in_one_turn({{first, objectives(1, 990)}, {second, objectives(1, 990)}});
    CHECK_THAT(first.next_of("commit"), Catch::Matchers::ContainsSubstring(R"("o989")"));
    CHECK_THAT(second.next_of("refused"), Catch::Matchers::ContainsSubstring(R"("code":"id_exists")"));
    CHECK_THAT(server.runtime.figures().scrape(), !Catch::Matchers::ContainsSubstring("\nokra_lane_rests_total 0\n"));
}

TEST_CASE("[OD9] a costly change that is followed by a close is decided", "[runtime]")
{
    running_server server{1};
    test_peer author{server.runtime, 0};
    author.say_hello("author-0123456789");
    join(author, 1);
    author.send(objectives(1, 990));
    author.send(fmt::format(R"({{"type":"close","document":"{}"}})", plan_of(1)));
    test_peer reader{server.runtime, 0};
    reader.say_hello("reader-0123456789");
    std::string part;
    do {
        reader.send(fmt::format(R"({{"type":"open","document":"{}"}})", plan_of(1)));
        part = reader.next_of("part");
    } while (part.find(R"("o989")") == std::string::npos);
}
