#include "tests/unit/tools/simulated_world.hpp"

#include <algorithm>
#include <array>

#include <catch2/catch_test_macros.hpp>

namespace okra::test {

namespace {

using document::add_op;
using document::create_op;
using document::edit_op;
using document::entity_id;
using document::place_last;
using document::text_delete;
using document::text_insert;
using document::text_skip;

const std::array<std::string, 5> insertions{"a", "bc", "目标", "🙂", "one two"};

void count_votes(const client::op_list& ops, std::int64_t& votes)
{
    for (const auto& op : ops) {
        if (const auto* add = std::get_if<add_op>(&op)) votes += add->by;
    }
}

}  // namespace

simulated_client::simulated_client(document::client_id name)
    : id{name}, replica{{.client = name, .document = plan_name}, *document::find_schema("plan")}
{
}

simulated_world::simulated_world(std::uint64_t seed, std::size_t count) : server{plan_name, seed + 1}, random_{seed}
{
    mailbox founders;
    server.connect("founder", founders);
    server.receive("founder", wire::open{plan_name, {}, false});
    const create_op create{"o0", "objective", "plan", place_last{}, {{"title", std::string{"Start"}}}, {}};
    server.receive("founder", wire::change{plan_name, {"founder", sequence{1}, revision{0}, {create}}});
    server.commit();
    server.disconnect("founder");
    for (std::size_t index = 0; index < count; ++index) {
        clients.push_back(std::make_unique<simulated_client>("client" + std::to_string(index)));
        connect(*clients.back());
    }
}

void simulated_world::connect(simulated_client& it)
{
    it.connected = true;
    server.connect(it.id, it.down);
    it.replica.connect();
    collect(it);
}

void simulated_world::disconnect(simulated_client& it)
{
    it.connected = false;
    it.up.clear();
    it.down.clear();
    server.disconnect(it.id);
    it.replica.disconnect();
}

void simulated_world::deliver_up(simulated_client& it)
{
    if (it.up.empty()) return;
    const auto message = std::move(it.up.front());
    it.up.pop_front();
    server.receive(it.id, message);
}

// Also checks what hosts rely on: the remote edits told take the text shown before to the one shown after.
std::vector<client::event> simulated_world::deliver_down(simulated_client& it)
{
    if (it.down.empty()) return {};
    const auto message = std::move(it.down.front());
    it.down.pop_front();
    auto text = it.replica.shown_text("o0", "title");
    it.replica.receive(message);
    // A change that a snapshot overtook is placed by the server more exactly than the replica could (RB4).
    const bool comparable = std::holds_alternative<wire::commit>(message) && !it.overtaken;
    auto events = it.replica.take_events();
    for (const auto& event : events) {
        if (const auto* edit = std::get_if<client::remote_edit>(&event)) {
            if (edit->what.id != "o0" || edit->what.field != "title") continue;
            text = document::apply(text, document::clamp(edit->what.edit, document::code_point_count(text)));
        } else if (std::holds_alternative<client::acknowledged>(event)) {
            ++it.acknowledged;
        } else if (const auto* draft = std::get_if<client::drafted>(&event)) {
            ++it.drafts;
            count_votes(draft->ops, it.votes_drafted);
        } else if (const auto* fault = std::get_if<client::server_fault>(&event)) {
            it.faults.push_back(fault->what);
        } else if (std::holds_alternative<client::retry_wanted>(event)) {
            it.replica.resend();
        }
    }
    const bool reloaded = std::holds_alternative<wire::part>(message) && it.replica.is_live();
    it.overtaken = it.replica.in_flight().has_value() && (it.overtaken || reloaded);
    if (comparable) {
        INFO("client " << it.id);
        CHECK(it.replica.shown_text("o0", "title") == text);
    }
    collect(it);
    return events;
}

void simulated_world::collect(simulated_client& it)
{
    for (auto& message : it.replica.take_messages()) it.up.push_back(std::move(message));
}

void simulated_world::submit(simulated_client& by, client::op_list ops)
{
    count_votes(ops, by.votes_submitted);
    REQUIRE(by.replica.submit(std::move(ops)).has_value());
    collect(by);
}

void simulated_world::submit_something(simulated_client& by)
{
    if (by.replica.epoch().empty()) return;  // nothing is shown yet
    submit(by, some_ops(by, by.replica.shown()));
}

edit_op simulated_world::some_typing(const document::document& shown, const document::entity& it)
{
    const auto length = document::code_point_count(client::text_of(shown, it.id, "title"));
    document::text_edit edit;
    if (const auto skip = random_.below(length + 1); skip > 0) edit.push_back(text_skip{skip});
    // Sometimes beyond the end: the server clamps.
    if (random_.one_in(3))
        edit.push_back(text_delete{1 + random_.below(4)});
    else
        edit.push_back(text_insert{insertions[random_.below(insertions.size())]});
    return {it.id, "title", document::normalise(edit)};
}

client::op_list simulated_world::some_ops(simulated_client& by, const document::document& shown)
{
    std::vector<const document::entity*> objectives;
    for (const auto* it : shown.children("plan")) {
        if (it->kind->name == "objective") objectives.push_back(it);
    }
    const auto& any = *objectives[random_.below(objectives.size())];
    const auto& other = *objectives[random_.below(objectives.size())];
    switch (random_.below(12)) {
        case 0: {
            const auto id = by.id + "-" + std::to_string(++by.created_ids);
            return {create_op{id, "objective", "plan", entity_id{any.id}, {{"title", std::string{"New"}}}, {}},
                    edit_op{id, "title", {text_skip{3}, text_insert{"!"}}}};
        }
        case 1:
            return {document::set_op{any.id, "weight", static_cast<double>(random_.below(100)) / 100, {}}};
        case 2:
            return {document::move_op{any.id, "plan", entity_id{other.id}, {}}};
        case 3:
            if (any.id == "o0") return {document::restore_op{any.id}};
            return {document::remove_op{any.id}};
        case 4:
            return {document::restore_op{any.id}};
        case 5:
            return {document::include_op{any.id, "contributors", "p" + std::to_string(random_.below(4))}};
        case 6:
            return {document::exclude_op{any.id, "contributors", "p" + std::to_string(random_.below(4))}};
        case 7:
            return {add_op{"o0", "votes", 1}};
        case 8:
            return {some_typing(shown, any), add_op{"o0", "votes", 2}};
        default:
            return {some_typing(shown, *shown.find("o0"))};
    }
}

void simulated_world::step()
{
    auto& it = *clients[random_.below(clients.size())];
    switch (random_.below(20)) {
        case 0:
            if (it.connected) disconnect(it);
            break;
        case 1:
        case 2:
            if (!it.connected) connect(it);
            break;
        case 3:
        case 4:
        case 5:
            server.commit();
            if (random_.one_in(4)) server.audit();
            break;
        case 6:
        case 7:
        case 8:
        case 9:
            submit_something(it);
            break;
        case 10:
        case 11:
        case 12:
        case 13:
            deliver_up(it);
            break;
        default:
            deliver_down(it);
            break;
    }
}

void simulated_world::settle()
{
    std::vector<simulated_client*> all;
    for (auto& it : clients) all.push_back(it.get());
    settle_those(all);
}

void simulated_world::settle_without(const simulated_client& one)
{
    std::vector<simulated_client*> others;
    for (auto& it : clients) {
        if (it.get() != &one) others.push_back(it.get());
    }
    settle_those(others);
}

void simulated_world::settle_those(const std::vector<simulated_client*>& whom)
{
    for (auto* it : whom) {
        if (!it->connected) connect(*it);
    }
    const auto busy = [&] {
        return server.has_uncommitted() || std::any_of(whom.begin(), whom.end(), [](const auto* it) {
                   return !it->up.empty() || !it->down.empty() || it->replica.has_pending();
               });
    };
    for (int round = 0; busy() && round < 10'000; ++round) {
        for (auto* it : whom) {
            deliver_up(*it);
            deliver_down(*it);
        }
        server.commit();
    }
    REQUIRE_FALSE(busy());
}

}  // namespace okra::test
