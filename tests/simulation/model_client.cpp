#include "tests/simulation/model_client.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "protocol/base/overloaded.hpp"
#include "protocol/document/name.hpp"
#include "protocol/wire/encode.hpp"

namespace okra::simulation {

namespace {

// RC2
constexpr std::int64_t backoff_least_ms = 250;
constexpr std::int64_t backoff_most_ms = 15'000;
// A server that does not answer `hello` for so long is not there.
constexpr std::int64_t greeting_ms = 10'000;
// RF2
constexpr std::int64_t retry_ms = 1'000;

constexpr std::string_view elsewhere = "others/plan/web/q1";

}  // namespace

model_client::open_document::open_document(std::string document, const identity& who)
    : name{std::move(document)},
      replica{{.client = who.id, .document = name, .view = who.view}, *document::parse_name(name)->schema}
{
}

model_client::model_client(world& around, simulated_server& server, oracle& truth, identity who)
    : world_{around}, server_{server}, truth_{truth}, who_{std::move(who)}, author_{who_.id, around.random}
{
    if (who_.view) truth_.forbid(who_.id);
    for (const std::string& it : who_.documents) documents_.push_back(std::make_unique<open_document>(it, who_));
    connect();
}

model_client::~model_client()
{
    if (wire_) wire_->abandon();
}

// Not when it has left meanwhile.
template <typename Task>
void model_client::later(std::int64_t ms, Task task)
{
    world_.later.in(ms, [here = std::weak_ptr{here_}, task = std::move(task)]() mutable {
        if (!here.expired()) task();
    });
}

// ---- connection ----

void model_client::connect()
{
    wire_user& self = *this;
    wire_ = std::make_shared<simulated_wire>(++wire_number_, world_, server_, self);
    wire_->connect();
}

void model_client::on_opened(std::uint64_t wire)
{
    if (wire != wire_number_) return;
    say(wire::hello{wire::protocol_version, who_.id, "acme", "Somebody", "en"});
    later(greeting_ms, [this, wire] {
        if (wire == wire_number_ && wire_ && !greeted_) give_up();
    });
}

void model_client::on_closed(std::uint64_t wire, std::optional<std::uint16_t> code)
{
    if (wire != wire_number_) return;
    world_.trace(who_.id, "×", code ? fmt::format("closed with {}", *code) : "closed");
    if (code && *code >= 4100 && *code < 4200) {
        throw broken_promise{fmt::format("{} was sent away with code {}", who_.id, *code)};
    }
    disconnect();
    if (heartbeat_ms_ != 0 && greeted_at_ms_ != 0 && world_.clock.steady_ms() - greeted_at_ms_ > heartbeat_ms_) {
        attempts_ = 0;
    }
    const std::int64_t most = std::min(backoff_most_ms, backoff_least_ms << std::min(attempts_++, 8U));
    const auto backoff = static_cast<std::int64_t>(world_.random.below(static_cast<std::uint64_t>(most)));
    come_back_in(std::exchange(told_to_wait_ms_, {}).value_or(backoff));
}

// The connection is dead, whatever it says.
void model_client::give_up()
{
    wire_->abandon();
    on_closed(wire_number_, {});
}

void model_client::disconnect()
{
    wire_.reset();
    greeted_ = false;
    for (const auto& it : documents_) it->replica.disconnect();
}

void model_client::come_back_in(std::int64_t ms)
{
    later(ms, [this] {
        if (!wire_) connect();
    });
}

// LV1: a connection that does not answer within a heartbeat is dead.
void model_client::beat()
{
    later(heartbeat_ms_ / 2, [this, wire = wire_number_] {
        if (wire != wire_number_ || !greeted_) return;
        if (pinged_ms_ > heard_ms_ && world_.clock.steady_ms() - pinged_ms_ >= heartbeat_ms_) {
            give_up();
            return;
        }
        if (pinged_ms_ <= heard_ms_) {
            say(wire::ping{});
            pinged_ms_ = world_.clock.steady_ms();
        }
        beat();
    });
}

void model_client::say(const wire::client_message& message)
{
    if (!wire_) return;
    std::string text;
    wire::encode(text, message);
    world_.trace(who_.id, "→", text);
    wire_->send(std::move(text));
}

// ---- messages ----

void model_client::on_message(std::uint64_t wire, std::string_view text)
{
    if (wire != wire_number_) return;
    world_.trace(who_.id, "←", text);
    std::string json{text};
    json.reserve(json.size() + wire::decoder::padding);
    const auto message = decoder_.decode_server(json);
    if (!message) throw broken_promise{fmt::format("{} cannot read {}", who_.id, text)};
    heard_ms_ = world_.clock.steady_ms();
    truth_.told(*message, who_.id);
    std::visit(overloaded{[&](const wire::welcome& it) {
                              greeted_ = true;
                              greeted_at_ms_ = world_.clock.steady_ms();
                              pinged_ms_ = 0;
                              heartbeat_ms_ = it.heartbeat_ms;
                              beat();
                              for (const auto& each : documents_) {
                                  each->replica.connect();
                                  flush(*each);
                              }
                          },
                          [&](const wire::bye& it) {
                              if (it.again && it.after_ms > 0) told_to_wait_ms_ = it.after_ms;
                          },
                          [](const auto&) {}},
               *message);
    if (!greeted_) return;
    for (const auto& it : documents_) receive(*it, *message);
}

void model_client::receive(open_document& it, const wire::server_message& message)
{
    const auto is_mine = [&](const std::string& document) { return document == it.name; };
    std::visit(overloaded{[&](const wire::commit& news) {
                              if (is_mine(news.document) && it.replica.has_pending()) ++world_.counted.rebases;
                          },
                          [&](const wire::refused& news) {
                              if (news.document && is_mine(*news.document)) ++world_.counted.refusals;
                          },
                          [](const auto&) {}},
               message);
    meet(it, message);
    it.replica.receive(message);
    for (const client::event& event : it.replica.take_events()) {
        std::visit(
            overloaded{
                [&](const client::acknowledged& news) { truth_.acknowledged(it.name, who_.id, news.seq, news.at); },
                [&](const client::drafted& news) {
                    ++world_.counted.drafts;
                    forget_marks(it.name, news.ops);
                },
                [&](const client::retry_wanted&) {
                    if (std::exchange(it.waits_to_resend, true)) return;
                    later(retry_ms, [this, &it] {
                        it.waits_to_resend = false;
                        ++world_.counted.resent;
                        it.replica.resend();
                        flush(it);
                    });
                },
                [&](const client::not_opened&) {
                    if (std::exchange(it.waits_to_open, true)) return;
                    later(retry_ms, [this, &it] {
                        it.waits_to_open = false;
                        if (!is_online() || it.replica.is_live()) return;
                        it.replica.connect();
                        flush(it);
                    });
                },
                [&](const client::server_fault& news) {
                    throw broken_promise{fmt::format("{} found a fault of the server: {}", who_.id, news.what)};
                },
                [&](const client::found_different& news) {
                    if (it.is_misled) return;
                    throw broken_promise{fmt::format("{}: {} was told a hash at {} that is not its own", it.name,
                                                     who_.id, news.at.value)};
                },
                [](const auto&) {}},
            event);
    }
    flush(it);
}

void model_client::meet(open_document& it, const wire::server_message& message)
{
    const auto take = [&](const wire::presence_delta& news) {
        for (const wire::person& each : news.people) it.people.insert_or_assign(each.session, each.client);
        for (const wire::session_number gone : news.gone) it.people.erase(gone);
    };
    std::visit(overloaded{[&](const wire::opened& told) {
                              if (told.document != it.name) return;
                              it.people.clear();
                              take({.people = told.people, .gone = {}});
                          },
                          [&](const wire::commit& told) {
                              if (told.document == it.name) take(told.people);
                          },
                          [&](const wire::presence_news& told) {
                              if (told.document == it.name) take(told.people);
                          },
                          [](const auto&) {}},
               message);
}

// Refused: nobody may expect them. Neighbours may have become one insert.
void model_client::forget_marks(const std::string& document, const client::op_list& ops)
{
    constexpr std::string_view end = "⟩";
    for (const auto& op : ops) {
        const auto* edit = std::get_if<document::edit_op>(&op);
        if (edit == nullptr || edit->field != "note") continue;
        for (const auto& part : edit->edit) {
            const auto* typed = std::get_if<document::text_insert>(&part);
            if (typed == nullptr) continue;
            std::string_view rest = typed->text;
            while (!rest.empty()) {
                const std::size_t length = rest.find(end) + end.size();
                marks_[document].erase(std::string{rest.substr(0, length)});
                rest.remove_prefix(length);
            }
        }
    }
}

void model_client::flush(open_document& it)
{
    for (const auto& message : it.replica.take_messages()) {
        say(message);
        if (!std::holds_alternative<wire::change>(message)) continue;
        it.last_sent.clear();
        wire::encode(it.last_sent, message);
        if (world_.happens(world_.how.per_mille.send_twice) && wire_) {
            ++world_.counted.resent;
            wire_->send(it.last_sent);
        }
    }
}

// ---- user ----

void model_client::act()
{
    ++world_.counted.actions;
    const auto& of = world_.how.per_mille;
    if (wire_ && world_.happens(of.cut)) wire_->cut();
    if (wire_ && world_.happens(of.slow_reader)) {
        wire_->stop_reading_for(static_cast<std::int64_t>(world_.random.below(20'000)));
    }
    if (is_online() && world_.happens(of.forbidden)) try_what_is_forbidden();
    open_document& it = *documents_[world_.random.below(documents_.size())];
    if (is_online() && world_.happens(of.misled)) mislead(it);
    if (is_online() && world_.random.one_in(4)) {
        say(wire::presence{it.name,
                           wire::presence_place{.entity = it.name.ends_with("/workspace") ? "workspace" : "plan",
                                                .field = {},
                                                .anchor = {},
                                                .head = {},
                                                .at = it.replica.confirmed().head()}});
    }
    if (!who_.view && !it.replica.epoch().empty()) submit(it);
}

void model_client::submit(open_document& it)
{
    const document::document shown = it.replica.shown();
    const bool bad = world_.happens(world_.how.per_mille.bad_change);
    client::op_list ops = bad ? author_.nonsense(shown) : author_.some_ops(shown);
    if (!bad && !author_.last_mark().empty()) marks_[it.name].insert(author_.last_mark());
    const auto taken = it.replica.submit(std::move(ops));
    if (!taken) throw broken_promise{fmt::format("{} could not submit: {}", who_.id, taken.error().message)};
    flush(it);
}

void model_client::try_what_is_forbidden()
{
    say(wire::open{std::string{elsewhere}, {}, false});
    if (!who_.view) return;
    const document::set_op op{"plan", "note", 1.0, {}};
    say(wire::change{documents_.front()->name, {who_.id, sequence{1}, revision{0}, {op}}});
}

// It takes its state for another than the server's, and opens the document without resuming, pending changes and all
// (AU3).
void model_client::mislead(open_document& it)
{
    it.is_misled = true;
    receive(it,
            wire::audit{
                .document = it.name, .at = it.replica.confirmed().head(), .hash = it.replica.confirmed().hash() + 1});
    it.is_misled = false;
}

void model_client::leave()
{
    here_.reset();
    if (wire_) wire_->abandon();
    wire_.reset();
}

// ---- checks ----

std::string model_client::describe() const
{
    std::string all = fmt::format("{} {}", who_.id, is_online() ? "online" : wire_ ? "connecting" : "waiting");
    for (const auto& it : documents_) {
        all += fmt::format(" [{}: {} at {} of {}{}]", it->name, it->replica.is_live() ? "live" : "not live",
                           it->replica.confirmed().head().value, truth_.content(it->name).head().value,
                           it->replica.has_pending() ? ", pending" : "");
    }
    return all;
}

bool model_client::is_settled() const
{
    return is_online() && std::ranges::all_of(documents_, [&](const auto& it) {
               return it->replica.is_live() && !it->replica.has_pending() &&
                      it->replica.confirmed().head() == truth_.content(it->name).head();
           });
}

void model_client::check(const oracle& truth)
{
    for (const auto& it : documents_) {
        if (it->replica.epoch().empty()) continue;
        ++world_.counted.views_checked;
        truth.confirmed(it->name, it->replica.confirmed().head(), it->replica.confirmed().hash(), who_.id);
    }
}

void model_client::check_settled(const oracle& truth)
{
    check(truth);
    for (const auto& it : documents_) {
        ++world_.counted.figures_checked;
        for (const auto& [session, client] : it->people) {
            if (world_.gone.contains(client))
                throw broken_promise{fmt::format("{}: {} lists {}, who has gone", it->name, who_.id, client)};
        }
        check_figures(it->name, truth.figures(it->name), it->replica.figures(), who_.id);
        for (const std::string& mark : marks_[it->name]) {
            const std::size_t times = times_in_note(truth.content(it->name), mark);
            if (times != 1) throw broken_promise{fmt::format("{}: {} is there {} times", it->name, mark, times)};
        }
    }
}

}  // namespace okra::simulation
