// A replica that has come to another state than the server's notices, heals and says so. The fault is put in on the
// way: a commit of others is altered before the replica gets it.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/tools/simulated_world.hpp"

using namespace okra;
using namespace okra::test;
using document::edit_op;
using document::text_insert;
using document::text_skip;

namespace {

edit_op typing(std::uint64_t position, std::string text)
{
    return {"o0", "title", document::normalise({text_skip{position}, text_insert{std::move(text)}})};
}

struct fixture {
    simulated_world world{1, 2};
    simulated_client& ann = *world.clients[0];
    simulated_client& ben = *world.clients[1];

    fixture() { world.settle(); }

    std::vector<client::event> deliver_all_down(simulated_client& it)
    {
        std::vector<client::event> events;
        while (!it.down.empty()) {
            for (auto& event : world.deliver_down(it)) events.push_back(std::move(event));
        }
        return events;
    }

    // Ben sets the weight to 0.5; Ann is told 0.25.
    void mislead_ann()
    {
        world.submit(ben, {document::set_op{"o0", "weight", 0.5, {}}});
        world.deliver_up(ben);
        world.server.commit();
        auto& commit = std::get<wire::commit>(ann.down.back());
        std::get<document::set_op>(commit.changes.front().ops.front()).value = 0.25;
        deliver_all_down(ann);
        world.settle();
        REQUIRE(ann.replica.confirmed().hash() != world.server.durable().hash());
    }

    // Whether Ann opened the document anew because of the audit.
    bool audit_opens_anew()
    {
        world.server.audit();
        deliver_all_down(ann);
        const bool opened = !ann.up.empty();
        world.settle();
        return opened;
    }
};

}  // namespace

TEST_CASE_METHOD(fixture, "[AU2] an audit finds nothing where nothing differs", "[client]")
{
    CHECK_FALSE(audit_opens_anew());
    CHECK(world.server.divergences().empty());
}

TEST_CASE_METHOD(fixture, "[AU3] [AU4] a replica that differs opens anew and says what was different", "[client]")
{
    mislead_ann();
    const auto before = ann.replica.confirmed().hash();
    world.server.audit();
    const auto events = deliver_all_down(ann);
    REQUIRE(events.size() == 1);
    CHECK(std::get<client::found_different>(events[0]).at == world.server.durable().head());
    CHECK_FALSE(std::get<client::found_different>(events[0]).helpless);
    REQUIRE(ann.up.size() == 1);
    CHECK_FALSE(std::get<wire::open>(ann.up[0]).resume.has_value());

    world.settle();
    CHECK(ann.replica.confirmed().hash() == world.server.durable().hash());
    REQUIRE(world.server.divergences().size() == 1);
    const auto& said = world.server.divergences()[0];
    CHECK(said.document == plan_name);
    CHECK(said.at == world.server.durable().head());
    CHECK(said.hash == before);
    CHECK(said.since == revision{1});
    CHECK(said.differs == std::vector<std::string>{"o0/weight"});
    CHECK_FALSE(audit_opens_anew());
}

TEST_CASE_METHOD(fixture, "[AU3] [RB4] what is in flight and what waits survives", "[client]")
{
    mislead_ann();
    world.submit(ann, {typing(5, "!")});
    world.submit(ann, {document::add_op{"o0", "votes", 1}});
    world.server.audit();
    deliver_all_down(ann);
    world.submit(ann, {typing(0, "Re")});
    CHECK(ann.replica.shown_text("o0", "title") == "ReStart!");

    world.settle();
    CHECK(client::text_of(world.server.durable(), "o0", "title") == "ReStart!");
    CHECK(world.server.durable().find("o0")->fields.contains("votes"));
    CHECK(ann.replica.shown().hash() == world.server.durable().hash());
    CHECK(world.server.divergences().size() == 1);
}

TEST_CASE_METHOD(fixture, "[AU3] a connection that breaks before the snapshot came is not resumed", "[client]")
{
    mislead_ann();
    world.server.audit();
    deliver_all_down(ann);
    world.disconnect(ann);
    world.connect(ann);
    CHECK_FALSE(std::get<wire::open>(ann.up.back()).resume.has_value());
    world.settle();
    CHECK(ann.replica.confirmed().hash() == world.server.durable().hash());
    CHECK(world.server.divergences().size() == 1);
}

TEST_CASE_METHOD(fixture, "[AU2] an audit of another revision or schema is let pass", "[client]")
{
    const auto at = world.server.durable().head();
    const auto wrong = ~world.server.durable().hash();
    ann.replica.receive(wire::audit{.document = plan_name, .at = at.next(), .hash = wrong});
    ann.replica.receive(
        wire::audit{.document = plan_name, .at = at, .schema = document::schema_version + 1, .hash = wrong});
    ann.replica.receive(wire::audit{.document = "acme/plan/other/2026q1", .at = at, .hash = wrong});
    CHECK(ann.replica.take_messages().empty());
    CHECK(ann.replica.is_live());
}

TEST_CASE_METHOD(fixture, "[AU5] what differs for ever is not opened anew for ever", "[client]")
{
    world.server.tells_wrong_hash = true;
    std::vector<int> opened;
    for (int count = 1; count <= 60; ++count) {
        if (audit_opens_anew()) opened.push_back(count);
    }
    CHECK(opened == std::vector<int>{1, 2, 5, 12, 27, 58});
    CHECK(ann.replica.is_live());
}
