#include "tests/crash/survivor.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/document/name.hpp"
#include "protocol/wire/encode.hpp"

namespace okra::crash {

using std::chrono::microseconds;
using time_point = load::clock::time_point;

namespace {

// How often an editor edits, on average: without a server like somebody who goes on, but does not pile up.
constexpr microseconds edit_every{4'000};
constexpr microseconds edit_every_alone{15'000};

// Shorter than SPEC RC2 asks for, and as jittered: a test's servers come back sooner.
constexpr microseconds connect_again_after{20'000};
constexpr microseconds send_again_after{20'000};  // what could not be saved at the moment

microseconds about(microseconds mean, prng& random)
{
    return microseconds{static_cast<std::int64_t>(random.below(2 * static_cast<std::uint64_t>(mean.count())))};
}

}  // namespace

survivor::survivor(surroundings& among, survivor_options options)
    : among_{among},
      options_{std::move(options)},
      random_{options_.seed},
      edits_{options_.client, options_.editor.value_or(0)},
      link_{among.sockets, *this}
{
    for (const auto& document : options_.documents) {
        const client::replica_options how{options_.client, document, !options_.editor};
        documents_.push_back({client::replica{how, *document::parse_name(document)->schema}, document, {}});
    }
}

bool survivor::is_live() const
{
    return std::ranges::all_of(documents_, [](const open_document& it) { return it.replica.is_live(); });
}

bool survivor::has_pending() const
{
    return std::ranges::any_of(documents_, [](const open_document& it) { return it.replica.has_pending(); });
}

void survivor::tick(time_point now)
{
    if (link_.is_closed() && among_.server && now >= connect_at_) {
        connect_at_ = now + about(connect_again_after, random_);
        link_.connect(*among_.server);
    }
    for (open_document& it : documents_) {
        if (!it.resend_at || now < *it.resend_at) continue;
        it.resend_at.reset();
        it.replica.resend();
        forward(it);
    }
    if (options_.editor && among_.editing && now >= edit_at_) {
        edit_at_ = now + about(is_connected() ? edit_every : edit_every_alone, random_);
        edit();
    }
}

void survivor::edit()
{
    open_document& in = documents_[random_.below(documents_.size())];
    const document::document& confirmed = in.replica.confirmed();
    client::op_list ops;
    if (has_first_plan(confirmed)) {
        ops = among_.pasting ? edits_.paste(in.replica, random_) : edits_.next(in.replica, random_);
    } else if (options_.editor == 0 && in.replica.is_live() && !in.replica.has_pending()) {
        ops = first_plan();
    }
    in.submitted.add(ops);
    const auto accepted = in.replica.submit(std::move(ops));
    OKRA_ASSERT(accepted.has_value());
    forward(in);
}

void survivor::on_connected()
{
    std::string text;
    const std::string workspace{document::parse_name(options_.documents.front())->workspace()};
    wire::encode(text, wire::hello{wire::protocol_version, options_.client, workspace, options_.client, "en"});
    link_.send(text);
}

void survivor::on_broken(std::string_view /*why*/)
{
    for (open_document& it : documents_) it.replica.disconnect();
    connect_at_ = load::clock::now() + about(connect_again_after, random_);
}

void survivor::on_received(std::span<char> message)
{
    const auto decoded = among_.decoder.decode_server(message);
    if (!decoded) throw broken_promise{"the server sent what cannot be understood: " + decoded.error().why.message};
    note(*decoded);
    for (open_document& it : documents_) {
        if (std::holds_alternative<wire::welcome>(*decoded)) it.replica.connect();
        it.replica.receive(*decoded);
        take_events(it);
        forward(it);
    }
}

void survivor::note(const wire::server_message& message)
{
    std::visit(overloaded{[&](const wire::commit& it) { among_.seen.note_commit(it, id()); },
                          [&](const wire::opened& it) {
                              among_.seen.note_revision(it.document, it.at, id());
                              const auto* own = std::get_if<wire::committed_outcome>(&it.last);
                              if (own != nullptr) among_.seen.note_revision(it.document, own->at, id());
                          },
                          [&](const wire::refused& it) {
                              if (it.why.code != refusal_code::base_too_old || !it.final) return;
                              for (open_document& each : documents_) {
                                  if (each.name == it.document) ++each.renumbered;
                              }
                          },
                          [](const auto&) {}},
               message);
}

void survivor::take_events(open_document& of)
{
    for (const auto& event : of.replica.take_events()) {
        std::visit(
            overloaded{[&](const client::acknowledged&) { ++of.acknowledged; },
                       [&](const client::drafted& it) {
                           ++of.drafted;
                           of.given_up.add(it.ops);
                       },
                       [&](const client::retry_wanted&) {
                           of.resend_at = load::clock::now() + about(send_again_after, random_);
                       },
                       [&](const client::not_opened& it) {
                           throw broken_promise{fmt::format("{} cannot open {}: {}", id(), of.name, it.why.message)};
                       },
                       [&](const client::server_fault& it) {
                           throw broken_promise{fmt::format("{}, {}: {}", id(), of.name, it.what)};
                       },
                       [&](const client::found_different& it) {
                           throw broken_promise{
                               fmt::format("{} differs from {} at revision {}", id(), of.name, it.at.value)};
                       },
                       [](const client::remote_edit&) {}, [](const client::reloaded&) {}},
            event);
    }
}

void survivor::forward(open_document& of)
{
    for (const auto& message : of.replica.take_messages()) {
        if (const auto* change = std::get_if<wire::change>(&message)) {
            ++(change->what.seq > of.sent ? of.changes_sent : of.resent);
            of.sent = std::max(of.sent, change->what.seq);
            among_.seen.note_sent(of.name, id(), change->what.seq);
        }
        std::string text;
        wire::encode(text, message);
        link_.send(text);
    }
}

}  // namespace okra::crash
