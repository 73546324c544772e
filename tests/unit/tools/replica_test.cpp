// The replica's rules one by one; convergence_test.cpp has them all at once.
#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "protocol/wire/encode.hpp"
#include "tests/unit/tools/simulated_world.hpp"

using namespace okra;
using namespace okra::test;
using document::edit_op;
using document::text_insert;
using document::text_skip;

namespace {

edit_op typing(std::uint64_t position, std::string text)
{
    if (position == 0) return {"o0", "title", {text_insert{std::move(text)}}};
    return {"o0", "title", {text_skip{position}, text_insert{std::move(text)}}};
}

struct fixture {
    simulated_world world{1, 2};
    simulated_client& ann = *world.clients[0];
    simulated_client& ben = *world.clients[1];

    fixture() { world.settle(); }
    void deliver_all_down(simulated_client& it)
    {
        while (!it.down.empty()) world.deliver_down(it);
    }
};

const wire::change& change_in(const std::deque<wire::client_message>& up)
{
    REQUIRE(!up.empty());
    return std::get<wire::change>(up.back());
}

std::string encoded(const wire::client_message& message)
{
    std::string out;
    wire::encode(out, message);
    return out;
}

}  // namespace

TEST_CASE_METHOD(fixture, "[CH1] a change names its base and the next seq", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    CHECK(change_in(ann.up).what.seq == sequence{1});
    CHECK(change_in(ann.up).what.base == revision{1});
}

TEST_CASE_METHOD(fixture, "[CH2] one change is in flight, the rest goes into the next", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.submit(ann, {typing(6, "?")});
    world.submit(ann, {typing(7, "!")});
    CHECK(ann.up.size() == 1);
    CHECK(ann.replica.shown_text("o0", "title") == "Start!?!");

    world.deliver_up(ann);
    world.server.commit();
    deliver_all_down(ann);
    REQUIRE(ann.up.size() == 1);
    CHECK(change_in(ann.up).what.ops == std::vector<document::operation>{typing(6, "?!")});
}

TEST_CASE_METHOD(fixture, "[OP2] what waited behind a change in flight says what its user had seen", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.submit(ann, {document::set_op{"o0", "weight", 0.5, {}}});
    world.submit(ben, {document::set_op{"o0", "weight", 0.25, {}}});
    world.deliver_up(ben);
    world.deliver_up(ann);
    world.server.commit();
    deliver_all_down(ann);

    const auto& sent = change_in(ann.up);
    CHECK(sent.what.base == revision{3});
    CHECK(sent.what.ops == std::vector<document::operation>{document::set_op{"o0", "weight", 0.5, {}, revision{1}}});
    world.deliver_up(ann);
    world.server.commit();
    deliver_all_down(ann);
    world.submit(ann, {document::set_op{"o0", "priority", true, {}}});
    const auto& later = change_in(ann.up);  // it goes out at once: its base says what was seen
    CHECK(later.what.ops == std::vector<document::operation>{document::set_op{"o0", "priority", true, {}}});
}

TEST_CASE_METHOD(fixture, "[OP8] a removal that waited is refused when others have added to the subtree meanwhile",
                 "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.submit(ann, {document::remove_op{"o0"}});
    world.submit(ben, {document::create_op{"k1", "key_result", "o0", document::place_last{}, {}, {}}});
    world.deliver_up(ben);
    world.deliver_up(ann);
    world.server.commit();
    deliver_all_down(ann);
    world.settle();

    CHECK(ann.drafts == 1);
    CHECK_FALSE(ann.replica.confirmed().find("o0")->removed);
}

TEST_CASE_METHOD(fixture, "[RB1] what another commits goes under the pending edits", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.submit(ben, {typing(0, ">")});
    world.deliver_up(ben);
    world.server.commit();
    deliver_all_down(ann);
    CHECK(ann.replica.shown_text("o0", "title") == ">Start!");
    CHECK(client::text_of(ann.replica.confirmed(), "o0", "title") == ">Start");
}

TEST_CASE_METHOD(fixture, "[RB3] a refused change becomes a draft and the next one is applied without it", "[client]")
{
    world.submit(ann, {typing(0, "refused ")});
    world.submit(ann, {typing(13, "!")});
    CHECK(ann.replica.shown_text("o0", "title") == "refused Start!");
    world.server.refuse_one_in = 1;
    world.deliver_up(ann);
    world.server.refuse_one_in = 0;
    world.server.commit();
    deliver_all_down(ann);
    CHECK(ann.drafts == 1);
    CHECK(ann.replica.shown_text("o0", "title") == "Start!");
    world.settle();
    CHECK(client::text_of(world.server.durable(), "o0", "title") == "Start!");
}

TEST_CASE_METHOD(fixture, "[CH3] a change whose fate is unknown is sent again byte for byte", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    const auto sent = encoded(change_in(ann.up));
    world.disconnect(ann);
    world.submit(ben, {typing(0, "Re")});
    world.settle_without(ann);
    world.connect(ann);
    world.deliver_up(ann);  // open
    deliver_all_down(ann);
    CHECK(ann.replica.shown_text("o0", "title") == "ReStart!");
    CHECK(encoded(change_in(ann.up)) == sent);
}

TEST_CASE_METHOD(fixture, "[OD2] [OD5] a change that was committed unseen is acknowledged by the tail, not sent again",
                 "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.deliver_up(ann);
    world.server.commit();
    world.disconnect(ann);  // the commit was on its way
    world.connect(ann);
    world.deliver_up(ann);
    deliver_all_down(ann);
    CHECK_FALSE(ann.replica.has_pending());
    CHECK(ann.up.empty());
    CHECK(ann.acknowledged == 1);
}

TEST_CASE_METHOD(fixture, "[CM3] an unasked `opened` is not taken for the answer to what was asked meanwhile",
                 "[client]")
{
    world.disconnect(ann);
    world.connect(ann);
    world.deliver_up(ann);
    auto unasked = std::get<wire::opened>(ann.down.front());
    unasked.at = unasked.at.next();  // ann did not take the commits since she asked
    ann.replica.receive(unasked);
    world.settle();
    CHECK(ann.faults.empty());
    CHECK(ann.replica.is_live());
}

TEST_CASE_METHOD(fixture, "[CM3] a snapshot that is begun anew before its last part replaces what came of it",
                 "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.disconnect(ann);  // with a change in flight
    world.submit(ben, {typing(0, "Now ")});
    world.settle_without(ann);
    world.server.history_floor = world.server.durable().head();
    world.connect(ann);
    world.deliver_up(ann);
    auto cut_off = std::get<wire::opened>(ann.down.at(0));
    auto first_part = std::get<wire::part>(ann.down.at(1));
    cut_off.parts = 2;
    first_part.entities.resize(1);
    ann.replica.receive(cut_off);
    ann.replica.receive(first_part);
    CHECK_FALSE(ann.replica.is_live());
    deliver_all_down(ann);
    CHECK(ann.replica.is_live());
    CHECK(ann.replica.shown_text("o0", "title") == "Now Start!");
    world.settle();
    CHECK(ann.faults.empty());
    CHECK(client::text_of(world.server.durable(), "o0", "title") == "Now Start!");
}

TEST_CASE_METHOD(fixture, "[OD2] a refusal that got lost is learned from `opened`", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.server.refuse_one_in = 1;
    world.deliver_up(ann);
    world.server.refuse_one_in = 0;
    world.server.commit();
    world.disconnect(ann);
    world.connect(ann);
    world.deliver_up(ann);
    deliver_all_down(ann);
    CHECK(ann.drafts == 1);
    CHECK(ann.replica.shown_text("o0", "title") == "Start");
}

TEST_CASE_METHOD(fixture, "[RB4] [OD2] a change in flight that another history has is not sent to it again", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.deliver_up(ann);
    world.server.commit();
    world.disconnect(ann);  // the commit was on its way
    world.disconnect(ben);
    world.server.restore_backup(world.server.durable().head());
    world.settle();
    CHECK(ann.replica.shown_text("o0", "title") == "Start!");
    CHECK(client::text_of(world.server.durable(), "o0", "title") == "Start!");
    CHECK(ann.acknowledged == 1);
    CHECK(ann.drafts == 0);
}

TEST_CASE_METHOD(fixture, "[OD2] a change in flight under a seq before the last one is a draft, and counting goes on",
                 "[client]")
{
    world.submit(ann, {typing(5, "!")});
    ann.replica.disconnect();
    ann.replica.connect();
    static_cast<void>(ann.replica.take_messages());
    wire::opened opened;
    opened.document = plan_name;
    opened.epoch = ann.replica.epoch();
    opened.at = ann.replica.confirmed().head();
    opened.mode = wire::open_mode::tail;
    opened.seq = sequence{3};  // of a newer copy of ann
    SECTION("which a later commit tells")
    {
        opened.last = wire::committed_outcome{opened.at.next()};
        ann.replica.receive(opened);
        CHECK(ann.replica.take_messages().empty());
        ann.replica.receive(wire::commit{.document = plan_name,
                                         .last = opened.at.next(),
                                         .changes = {{.client = ann.id, .seq = sequence{3}, .ops = {typing(0, "Re")}}},
                                         .derived = {},
                                         .people = {}});
    }
    SECTION("which the server says when it is asked")
    {
        opened.last = refusal{refusal_code::parent_missing, "", {}};
        ann.replica.receive(opened);
        CHECK(std::get<wire::change>(ann.replica.take_messages().at(0)).what.seq == sequence{1});
        ann.replica.receive(wire::notice{
            .code = "already_committed", .message = "", .document = plan_name, .seq = sequence{1}, .at = {}});
    }
    const auto events = ann.replica.take_events();
    CHECK(std::ranges::count_if(events, [](const auto& it) { return std::holds_alternative<client::drafted>(it); }) ==
          1);
    CHECK_FALSE(ann.replica.has_pending());
    REQUIRE(ann.replica.submit({typing(0, "Now ")}).has_value());
    CHECK(std::get<wire::change>(ann.replica.take_messages().at(0)).what.seq == sequence{4});
}

TEST_CASE_METHOD(fixture, "[OD2] a change in flight under a seq before the last one is a draft beside a snapshot too",
                 "[client]")
{
    world.submit(ann, {typing(5, "!")});
    ann.replica.disconnect();
    ann.replica.connect();
    static_cast<void>(ann.replica.take_messages());
    wire::opened opened;
    opened.document = plan_name;
    opened.epoch = ann.replica.epoch();
    opened.at = ann.replica.confirmed().head();
    opened.parts = 0;
    opened.seq = sequence{3};
    opened.last = wire::committed_outcome{opened.at};
    ann.replica.receive(opened);
    CHECK_FALSE(ann.replica.has_pending());
    CHECK(ann.replica.take_messages().empty());
    CHECK(ann.replica.last_used() == sequence{3});
}

TEST_CASE_METHOD(fixture, "[RB4] over a snapshot a pending edit is moved by the difference of the texts", "[client]")
{
    world.disconnect(ann);
    world.submit(ann, {typing(5, "!")});
    world.submit(ben, {typing(0, "Now ")});
    world.settle_without(ann);
    world.server.history_floor = world.server.durable().head();
    world.connect(ann);
    world.deliver_up(ann);
    deliver_all_down(ann);
    CHECK(ann.replica.shown_text("o0", "title") == "Now Start!");
    world.settle();
    CHECK(client::text_of(world.server.durable(), "o0", "title") == "Now Start!");
}

TEST_CASE_METHOD(fixture, "[RB4] what was typed on top of a change in flight follows it to where the server puts it",
                 "[client]")
{
    world.submit(ben, {edit_op{"o0", "title", {document::text_delete{5}, text_insert{"x x"}}}});
    world.settle();
    world.submit(ann, {typing(1, "A")});
    world.disconnect(ann);
    world.submit(ann, {typing(2, "B")});
    world.submit(ben, {typing(0, "x ")});  // which of the three is new, a difference of the texts cannot tell
    world.settle_without(ann);
    world.server.history_floor = world.server.durable().head();
    world.settle();
    CHECK(client::text_of(world.server.durable(), "o0", "title") == "x xAB x");
    CHECK(ann.replica.shown_text("o0", "title") == "x xAB x");
}

TEST_CASE_METHOD(fixture, "[CH3] a change in flight is sent again when the snapshot that came first was cut off",
                 "[client]")
{
    world.submit(ann, {typing(5, "!")});
    world.disconnect(ann);
    world.submit(ben, {typing(0, "Now ")});
    world.settle_without(ann);
    world.server.history_floor = world.server.durable().head();
    world.connect(ann);
    world.deliver_up(ann);
    ann.replica.receive(std::get<wire::opened>(ann.down.front()));  // and then the server begins anew, unasked
    deliver_all_down(ann);
    world.settle();
    CHECK_FALSE(ann.replica.has_pending());
    CHECK(client::text_of(world.server.durable(), "o0", "title") == "Now Start!");
}

TEST_CASE_METHOD(fixture, "[CM5] figures of an earlier revision do not replace newer ones", "[client]")
{
    const auto told = [&](revision at, double weight) {
        document::figures figures;
        figures.weight = weight;
        ann.replica.receive(wire::derived{.document = plan_name, .at = at, .figures = {{"o0", figures}}});
        return ann.replica.figures().at("o0").weight;
    };
    world.submit(ben, {typing(0, "Now ")});
    world.settle();
    CHECK(told({2}, 0.5) == 0.5);
    CHECK(told({1}, 0.25) == 0.5);
    CHECK(told({2}, 0.75) == 0.75);
    CHECK(told({9}, 1) == 1);  // those of a tail's end come before it (OD5)
}

TEST_CASE_METHOD(fixture, "[RF2] what was refused for now is sent again when the host says so", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    const auto sent = encoded(change_in(ann.up));
    world.server.unavailable_one_in = 1;
    world.deliver_up(ann);
    world.server.unavailable_one_in = 0;
    CHECK(ann.up.empty());
    deliver_all_down(ann);  // the fixture resends at once
    CHECK(encoded(change_in(ann.up)) == sent);
}

TEST_CASE_METHOD(fixture, "[RF2] what is refused for now while a snapshot comes unasked is sent again behind it",
                 "[client]")
{
    const auto code = GENERATE(refusal_code::not_open, refusal_code::unavailable);
    world.disconnect(ann);
    world.server.history_floor = world.server.durable().head().next();
    world.connect(ann);
    world.deliver_up(ann);
    const auto unasked = std::get<wire::opened>(ann.down.front());
    std::vector<wire::server_message> parts{std::next(ann.down.begin()), ann.down.end()};
    deliver_all_down(ann);
    world.submit(ann, {typing(5, "!")});
    const auto sent = encoded(change_in(ann.up));

    const bool begins_twice = GENERATE(false, true);
    ann.replica.receive(unasked);
    ann.replica.receive(
        wire::refused{.document = plan_name, .seq = sequence{1}, .why = {code, "", {}}, .final = false});
    if (code == refusal_code::unavailable) ann.replica.resend();  // as the host does a moment later
    CHECK(ann.replica.take_messages().empty());
    if (begins_twice) ann.replica.receive(unasked);
    for (const auto& it : parts) ann.replica.receive(it);
    const auto again = ann.replica.take_messages();
    REQUIRE(again.size() == 1);
    CHECK(encoded(again.front()) == sent);
}

TEST_CASE_METHOD(fixture, "[ER5] a change in flight is sent again when storage has recovered", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    ann.up.clear();
    wire::notice notice;
    notice.code = "storage_recovered";
    ann.replica.receive(notice);
    CHECK(ann.replica.take_messages().size() == 1);
}

TEST_CASE_METHOD(fixture, "[CH7] a change whose base is too old goes out anew on what is confirmed", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    ann.up.clear();
    world.submit(ben, {typing(0, "Re")});
    world.settle_without(ann);
    deliver_all_down(ann);
    ann.replica.receive(wire::refused{plan_name, sequence{1}, {refusal_code::base_too_old, "", {}}, true, {}});
    const auto messages = ann.replica.take_messages();
    REQUIRE(messages.size() == 1);
    const auto& change = std::get<wire::change>(messages[0]);
    CHECK(change.what.seq == sequence{2});
    CHECK(change.what.base == world.server.durable().head());
    CHECK(change.what.ops == std::vector<document::operation>{typing(7, "!")});
}

TEST_CASE_METHOD(fixture, "[CH7] it waits for the revision that the refusal names", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    ann.up.clear();
    world.submit(ben, {typing(0, "Re")});
    world.settle_without(ann);
    ann.replica.receive(wire::refused{
        plan_name, sequence{1}, {refusal_code::base_too_old, "", {}}, true, world.server.durable().head()});
    CHECK(ann.replica.take_messages().empty());
    deliver_all_down(ann);
    CHECK(change_in(ann.up).what.base == world.server.durable().head());
    CHECK(change_in(ann.up).what.ops == std::vector<document::operation>{typing(7, "!")});
}

TEST_CASE_METHOD(fixture, "[CH7] [OD2] nor does a refusal that is heard of with a tail alone make a draft", "[client]")
{
    world.submit(ann, {typing(5, "!")});
    ann.up.clear();
    world.submit(ben, {typing(0, "Re")});
    world.settle_without(ann);
    ann.replica.disconnect();
    ann.replica.connect();
    const auto asked = ann.replica.take_messages();
    REQUIRE(std::get<wire::open>(asked.at(0)).resume);
    wire::opened opened;
    opened.document = plan_name;
    opened.epoch = ann.replica.epoch();
    opened.at = ann.replica.confirmed().head();
    opened.mode = wire::open_mode::tail;
    opened.seq = sequence{1};
    opened.last = refusal{refusal_code::base_too_old, "", {}};
    ann.replica.receive(opened);
    const auto messages = ann.replica.take_messages();
    REQUIRE(messages.size() == 1);
    const auto& change = std::get<wire::change>(messages[0]);
    CHECK(change.what.seq == sequence{2});
    CHECK(change.what.ops == std::vector<document::operation>{typing(5, "!")});
    for (const auto& it : ann.replica.take_events()) CHECK_FALSE(std::holds_alternative<client::drafted>(it));
}

TEST_CASE_METHOD(fixture, "[CM3] a gap in the revisions makes the replica ask for a snapshot", "[client]")
{
    wire::commit commit;
    commit.document = plan_name;
    commit.last = revision{9};
    commit.changes.push_back({"someone", sequence{1}, 0, {typing(0, "x")}});
    ann.replica.receive(commit);
    const auto messages = ann.replica.take_messages();
    REQUIRE(messages.size() == 1);
    CHECK_FALSE(std::get<wire::open>(messages[0]).resume.has_value());
    CHECK_FALSE(ann.replica.is_live());
}

TEST_CASE_METHOD(fixture, "[OD7] messages of other documents are not the replica's", "[client]")
{
    wire::commit commit;
    commit.document = "acme/plan/other/2026q1";
    commit.last = revision{2};
    commit.changes.push_back({"someone", sequence{1}, 0, {typing(0, "x")}});
    ann.replica.receive(commit);
    CHECK(ann.replica.confirmed().head() == revision{1});
    CHECK(ann.replica.is_live());
}

TEST_CASE("[OD8] a document that may not be opened is told to the host", "[client]")
{
    client::replica replica{{.client = "ann", .document = plan_name}, *document::find_schema("plan")};
    replica.connect();
    replica.receive(wire::refused{plan_name, {}, {refusal_code::forbidden, "another workspace", {}}, true});
    const auto events = replica.take_events();
    REQUIRE(events.size() == 1);
    CHECK(std::get<client::not_opened>(events[0]).why.code == refusal_code::forbidden);
}

TEST_CASE("[ER6] more operations than a change may hold are refused before anything is shown", "[client]")
{
    client::replica replica{{.client = "ann", .document = plan_name}, *document::find_schema("plan")};
    const client::op_list many(document::limits::ops_per_change + 1, document::add_op{"o0", "votes", 1});
    const auto submitted = replica.submit(many);
    REQUIRE_FALSE(submitted.has_value());
    CHECK(submitted.error().code == refusal_code::too_many_ops);
    CHECK_FALSE(replica.has_pending());
}
