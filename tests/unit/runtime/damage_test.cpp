// Reads that meet damage: what is sound is served, the operator is told where, clients are told nothing of files.
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "server/runtime/loading.hpp"
#include "server/runtime/server_runtime.hpp"
#include "storage/memory_log.hpp"
#include "test_peer.hpp"
#include "tests/support/forwarding_log.hpp"
#include "tests/support/print_result.hpp"

using namespace okra;
using Catch::Matchers::ContainsSubstring;
using okra::tests::test_peer;

namespace {

constexpr const char* plan = "acme/plan/team/q4";

std::string open(const std::string& rest = "")
{
    return std::string{R"({"type":"open","document":")"} + plan + '"' + rest + '}';
}

std::string create(std::uint64_t seq, std::uint64_t base, const std::string& id)
{
    return std::string{R"({"type":"change","document":")"} + plan + R"(","seq":)" + std::to_string(seq) +
           R"(,"base":)" + std::to_string(base) + R"(,"ops":[{"op":"create","id":")" + id +
           R"(","kind":"objective","parent":"plan"}]})";
}

const storage::failure block_damaged{storage::errc::damaged,
                                     "cannot read: Corruption: block checksum mismatch in /srv/okra/data/000012.sst"};

// A log in which, when it is told to, a stretch or a row cannot be read, as where a block of a table is damaged.
class spoilt_log final : public test::forwarding_log {
public:
    explicit spoilt_log(storage::log& to) : forwarding_log{to} {}

    revision unreadable_up_to;  // records up to here; 0: none
    bool outcomes_unreadable = false;
    bool snapshot_is_other_bytes = false;

    [[nodiscard]] result<void, storage::failure> read(std::string_view document, revision after,
                                                      const visitor& visit) const override
    {
        if (document == plan && after < unreadable_up_to) return block_damaged;
        return forwarding_log::read(document, after, visit);
    }
    [[nodiscard]] result<std::optional<storage::client_outcome>, storage::failure> last_outcome(
        std::string_view document, std::string_view client) const override
    {
        if (outcomes_unreadable) return block_damaged;
        return forwarding_log::last_outcome(document, client);
    }
    [[nodiscard]] result<storage::document_state, storage::failure> load(std::string_view document) const override
    {
        auto loaded = forwarding_log::load(document);
        if (loaded && loaded->snapshot && snapshot_is_other_bytes) loaded->snapshot->entities = R"([{"id":"plan"}])";
        return loaded;
    }
};

// A plan with the objectives o1 … o4 and a snapshot of its head, written by ann.
class written_plan {
public:
    written_plan()
    {
        runtime::server_runtime before{stored_, {.threads = 1, .server_name = "okra test"}};
        before.start();
        test_peer ann{before, 0};
        ann.say_hello("ann-0123456789");
        ann.send(open());
        static_cast<void>(ann.next_of("part"));
        for (std::uint64_t seq = 1; seq <= 4; ++seq) {
            ann.send(create(seq, seq - 1, "o" + std::to_string(seq)));
            static_cast<void>(ann.next_of("commit"));
        }
        const auto written = runtime::load_document(stored_, *document::parse_name(plan));
        REQUIRE(written);
        REQUIRE(stored_.put_snapshot(
            plan, {.at = written->content.head(), .entities = runtime::stamped_entities(written->content)}));
    }

    storage::log& stored() { return stored_; }

private:
    storage::memory_log stored_{"epoch1"};
};

void come(test_peer& peer, const std::string& client, const std::string& rest = "")
{
    peer.say_hello(client);
    peer.send(open(rest));
}

}  // namespace

TEST_CASE("[OD6] who comes back to records that cannot be read gets a snapshot, and the operator is told", "[runtime]")
{
    written_plan plan_of_four;
    spoilt_log log{plan_of_four.stored()};
    log.unreadable_up_to = {3};
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer bob{server, 0};
    come(bob, "bob-0123456789", R"(,"epoch":"epoch1","revision":1)");
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("mode":"tail")"));
    CHECK_THAT(bob.next_of("opened"),
               ContainsSubstring(R"("mode":"snapshot")") && ContainsSubstring(R"("revision":4)"));
    CHECK_THAT(bob.next_of("part"), ContainsSubstring(R"("o4")"));
    CHECK_THAT(server.figures().scrape(), ContainsSubstring("\nokra_damaged_reads_total 1\n"));
    // The document lives on.
    bob.send(create(1, 4, "o5"));
    CHECK_THAT(bob.next_of("commit"), ContainsSubstring(R"("o5")"));
}

TEST_CASE("[CH5] a client whose outcome cannot be read is known by its last commit", "[runtime]")
{
    written_plan plan_of_four;
    spoilt_log log{plan_of_four.stored()};
    log.outcomes_unreadable = true;
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer ann{server, 0};
    come(ann, "ann-0123456789");
    CHECK_THAT(ann.next_of("opened"), ContainsSubstring(R"("seq":4)"));
    CHECK_THAT(server.figures().scrape(), ContainsSubstring("\nokra_damaged_reads_total 1\n"));
    // Sent again, it is not committed again.
    ann.send(create(4, 3, "o4"));
    ann.send(create(5, 4, "o5"));
    CHECK_THAT(ann.next_of("commit"), ContainsSubstring(R"("o5")") && ContainsSubstring(R"("revision":5,)"));
}

TEST_CASE("[OD10] a client whose outcome neither its row nor the log tells is refused, without a path", "[runtime]")
{
    written_plan plan_of_four;
    spoilt_log log{plan_of_four.stored()};
    log.outcomes_unreadable = true;
    log.unreadable_up_to = {3};
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer ann{server, 0};
    come(ann, "ann-0123456789");
    CHECK_THAT(ann.next_of("refused"), ContainsSubstring(R"("code":"quarantined")") && !ContainsSubstring("/srv"));
    test_peer eve{server, 0};
    come(eve, "eve-0123456789", R"(,"view":true)");
    CHECK_THAT(eve.next_of("opened"), ContainsSubstring(R"("revision":4)"));
}

TEST_CASE("[OD10] who opens a document that is set aside is told no path", "[runtime]")
{
    written_plan plan_of_four;
    spoilt_log log{plan_of_four.stored()};
    log.unreadable_up_to = {5};
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer bob{server, 0};
    come(bob, "bob-0123456789");
    CHECK_THAT(bob.next_of("refused"), ContainsSubstring(R"("code":"quarantined")") && !ContainsSubstring("/srv"));
}

TEST_CASE("a snapshot that is not a document's gives way to the log", "[runtime]")
{
    written_plan plan_of_four;
    spoilt_log log{plan_of_four.stored()};
    REQUIRE(log.load(plan)->snapshot.has_value());
    log.snapshot_is_other_bytes = true;
    runtime::server_runtime server{log, {.threads = 1, .server_name = "okra test"}};
    server.start();
    test_peer bob{server, 0};
    come(bob, "bob-0123456789");
    CHECK_THAT(bob.next_of("opened"), ContainsSubstring(R"("revision":4)"));
    CHECK_THAT(bob.next_of("part"), ContainsSubstring(R"("o4")"));
}
