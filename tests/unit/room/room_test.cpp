#include "server/room/room.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "protocol/document/name.hpp"

using namespace okra;
using document::change;
using document::create_op;
using document::derive_context;
using document::find_schema;
using document::place_last;
using authority = okra::room::room;

namespace {

constexpr wire::session_number ann = 1;
constexpr wire::session_number bob = 2;
constexpr std::int64_t now_ms = 1'790'000'000'000;

authority empty_room()
{
    authority it{"acme/plan/t/q", document::document{*find_schema("plan")}, {}};
    it.remember("ann", {});
    it.remember("bob", {});
    return it;
}

change create(const char* client, std::uint64_t seq, std::uint64_t base, const char* id, const char* parent = "plan")
{
    create_op op{.id = id, .kind = "objective", .parent = parent, .after = place_last{}, .fields = {}, .position = {}};
    return {.client = client, .seq = {seq}, .base = {base}, .ops = {op}};
}

// Takes what was decided through the log.
okra::room::committed_batch write(authority& it)
{
    static_cast<void>(it.take_append());
    return it.committed();
}

}  // namespace

TEST_CASE("[CM2] what is decided is not durable before the log says so", "[room]")
{
    authority it = empty_room();
    REQUIRE_FALSE(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    CHECK(it.content().head() == revision{1});
    CHECK(it.durable() == revision{0});

    const storage::document_append append = it.take_append();
    CHECK(append.expected_head == revision{0});
    CHECK(append.records.size() == 1);
    CHECK(append.clients.size() == 1);
    CHECK(it.durable() == revision{0});

    CHECK(it.committed().last == revision{1});
    CHECK(it.durable() == revision{1});
}

TEST_CASE("[CM2] what is decided while an append is in flight goes into the next one", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    static_cast<void>(it.take_append());
    static_cast<void>(it.submit(bob, create("bob", 1, 0, "o2"), now_ms));
    CHECK(it.is_writing());
    CHECK(it.has_decided());
    CHECK(it.committed().last == revision{1});

    const storage::document_append next = it.take_append();
    CHECK(next.expected_head == revision{1});
    CHECK(it.committed().last == revision{2});
}

TEST_CASE("[CH5] a resent change gets its first answer and is not applied again", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    static_cast<void>(write(it));

    const auto answer = it.submit(ann, create("ann", 1, 0, "o1"), now_ms);
    REQUIRE(answer);
    const auto& told = std::get<wire::notice>(*answer);
    CHECK(told.code == "already_committed");
    CHECK(told.at == revision{1});
    CHECK_FALSE(it.has_decided());
    CHECK(it.content().head() == revision{1});
}

TEST_CASE("[CH5] a resent change that was refused is refused in the same words", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1", "nowhere"), now_ms));
    const auto first = write(it).answers;
    REQUIRE(first.size() == 1);
    const auto& refused = std::get<wire::refused>(first[0].message);
    CHECK(refused.final);
    CHECK(refused.why.code == refusal_code::parent_missing);

    const auto again = it.submit(ann, create("ann", 1, 0, "o1", "nowhere"), now_ms);
    REQUIRE(again);
    CHECK(std::get<wire::refused>(*again).why == refused.why);
}

TEST_CASE("[CH5] an older seq is told to be committed without its revision", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    static_cast<void>(write(it));
    static_cast<void>(it.submit(ann, create("ann", 2, 1, "o2"), now_ms));
    static_cast<void>(write(it));

    const auto answer = it.submit(ann, create("ann", 1, 0, "o1"), now_ms);
    REQUIRE(answer);
    CHECK_FALSE(std::get<wire::notice>(*answer).at);
}

TEST_CASE("[CH5] a change sent again while the first is being written is answered where the client is now", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1", "nowhere"), now_ms));
    static_cast<void>(it.take_append());
    constexpr wire::session_number ann_again = 7;
    CHECK_FALSE(it.submit(ann_again, create("ann", 1, 0, "o1", "nowhere"), now_ms));

    const auto answers = it.committed().answers;
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].session == ann_again);
}

TEST_CASE("[CH6] a gap in the seq is refused and uses nothing up", "[room]")
{
    authority it = empty_room();
    const auto answer = it.submit(ann, create("ann", 3, 0, "o1"), now_ms);
    REQUIRE(answer);
    const auto& refused = std::get<wire::refused>(*answer);
    CHECK(refused.why.code == refusal_code::seq_gap);
    CHECK_FALSE(refused.final);
    CHECK_FALSE(it.has_decided());
    CHECK_FALSE(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
}

TEST_CASE("[CH2] a second change in flight is refused and uses nothing up", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    const auto answer = it.submit(ann, create("ann", 2, 0, "o2"), now_ms);
    REQUIRE(answer);
    CHECK_FALSE(std::get<wire::refused>(*answer).final);
    CHECK(it.content().head() == revision{1});
}

TEST_CASE("[RF2] a refusal uses up its seq and is kept with the log", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1", "nowhere"), now_ms));
    const storage::document_append append = it.take_append();
    CHECK(append.records.empty());
    REQUIRE(append.clients.size() == 1);
    CHECK(append.clients[0].outcome.seq == sequence{1});
    CHECK(std::holds_alternative<refusal>(append.clients[0].outcome.what));
}

TEST_CASE("[ER4] a change that cannot be decoded is refused for good under its seq", "[room]")
{
    authority it = empty_room();
    CHECK_FALSE(it.refuse(ann, "ann", {1}, {refusal_code::malformed, "no ops", {}}));
    const auto answers = write(it).answers;
    REQUIRE(answers.size() == 1);
    CHECK(std::get<wire::refused>(answers[0].message).final);
    CHECK(it.last_outcome("ann").first == sequence{1});
}

TEST_CASE("[ER5] when the log fails everybody in doubt is told, none of it for good", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    static_cast<void>(it.take_append());
    static_cast<void>(it.submit(bob, create("bob", 1, 0, "o2"), now_ms));

    const auto answers = it.abandon();
    REQUIRE(answers.size() == 2);
    for (const auto& answer : answers) {
        const auto& refused = std::get<wire::refused>(answer.message);
        CHECK(refused.why.code == refusal_code::unavailable);
        CHECK_FALSE(refused.final);
    }
}

TEST_CASE("[OD2] a client that comes back learns what became of its last change", "[room]")
{
    authority it = empty_room();
    it.remember("cho", storage::client_outcome{.seq = {4}, .what = revision{12}});
    const auto [seq, outcome] = it.last_outcome("cho");
    CHECK(seq == sequence{4});
    CHECK(std::get<wire::committed_outcome>(outcome).at == revision{12});
}

TEST_CASE("[OD3] of a client whose last change was refused, no commit is beyond the newest on disk", "[room]")
{
    authority it = empty_room();
    CHECK(it.commits_until("ann") == revision{0});
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    static_cast<void>(write(it));
    static_cast<void>(it.submit(bob, create("bob", 1, 1, "o2"), now_ms));
    static_cast<void>(write(it));
    CHECK(it.commits_until("ann") == revision{1});

    static_cast<void>(it.submit(ann, create("ann", 2, 2, "o1"), now_ms));
    static_cast<void>(write(it));
    CHECK(it.commits_until("ann") == revision{2});

    it.remember("cho", storage::client_outcome{.seq = {4}, .what = refusal{refusal_code::malformed, "no change", {}}});
    CHECK(it.commits_until("cho") == revision{2});
}

TEST_CASE("[OD2] a client that leaves while its change is being written is remembered until it is written", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    it.forget("ann");
    CHECK(it.knows("ann"));
    CHECK(it.in_doubt("ann"));
    static_cast<void>(write(it));
    CHECK_FALSE(it.knows("ann"));
}

TEST_CASE("[CM4] a commit brings the figures that its changes altered, the latest of each", "[room]")
{
    authority it = empty_room();
    static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
    static_cast<void>(write(it));
    const auto key_result = [](const char* client, const char* id) {
        change both = create(client, client == std::string_view{"ann"} ? 2 : 1, 1, id, "o1");
        std::get<create_op>(both.ops[0]).kind = "key_result";
        return both;
    };
    static_cast<void>(it.submit(ann, key_result("ann", "k1"), now_ms));
    static_cast<void>(it.submit(bob, key_result("bob", "k2"), now_ms));
    const auto derived = write(it).derived;
    CHECK(std::ranges::count(derived, "k1", [](const auto& each) { return each.first; }) == 1);
    const auto objective = std::ranges::find(derived, "o1", [](const auto& each) { return each.first; });
    REQUIRE(objective != derived.end());
    CHECK(objective->second->of == 2U);
    CHECK(std::ranges::count(derived, "o1", [](const auto& each) { return each.first; }) == 1);
}

TEST_CASE("[CM5] a new context's figures wait for what is not durable yet", "[room]")
{
    authority it = empty_room();
    create_op key_result{.id = "k1",
                         .kind = "key_result",
                         .parent = "o1",
                         .after = place_last{},
                         .fields = {{"start", 0.0}, {"target", 10.0}, {"current", 5.0}},
                         .position = {}};
    change both = create("ann", 1, 0, "o1");
    both.ops.emplace_back(key_result);
    static_cast<void>(it.submit(ann, both, now_ms));

    derive_context halfway;
    halfway.today = 50;
    halfway.cycle_start = 0;
    halfway.cycle_end = 100;
    CHECK(it.set_context(halfway).empty());
    const auto derived = write(it).derived;
    const auto found = std::ranges::find(derived, "k1", [](const auto& each) { return each.first; });
    REQUIRE(found != derived.end());
    CHECK(found->second->expected == 0.5);

    halfway.today = 100;
    CHECK_FALSE(it.set_context(halfway).empty());
}

TEST_CASE("figures of several changes become one list in the order of ids, the later ones counting", "[room]")
{
    using delta = document::figure_keeper::delta;
    const auto row = [](const char* id, std::optional<double> progress) {
        std::optional<document::figures> it;
        if (progress) it.emplace().progress = progress;
        return delta::value_type{id, it};
    };
    const auto merged = [](delta into, delta later) {
        okra::room::merge(into, std::move(later));
        return into;
    };
    const delta some{row("b", 0.1), row("d", 0.2), row("f", {})};
    CHECK(merged({}, some) == some);
    CHECK(merged(some, {}) == some);
    CHECK(merged(some, {row("a", 0.5), row("d", {}), row("e", 0.6)}) ==
          delta{row("a", 0.5), row("b", 0.1), row("d", {}), row("e", 0.6), row("f", {})});
    CHECK(merged({row("x", 0.1)}, some) == delta{row("b", 0.1), row("d", 0.2), row("f", {}), row("x", 0.1)});
}

TEST_CASE("[CM4] figures come with the changes that they follow from, whenever they are computed", "[room]")
{
    enum class derived { when_handed_over, when_needed };
    for (const derived when : {derived::when_handed_over, derived::when_needed}) {
        authority it = empty_room();
        const auto hand_over = [&] {
            static_cast<void>(it.take_append());
            if (when == derived::when_handed_over) it.derive_figures();
        };
        const auto told = [](const document::figure_keeper::delta& figures) {
            std::string ids;
            for (const auto& [id, row] : figures) ids += id + ' ';
            return ids;
        };
        static_cast<void>(it.submit(ann, create("ann", 1, 0, "o1"), now_ms));
        hand_over();
        static_cast<void>(it.submit(bob, create("bob", 1, 1, "o2"), now_ms));
        CHECK(it.figures().contains("o2"));
        CHECK(told(it.committed().derived) == "o1 ");
        hand_over();
        // A refusal is decided too, and brings no figures.
        static_cast<void>(it.submit(ann, create("ann", 2, 2, "o3", "nowhere"), now_ms));
        CHECK(told(it.committed().derived) == "o1 o2 ");
        hand_over();
        CHECK(told(it.committed().derived).empty());
    }
}
