// Every statement of storage/log.hpp, for every implementation.
#include <atomic>
#include <thread>

#include <catch2/catch_template_test_macros.hpp>

#include "tests/contract/log_subject.hpp"
#include "tests/contract/log_support.hpp"

using namespace okra;
using namespace okra::test;
using storage::errc;

#define LOG_TEST_CASE(name) TEMPLATE_TEST_CASE(name, "[log]", memory_subject, rocksdb_subject)

LOG_TEST_CASE("[OD8] a document that was never changed is at revision 0")
{
    TestType subject;
    CHECK(head_of(subject.log(), "w/plan/a/q1") == 0);
    CHECK(read_all(subject.log(), "w/plan/a/q1").empty());
    CHECK_FALSE(*subject.log().last_outcome("w/plan/a/q1", "client"));
    CHECK(names(subject.log(), "", "", 10).empty());
}

LOG_TEST_CASE("appended records come back in order with consecutive revisions")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one", "two"})}));
    REQUIRE(append(subject.log(), {changes("d", 2, {"three"})}));

    CHECK(head_of(subject.log(), "d") == 3);
    CHECK(read_all(subject.log(), "d") == records{"one", "two", "three"});
    CHECK(read_all(subject.log(), "d", 1) == records{"two", "three"});
    CHECK(read_all(subject.log(), "d", 3).empty());
    CHECK(read_all(subject.log(), "d", 99).empty());
}

LOG_TEST_CASE("reading stops when the visitor has enough")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one", "two", "three"})}));
    int visited = 0;
    REQUIRE(subject.log().read("d", {0}, [&](revision, std::string_view) { return ++visited < 2; }));
    CHECK(visited == 2);
}

LOG_TEST_CASE("a batch commits several documents, each with its own revisions")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("a", 0, {"a1"}), changes("b", 0, {"b1", "b2"})}));
    REQUIRE(append(subject.log(), {changes("b", 2, {"b3"}), changes("a", 1, {"a2"})}));
    CHECK(read_all(subject.log(), "a") == records{"a1", "a2"});
    CHECK(read_all(subject.log(), "b") == records{"b1", "b2", "b3"});
}

LOG_TEST_CASE("a document may occur twice in a batch, one share after the other")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"}), changes("d", 1, {"two"})}));
    CHECK(read_all(subject.log(), "d") == records{"one", "two"});
    CHECK(code_of(append(subject.log(), {changes("d", 2, {"three"}), changes("d", 2, {"fork"})})) == errc::conflict);
    CHECK(head_of(subject.log(), "d") == 2);
    REQUIRE(append(subject.log(), {changes("d", 2, {"three"})}));
}

LOG_TEST_CASE("an empty batch and an empty share change nothing")
{
    TestType subject;
    CHECK(append(subject.log(), {}));
    CHECK(append(subject.log(), {changes("d", 0, {})}));
    CHECK(names(subject.log(), "", "", 10).empty());
    CHECK(code_of(append(subject.log(), {changes("d", 1, {})})) == errc::conflict);
}

LOG_TEST_CASE("an append that expects another head is a conflict and writes nothing of its batch")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    for (const std::uint64_t expected : {std::uint64_t{0}, std::uint64_t{2}, ~std::uint64_t{0}}) {
        const auto done = append(subject.log(), {changes("other", 0, {"x"}), changes("d", expected, {"fork"})});
        CHECK(code_of(done) == errc::conflict);
        CHECK(done.error().document == "d");
    }
    CHECK(head_of(subject.log(), "other") == 0);
    CHECK(names(subject.log(), "", "", 10) == records{"d"});
    // A conflict is about one document; the log goes on.
    REQUIRE(append(subject.log(), {changes("d", 1, {"two"}), changes("other", 0, {"x"})}));
    CHECK(read_all(subject.log(), "d") == records{"one", "two"});
}

LOG_TEST_CASE("[OD2] the last outcome of each client is kept with its commit")
{
    TestType subject;
    auto share = changes("d", 0, {"one", "two"});
    share.clients = {committed("anna", 4, 1), committed("ben", 1, 2)};
    REQUIRE(append(subject.log(), {share}));
    CHECK(**subject.log().last_outcome("d", "anna") == committed("anna", 4, 1).outcome);
    CHECK(**subject.log().last_outcome("d", "ben") == committed("ben", 1, 2).outcome);
    CHECK_FALSE(*subject.log().last_outcome("d", "chris"));
    CHECK_FALSE(*subject.log().last_outcome("other", "anna"));

    auto next = changes("d", 2, {"three"});
    next.clients = {committed("anna", 5, 3)};
    REQUIRE(append(subject.log(), {next}));
    CHECK(**subject.log().last_outcome("d", "anna") == committed("anna", 5, 3).outcome);
}

LOG_TEST_CASE("[RF2] a refusal is kept in full, also without any record")
{
    TestType subject;
    const refusal with_op{refusal_code::parent_removed, "objective abc is removed — 已删除", 7};
    const refusal without_op{refusal_code::too_many_ops, "", std::nullopt};
    auto share = changes("d", 0, {});
    share.clients = {refused("anna", 1, with_op), refused("ben", 9, without_op)};
    REQUIRE(append(subject.log(), {share}));
    CHECK(head_of(subject.log(), "d") == 0);
    CHECK(**subject.log().last_outcome("d", "anna") == refused("anna", 1, with_op).outcome);
    CHECK(**subject.log().last_outcome("d", "ben") == refused("ben", 9, without_op).outcome);
    CHECK(names(subject.log(), "", "", 10) == records{"d"});
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
}

LOG_TEST_CASE("clients whose names begin alike are kept apart, and so are documents")
{
    TestType subject;
    auto one = changes("w/plan/a/q1", 0, {"1"});
    one.clients = {committed("ab", 1, 1), committed("a", 2, 1)};
    auto two = changes("w/plan/a/q10", 0, {"10"});
    two.clients = {committed("a", 3, 1)};
    REQUIRE(append(subject.log(), {one, two}));
    CHECK((*subject.log().last_outcome("w/plan/a/q1", "a"))->seq == sequence{2});
    CHECK((*subject.log().last_outcome("w/plan/a/q1", "ab"))->seq == sequence{1});
    CHECK((*subject.log().last_outcome("w/plan/a/q10", "a"))->seq == sequence{3});
    CHECK(read_all(subject.log(), "w/plan/a/q1") == records{"1"});
}

LOG_TEST_CASE("documents are listed in byte order, by prefix and by page")
{
    TestType subject;
    for (const char* name :
         {"v/workspace", "w/plan/b/q1", "w/plan/a/q1", "w/workspace", "w/plan/a/q1x", "w2/workspace"}) {
        REQUIRE(append(subject.log(), {changes(name, 0, {"x"})}));
    }
    const auto list = [&](std::string_view prefix, std::string_view after, std::size_t limit) {
        return names(subject.log(), prefix, after, limit);
    };
    CHECK(list("", "", 100).size() == 6);
    CHECK(list("w/", "", 100) == records{"w/plan/a/q1", "w/plan/a/q1x", "w/plan/b/q1", "w/workspace"});
    CHECK(list("w/", "", 2) == records{"w/plan/a/q1", "w/plan/a/q1x"});
    CHECK(list("w/", "w/plan/a/q1x", 2) == records{"w/plan/b/q1", "w/workspace"});
    CHECK(list("w/", "w/plan/a/q1w", 1) == records{"w/plan/a/q1x"});
    CHECK(list("w/", "a", 1) == records{"w/plan/a/q1"});
    CHECK(list("w/", "x", 9).empty());
    CHECK(list("nothing", "", 9).empty());
    CHECK(list("", "", 0).empty());
}

LOG_TEST_CASE("the newest snapshot is loaded with the head")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one", "two", "three"})}));
    CHECK_FALSE(subject.log().load("d")->snapshot);
    REQUIRE(subject.log().put_snapshot("d", {.at = {1}, .entities = "[1]"}));
    REQUIRE(subject.log().put_snapshot("d", {.at = {3}, .entities = "[3]"}));
    const auto state = subject.log().load("d");
    REQUIRE(state);
    CHECK(state->head == revision{3});
    CHECK(state->snapshot == storage::stored_snapshot{.at = {3}, .entities = "[3]"});
    CHECK_FALSE(state->snapshot_damaged);
}

LOG_TEST_CASE("a snapshot beyond the head is a conflict")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    CHECK(code_of(subject.log().put_snapshot("d", {.at = {2}, .entities = "[]"})) == errc::conflict);
    CHECK(code_of(subject.log().put_snapshot("unknown", {.at = {1}, .entities = "[]"})) == errc::conflict);
    CHECK_FALSE(subject.log().load("d")->snapshot);
}

LOG_TEST_CASE("records of any bytes and of 1 MiB come back unchanged")
{
    TestType subject;
    std::string all_bytes;
    for (int byte = 0; byte < 256; ++byte) all_bytes.push_back(static_cast<char>(byte));
    const records large{std::string(1 << 20, 'x'), "", all_bytes};
    REQUIRE(append(subject.log(), {changes("d", 0, large)}));
    CHECK(read_all(subject.log(), "d") == large);
}

LOG_TEST_CASE("10,000 records in many batches are read in order")
{
    TestType subject;
    std::uint64_t head = 0;
    for (int batch = 0; batch < 20; ++batch) {
        records some;
        for (int i = 0; i < 500; ++i) some.push_back(std::to_string(++head));
        REQUIRE(
            append(subject.log(), {changes("d", head - 500, some), changes("e" + std::to_string(batch), 0, {"x"})}));
    }
    const records all = read_all(subject.log(), "d");
    REQUIRE(all.size() == 10'000);
    for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(all[i] == std::to_string(i + 1));
    CHECK(read_all(subject.log(), "d", 9'990).size() == 10);
}

LOG_TEST_CASE("[OD10] a damaged record is told for its document only")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("bad", 0, {"one", "two", "three"}), changes("good", 0, {"x"})}));
    subject.damage("bad", {2});

    records before;
    const auto done = subject.log().read("bad", {0}, [&](revision, std::string_view record) {
        before.emplace_back(record);
        return true;
    });
    CHECK(code_of(done) == errc::damaged);
    CHECK(done.error().document == "bad");
    CHECK(before == records{"one"});
    CHECK(read_all(subject.log(), "bad", 2) == records{"three"});
    CHECK(read_all(subject.log(), "good") == records{"x"});
    REQUIRE(append(subject.log(), {changes("good", 1, {"y"})}));
}

LOG_TEST_CASE("[ER5] after a failed sync nothing is accepted until recover, which works when the disk does")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    subject.break_disk();
    auto in_doubt = changes("d", 1, {"in doubt"});
    in_doubt.clients = {committed("anna", 1, 2)};
    CHECK(code_of(append(subject.log(), {in_doubt})) == errc::unavailable);

    // Sticky, even with the disk mended, and reads show the state before.
    CHECK(code_of(subject.log().recover()) == errc::unavailable);
    subject.repair_disk();
    CHECK(code_of(append(subject.log(), {changes("d", 1, {"other"})})) == errc::unavailable);
    CHECK(code_of(subject.log().probe()) == errc::unavailable);
    CHECK(code_of(subject.log().put_snapshot("d", {.at = {1}, .entities = "[]"})) == errc::unavailable);
    CHECK(read_all(subject.log(), "d") == records{"one"});
    CHECK_FALSE(*subject.log().last_outcome("d", "anna"));

    REQUIRE(subject.log().recover());
    REQUIRE(subject.log().recover());
    // The write that was reported as failed is there or not, as a whole; what the caller reloads is the truth.
    const std::uint64_t head = head_of(subject.log(), "d");
    CHECK(subject.log().last_outcome("d", "anna")->has_value() == (head == 2));
    CHECK(read_all(subject.log(), "d").size() == head);
    REQUIRE(append(subject.log(), {changes("d", head, {"next"})}));
    CHECK(read_all(subject.log(), "d").back() == "next");
}

LOG_TEST_CASE("[ER5] a full disk is told apart, nothing of the batch is kept, and it works again with room")
{
    TestType subject;
    REQUIRE(append(subject.log(), {changes("a", 0, {"a1"}), changes("b", 0, {"b1"})}));
    subject.fill_disk();
    CHECK(code_of(append(subject.log(), {changes("a", 1, {std::string(100'000, 'a')}), changes("new", 0, {"n1"})})) ==
          errc::out_of_space);
    CHECK(code_of(subject.log().recover()) == errc::out_of_space);
    CHECK(read_all(subject.log(), "a") == records{"a1"});

    subject.repair_disk();
    REQUIRE(subject.log().recover());
    CHECK(names(subject.log(), "", "", 9) == records{"a", "b"});
    REQUIRE(append(subject.log(), {changes("a", 1, {"a2"}), changes("new", 0, {"n1"})}));
    CHECK(read_all(subject.log(), "a") == records{"a1", "a2"});
    CHECK(read_all(subject.log(), "new") == records{"n1"});
}

LOG_TEST_CASE("the probe writes, and finds a disk that has stopped working")
{
    TestType subject;
    REQUIRE(subject.log().probe());
    CHECK(names(subject.log(), "", "", 9).empty());
    subject.break_disk();
    CHECK(code_of(subject.log().probe()) == errc::unavailable);
    CHECK(code_of(append(subject.log(), {changes("d", 0, {"x"})})) == errc::unavailable);
    subject.repair_disk();
    REQUIRE(subject.log().recover());
    REQUIRE(subject.log().probe());
}

LOG_TEST_CASE("the epoch stays as long as history does")
{
    TestType subject;
    const std::string epoch = subject.log().epoch();
    CHECK_FALSE(epoch.empty());
    subject.break_disk();
    REQUIRE_FALSE(append(subject.log(), {changes("d", 0, {"x"})}));
    subject.repair_disk();
    REQUIRE(subject.log().recover());
    CHECK(subject.log().epoch() == epoch);
}

LOG_TEST_CASE("loads run beside appends and see whole commits only")
{
    TestType subject;
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0;
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!done) {
                std::uint64_t count = 0;
                const auto read = subject.log().read("d", {0}, [&](revision, std::string_view) { return ++count > 0; });
                const auto state = subject.log().load("d");
                if (!read || count % 2 != 0 || !state || state->head.value < count) ++torn;
            }
        });
    }
    for (std::uint64_t head = 0; head < 400; head += 2) {
        REQUIRE(append(subject.log(), {changes("d", head, {"one", "two"})}));
        if (head % 20 == 0) REQUIRE(subject.log().put_snapshot("d", {.at = {head + 2}, .entities = "[]"}));
    }
    done = true;
    readers.clear();
    CHECK(torn == 0);
}
