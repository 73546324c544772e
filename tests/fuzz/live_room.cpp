#include "tests/fuzz/live_room.hpp"

#include <charconv>
#include <utility>

#include "protocol/base/overloaded.hpp"
#include "protocol/document/invariants.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/websocket.hpp"
#include "server/room/context.hpp"
#include "server/runtime/loading.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/messages.hpp"

namespace okra::fuzz {

namespace {

constexpr std::string_view founder = "founder";

// What the documents begin with: something of every kind whose figures depend on others, with texts to edit and a
// tombstone.
constexpr std::string_view plan_content = R"([
{"op":"create","id":"o1","kind":"objective","parent":"plan","fields":{"title":"Grow","description":"Every week a bit.","votes":2,"weight":0.5,"contributors":["p1","p2"]}},
{"op":"create","id":"o2","kind":"objective","parent":"plan","fields":{"title":"目标🙂"}},
{"op":"create","id":"o3","kind":"objective","parent":"plan"},
{"op":"create","id":"k1","kind":"key_result","parent":"o1","fields":{"title":"Users","metric":"number","start":0,"target":100,"current":40,"confidence":6}},
{"op":"create","id":"k2","kind":"key_result","parent":"o1","fields":{"metric":"milestones"}},
{"op":"create","id":"k3","kind":"key_result","parent":"o2","fields":{"metric":"band","low":2,"high":5,"current":7}},
{"op":"create","id":"m1","kind":"milestone","parent":"k2","fields":{"done":true,"weight":2}},
{"op":"create","id":"m2","kind":"milestone","parent":"k2"},
{"op":"create","id":"h1","kind":"check_in","parent":"k1","fields":{"date":"2026-01-20","value":40}},
{"op":"create","id":"t1","kind":"comment","parent":"o1","fields":{"body":"Why?"}},
{"op":"create","id":"t2","kind":"comment","parent":"t1"},
{"op":"remove","id":"o3"}])";

constexpr std::string_view workspace_content = R"([
{"op":"set","id":"workspace","field":"check_in_days","value":7},
{"op":"create","id":"s1","kind":"team","parent":"workspace","fields":{"name":"Platform","description":"We build."}},
{"op":"create","id":"s2","kind":"team","parent":"s1","fields":{"name":"网"}},
{"op":"create","id":"y1","kind":"cycle","parent":"workspace","fields":{"start":"2026-01-01","end":"2026-04-01"}},
{"op":"create","id":"y2","kind":"cycle","parent":"y1"},
{"op":"create","id":"p1","kind":"person","parent":"workspace","fields":{"name":"Li Na"}},
{"op":"create","id":"x1","kind":"health_metric","parent":"s1","fields":{"name":"Load","low":1,"high":9}},
{"op":"create","id":"r1","kind":"reading","parent":"x1","fields":{"date":"2026-01-20","value":4}}])";

// The texts whose shown state is followed at the replicas.
struct watched_text {
    std::string_view id;
    std::string_view field;
};
constexpr std::array<watched_text, 2> watched_in_plan{{{"o1", "title"}, {"o1", "description"}}};
constexpr std::array<watched_text, 2> watched_in_workspace{{{"s1", "name"}, {"s1", "description"}}};

const std::array<watched_text, 2>& watched(const document::document_name& name)
{
    return name.team.empty() ? watched_in_workspace : watched_in_plan;
}

std::string encoded(const wire::server_message& message)
{
    std::string json;
    wire::encode(json, message);
    return json;
}

// Without the WebSocket header that loading.hpp puts in front.
std::string unframed(const runtime::frame& it)
{
    const auto buffer = it.buffer();
    padded_text bytes{{static_cast<const char*>(buffer.data()), buffer.size()}};
    wire::frame_reader reader{wire::frame_reader::role::client, document::limits::message_bytes};
    reader.feed(bytes.span());
    const auto event = reader.next();
    const auto* message = std::get_if<wire::frame_reader::message>(&event);
    require(message != nullptr, "a frame of the server holds a message");
    return {message->text.begin(), message->text.end()};
}

}  // namespace

live_room::follower::follower(document::client_id name, wire::session_number its_session,
                              const document::document_name& of)
    : id{name}, session{its_session}, replica{{.client = std::move(name), .document = of.full}, *of.schema}
{
}

live_room::live_room(std::string_view name)
    : name_{*document::parse_name(name)},
      durable_{*name_.schema},
      raw_{raw_client{"a", 1}, raw_client{"c", 2}},
      followers_{std::make_unique<follower>("b", 3, name_), std::make_unique<follower>("d", 4, name_)}
{
    context_ = {.today = *document::parse_date("2026-01-28"),
                .cycle_start = document::parse_date("2026-01-01"),
                .cycle_end = document::parse_date("2026-04-01")};
    load();
    room_->remember(document::client_id{founder}, {});
    const auto content = ops_from(decoder_, name_.team.empty() ? workspace_content : plan_content);
    require(content.has_value(), "the content to begin with");
    submit(0, {document::client_id{founder}, sequence{1}, {}, *content});
    write();
    require(room_->durable() == revision{1}, "the content to begin with is accepted");
    for (const auto& it : followers_) connect(*it);
    for (const auto& it : followers_) {
        while (!it->up.empty() || !it->down.empty()) {
            arrive_up(*it);
            arrive_down(*it);
        }
    }
}

live_room::~live_room() = default;

// ---- lines ----

void live_room::run(std::string_view line)
{
    if (line.size() > 2 && line[1] == ' ') {
        const std::string_view what = line.substr(2);
        for (const raw_client& it : raw_) {
            if (line.front() == it.id.front()) hear(it, std::string{what});
        }
        for (const auto& it : followers_) {
            if (line.front() == it->id.front()) run_follower(*it, what);
        }
    } else {
        run_command(line);
    }
    check();
}

void live_room::run_command(std::string_view line)
{
    if (line == "take") take();
    if (line == "write") write();
    if (line == "fail") fail(false);
    if (line == "lost") fail(true);
    if (line == "reload") {
        write();
        load();
    }
    if (line == "snapshot") {
        write();
        const storage::stored_snapshot it{room_->durable(), runtime::stamped_entities(room_->content())};
        require(log_.put_snapshot(name_.full, it).has_value(), "a snapshot at the head is taken");
    }
    if (line.starts_with("day ")) {
        std::uint8_t days = 0;
        std::from_chars(line.data() + 4, line.data() + line.size(), days);
        shift_context(days);
    }
}

void live_room::run_follower(follower& it, std::string_view what)
{
    switch (what.front()) {
        case '>':
            return arrive_up(it);
        case '<':
            return arrive_down(it);
        case '+':
            return connect(it);
        case '-':
            return disconnect(it);
        case '*':
            if (it.joined) send_snapshot(it);
            return;
        default:
            return user_does(it, what);
    }
}

// As runtime::session does with what comes from a socket.
void live_room::hear(const raw_client& from, std::string message)
{
    const bool in_doubt = room_->in_doubt(from.id);
    fill_in(message, "$seq", in_doubt ? 1 : room_->last_outcome(from.id).first.next().value);
    fill_in(message, "$head", room_->content().head().value);
    auto decoded = decoded_client_message(decoder_, message);
    if (!decoded) {
        const wire::decode_failure& failure = decoded.error();
        if (failure.document != name_.full || !failure.seq) return;
        if (const auto told = room_->refuse(from.session, from.id, *failure.seq, failure.why))
            answer(from.session, *told);
    } else if (auto* change = std::get_if<wire::change>(&*decoded);
               change != nullptr && change->document == name_.full) {
        change->what.client = from.id;
        submit(from.session, change->what);
    } else if (auto* place = std::get_if<wire::presence>(&*decoded);
               place != nullptr && place->document == name_.full) {
        room_->present.join(from.session, from.id, "Li Na");
        room_->present.place(from.session, place->at);
    }
}

void live_room::user_does(follower& it, std::string_view ops)
{
    const auto wanted = ops_from(decoder_, ops);
    if (!wanted) return;
    // Ids of what a user creates are random: none is that of a text which is watched.
    const auto is_taken = [&](const document::operation& op) {
        const auto* create = std::get_if<document::create_op>(&op);
        return create != nullptr && create->id == watched(name_).front().id;
    };
    if (std::ranges::any_of(*wanted, is_taken)) return;
    require(it.replica.submit(*wanted).has_value(), "a replica takes what the decoder lets through");
    collect(it);
}

// ---- replicas ----

void live_room::connect(follower& it)
{
    if (it.connected) return;
    it.connected = true;
    it.replica.connect();
    collect(it);
}

void live_room::disconnect(follower& it)
{
    if (!it.connected) return;
    it.connected = false;
    it.up.clear();
    it.down.clear();
    it.replica.disconnect();
    if (std::exchange(it.joined, false)) {
        room_->present.leave(it.session);
        room_->forget(it.id);
    }
}

void live_room::collect(follower& it)
{
    for (const auto& message : it.replica.take_messages()) {
        std::string json;
        wire::encode(json, message);
        if (it.connected) it.up.push_back(std::move(json));
    }
}

void live_room::arrive_up(follower& it)
{
    if (it.up.empty()) return;
    const std::string json = std::move(it.up.front());
    it.up.pop_front();
    auto message = decoded_client_message(decoder_, json);
    require(message.has_value(), "a replica sends what the decoder lets through");
    if (const auto* open = std::get_if<wire::open>(&*message)) join(it, open->resume);
    if (auto* change = std::get_if<wire::change>(&*message)) {
        require(it.joined, "a replica sends changes when it is joined only");
        change->what.client = it.id;
        submit(it.session, change->what);
    }
}

void live_room::arrive_down(follower& it)
{
    if (it.down.empty()) return;
    const std::string json = std::move(it.down.front());
    it.down.pop_front();
    const auto message = decoded_server_message(decoder_, json);
    require(message.has_value(), "a replica understands the server");

    std::array<std::string, 2> texts;
    const auto& places = watched(name_);
    for (std::size_t at = 0; at < texts.size(); ++at)
        texts[at] = it.replica.shown_text(places[at].id, places[at].field);
    // A change that a snapshot overtook is placed by the server more exactly than the replica could (RB4).
    const bool comparable = std::holds_alternative<wire::commit>(*message) && !it.overtaken;
    it.replica.receive(*message);
    for (const client::event& event : it.replica.take_events()) handle(it, event, texts);
    const bool reloaded = std::holds_alternative<wire::part>(*message) && it.replica.is_live();
    it.overtaken = it.replica.in_flight().has_value() && (it.overtaken || reloaded);
    for (std::size_t at = 0; comparable && at < texts.size(); ++at) {
        require_same(it.replica.shown_text(places[at].id, places[at].field), texts[at],
                     "a replica tells what it shows");
    }
    collect(it);
}

void live_room::handle(follower& it, const client::event& event, std::array<std::string, 2>& texts)
{
    std::visit(overloaded{[&](const client::remote_edit& edit) {
                              for (std::size_t at = 0; at < texts.size(); ++at) {
                                  const watched_text& place = watched(name_)[at];
                                  if (edit.what.id != place.id || edit.what.field != place.field) continue;
                                  const auto length = document::code_point_count(texts[at]);
                                  texts[at] = document::apply(texts[at], document::clamp(edit.what.edit, length));
                              }
                          },
                          [&](const client::retry_wanted&) { it.replica.resend(); },
                          [](const client::server_fault& fault) { require(false, "server_fault: " + fault.what); },
                          [](const client::not_opened& why) { require(false, "not opened: " + why.why.message); },
                          [](const auto&) {}},
               event);
}

// As document_actor lets readers in.
void live_room::join(follower& it, const std::optional<wire::resume_point>& resume)
{
    if (std::exchange(it.joined, false)) room_->forget(it.id);
    if (room_->in_doubt(it.id)) write();
    room_->remember(it.id, *log_.last_outcome(name_.full, it.id));
    it.joined = true;
    room_->present.join(it.session, it.id, "Wang");

    const bool same_history = resume && resume->epoch == log_.epoch() && resume->at <= room_->durable();
    const bool tail = same_history && (resume->at.value + room_->durable().value) % 3 != 0;
    if (tail) return send_tail(it, resume->at);
    const revision at_least = std::max(same_history ? resume->at : revision{}, room_->commits_until(it.id));
    if (snapshot_ && snapshot_->at < at_least) snapshot_.reset();
    send_snapshot(it);
}

wire::opened live_room::opened_for(const follower& it) const
{
    wire::opened opened{.document = name_.full,
                        .epoch = log_.epoch(),
                        .at = {},
                        .mode = wire::open_mode::tail,
                        .parts = 0,
                        .recovered = false,
                        .seq = {},
                        .client = it.id,
                        .last = {},
                        .people = room_->present.all(),
                        .you = it.session};
    std::tie(opened.seq, opened.last) = room_->last_outcome(it.id);
    return opened;
}

void live_room::send_tail(follower& it, revision after)
{
    wire::opened opened = opened_for(it);
    opened.at = after;
    opened.recovered = true;
    it.down.push_back(encoded(opened));
    const auto frames = runtime::load_tail(log_, {.document = name_.full, .after = after, .until = room_->durable()});
    require(frames.has_value(), "the log gives a tail");
    for (const auto& frame : *frames) it.down.push_back(unframed(*frame));
    it.sent = room_->durable();
}

void live_room::send_snapshot(follower& it)
{
    if (room_->in_doubt(it.id)) write();
    if (snapshot_ && snapshot_->at < std::max(it.sent, room_->commits_until(it.id))) snapshot_.reset();
    if (!snapshot_) {
        write();
        snapshot_ = snapshot{.at = room_->durable(), .parts = {}};
        const auto entities = room_->content().in_tree_order();
        for (std::size_t next = 0; next < entities.size();) {
            std::string part;
            next = wire::encode_part(part, {.document = name_.full,
                                            .at = snapshot_->at,
                                            .index = static_cast<std::uint32_t>(snapshot_->parts.size()),
                                            .entities = entities,
                                            .first = next,
                                            .bytes_max = 700,
                                            .figures = room_->figures()});
            snapshot_->parts.push_back(std::move(part));
        }
    }
    wire::opened opened = opened_for(it);
    opened.at = snapshot_->at;
    opened.mode = wire::open_mode::snapshot;
    opened.parts = static_cast<std::uint32_t>(snapshot_->parts.size());
    it.down.push_back(encoded(opened));
    it.down.insert(it.down.end(), snapshot_->parts.begin(), snapshot_->parts.end());
    const auto frames =
        runtime::load_tail(log_, {.document = name_.full, .after = snapshot_->at, .until = room_->durable()});
    require(frames.has_value(), "the log gives a tail");
    for (const auto& frame : *frames) it.down.push_back(unframed(*frame));
    it.sent = room_->durable();
}

// ---- the room ----

void live_room::submit(wire::session_number from, const document::change& incoming)
{
    const std::string before = runtime::stamped_entities(room_->content());
    const revision head = room_->content().head();
    if (const auto told = room_->submit(from, incoming, ++now_ms_)) answer(from, *told);
    if (room_->content().head() == head) {
        require_same(runtime::stamped_entities(room_->content()), before, "CH4: what is not accepted leaves no trace");
    }
}

void live_room::answer(wire::session_number to, const wire::server_message& message)
{
    const std::string json = encoded(message);
    require(decoded_server_message(decoder_, json).has_value(), "an answer can be decoded");
    for (const auto& it : followers_) {
        if (it->session == to && it->joined) it->down.push_back(json);
    }
}

void live_room::tell_all(const std::string& json, revision last)
{
    require(decoded_server_message(decoder_, json).has_value(), "what all are told can be decoded");
    for (const auto& it : followers_) {
        if (!it->joined) continue;
        it->down.push_back(json);
        it->sent = std::max(it->sent, last);
    }
}

void live_room::take()
{
    if (!room_->has_decided() || taken_) return;
    taken_ = room_->take_append();
    check_records(taken_->records);
}

// Everything that is decided, as often as it takes.
void live_room::write()
{
    for (take(); taken_; take()) {
        const storage::document_append append = *std::exchange(taken_, std::nullopt);
        require(log_.append({&append, 1}).has_value(), "the room appends at the head");
        const room::committed_batch done = room_->committed();
        require(done.last == room_->durable(), "committed");
        document::apply(told_, done.derived);
        if (!append.records.empty()) {
            std::string changes;
            for (const std::string& record : append.records) (changes += changes.empty() ? "" : ",") += record;
            std::string json;
            wire::encode_commit(json, name_.full, done.last, changes, done.derived, room_->present.take_news());
            tell_all(json, done.last);
        } else if (!done.derived.empty()) {
            tell_all(encoded(wire::derived{.document = name_.full, .at = done.last, .figures = done.derived}));
        }
        for (const room::direct_message& it : done.answers) answer(it.session, it.message);
    }
    check_durable();
}

// As document_actor::fail: those whose changes are in doubt are told so, all join again from what they have.
void live_room::fail(bool stays)
{
    take();
    if (!taken_) return;
    log_.fail_writes({.code = storage::errc::unavailable, .write_stays = stays});
    const storage::document_append append = *std::exchange(taken_, std::nullopt);
    require(!log_.append({&append, 1}).has_value(), "the log fails as planned");
    const auto answers = room_->abandon();
    log_.repair();
    require(log_.recover().has_value(), "the log recovers");
    for (const room::direct_message& it : answers) answer(it.session, it.message);
    load();
    for (const auto& it : followers_) {
        if (it->joined) send_tail(*it, it->sent);
    }
    tell_all(encoded(wire::notice{.code = "storage_recovered", .message = {}, .document = {}, .seq = {}, .at = {}}));
}

void live_room::load()
{
    auto loaded = runtime::load_document(log_, name_);
    require(loaded.has_value(), "what was written can be loaded");
    room_.emplace(name_.full, std::move(loaded->content), context_);
    snapshot_.reset();
    told_ = room_->figures();
    const auto remember = [&](const document::client_id& id) {
        room_->remember(id, *log_.last_outcome(name_.full, id));
    };
    for (const raw_client& it : raw_) remember(it.id);
    for (const auto& it : followers_) {
        if (it->joined) remember(it->id);
    }
    check_durable();
}

void live_room::shift_context(std::int32_t days)
{
    context_.today += days;
    if (name_.team.empty()) return static_cast<void>(room::plan_context(room_->content(), "y1", context_.today));
    const auto changed = room_->set_context(context_);
    if (changed.empty()) return;
    document::apply(told_, changed);
    tell_all(encoded(wire::derived{.document = name_.full, .at = room_->durable(), .figures = changed}));
}

void live_room::settle()
{
    for (const auto& it : followers_) connect(*it);
    const auto busy = [&] {
        if (room_->has_decided() || taken_) return true;
        return std::ranges::any_of(followers_, [](const auto& it) {
            return !it->up.empty() || !it->down.empty() || it->replica.has_pending();
        });
    };
    for (int round = 0; busy(); ++round) {
        require(round < 100'000, "a room comes to rest");
        for (const auto& it : followers_) {
            arrive_up(*it);
            arrive_down(*it);
        }
        if (round % 4 == 0) write();
    }
    write();
    check();
    check_snapshot();
    for (const auto& it : followers_) {
        const document::document& confirmed = it->replica.confirmed();
        require(confirmed.head() == room_->durable(), "a replica has every revision");
        require(it->replica.last_used() == room_->last_outcome(it->id).first, "a replica counts as the room does");
        if (confirmed.hash() == room_->content().hash()) continue;
        require_same(runtime::stamped_entities(confirmed), runtime::stamped_entities(room_->content()),
                     "a replica ends equal");
    }
}

// ---- what must hold ----

void live_room::check()
{
    for (const std::string& broken : document::broken_invariants(room_->content())) require(false, broken);
    check_figures();
}

void live_room::check_figures()
{
    const auto afresh = document::derive(room_->content(), context_);
    require(room_->figures() == afresh, "figures kept are not the figures derived anew");
    if (!room_->has_decided() && !taken_) require(told_ == afresh, "figures told are not the figures derived anew");
}

// What goes to the log says again what it says, and replays.
void live_room::check_records(const std::vector<std::string>& records)
{
    for (const std::string& record : records) {
        const auto change = decoder_.decode_change(padded_text{record}.span());
        require(change.has_value(), "a record can be decoded");
        std::string again;
        wire::encode_change(again, *change);
        require_same(again, record, "a record is canonical");
    }
}

void live_room::check_durable()
{
    const auto read = log_.read(name_.full, durable_.head(), [&](revision, std::string_view record) {
        const auto change = decoder_.decode_change(padded_text{record}.span());
        require(change && durable_.replay(*change), "a record can be replayed");
        return true;
    });
    require(read.has_value(), "the log can be read");
    if (!room_ || room_->has_decided() || taken_) return;
    require_same(runtime::stamped_entities(room_->content()), runtime::stamped_entities(durable_),
                 "what is written replays to something else");
}

void live_room::check_snapshot()
{
    const std::string stored = runtime::stamped_entities(durable_);
    const auto entities = decoder_.decode_entities(*name_.schema, padded_text{stored}.span());
    document::document again{*name_.schema};
    require(entities && again.load(durable_.head(), *entities), "a snapshot can be loaded");
    require_same(runtime::stamped_entities(again), stored, "a snapshot is the document");
}

}  // namespace okra::fuzz
