#include "tools/check/peer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "protocol/document/name.hpp"

namespace okra::check {

namespace {

using std::chrono::milliseconds;

// After a connection that ended by itself: a server that starts again is given time.
constexpr milliseconds back_after{250};
constexpr milliseconds resend_after{500};
constexpr std::uint64_t twice_one_in = 4;

// What an edit may meet when others move and remove the same things: a conflict, not a fault.
bool is_conflict(refusal_code it)
{
    constexpr std::array conflicts{refusal_code::subtree_changed, refusal_code::parent_removed, refusal_code::cycle};
    return std::ranges::find(conflicts, it) != conflicts.end();
}

}  // namespace

peer::peer(const setting& in, options how)
    : in_{in},
      options_{std::move(how)},
      identity_{client::fresh_identity()},
      replica_{{.client = identity_.id, .document = in.document, .view = options_.view},
               *document::parse_name(in.document)->schema},
      witness_{in.found, in.book, in.document, {.name = options_.name, .client = identity_.id}}
{
}

// ---- coming and going ----

result<void, failure> peer::join()
{
    returns_at_.reset();
    if (auto connected = connect(); !connected) {
        // Whoever was never here is told so at once; a server that went may come back.
        if (replica_.epoch().empty()) return connected;
        if (!lost_since_) lost_since_ = clock::now();
        if (clock::now() - *lost_since_ > in_.options.patience) return connected;
        part(back_after);
        return {};
    }
    ping_at_ = clock::now() + heartbeat_ / 2;
    if (!replica_.epoch().empty()) resumes_from_ = {replica_.epoch(), replica_.confirmed().head()};
    witness_.asks(resumes_from_);
    replica_.connect();
    return flush();
}

result<void, failure> peer::connect()
{
    auto line = client::connection::open(in_.options.server, in_.options.patience, in_.loop);
    if (!line) return line.error();
    line_.emplace(std::move(*line));
    const wire::hello hello{
        wire::protocol_version, identity_.id, in_.options.workspace, std::string{tool_name} + " " + options_.name, "en",
        identity_.secret};
    if (auto sent = line_->send(hello); !sent) return sent;
    const auto answer = line_->receive(in_.options.patience);
    if (!answer) return answer.error();
    if (!*answer) return failure{"the server does not answer"};
    const auto* welcome = std::get_if<wire::welcome>(&**answer);
    if (welcome == nullptr) return failure{"the server does not welcome us"};
    session_ = welcome->session;
    server_ = welcome->server;
    heartbeat_ = milliseconds{welcome->heartbeat_ms};
    return {};
}

std::optional<clock::time_point> peer::returns_at() const
{
    return returns_at_;
}

void peer::cut_off(cut how, milliseconds away)
{
    if (how != cut::at_rest) {
        next_cut_.emplace(how, away);
        return;
    }
    ++counts_.cuts;
    part(away);
}

void peer::leave()
{
    part({});
    returns_at_.reset();
}

void peer::part(milliseconds away)
{
    if (line_) line_->reset();
    line_.reset();
    replica_.disconnect();
    witness_.is_attentive(false);
    resend_at_.reset();
    returns_at_ = clock::now() + away;
}

void peer::on_lost(const failure& why)
{
    if (line_ && line_->has_heard_nonsense()) {
        in_.found.broken(promise::in_order, fmt::format("{}: {}", name(), why.message));
    }
    ++counts_.losses;
    if (!lost_since_) lost_since_ = clock::now();
    part(back_after);
}

// ---- in ----

result<void, failure> peer::take()
{
    while (line_) {
        const auto message = line_->receive(milliseconds{0});
        if (!message) {
            on_lost(message.error());
            return farewell_.empty() ? result<void, failure>{} : failure{farewell_};
        }
        if (!*message) break;
        if (auto heard = hear(**message); !heard) return heard;
    }
    if (resend_at_ && clock::now() >= *resend_at_) {
        resend_at_.reset();
        replica_.resend();
    }
    return flush();
}

result<void, failure> peer::hear(const wire::server_message& message)
{
    const auto breaches = in_.found.of(promise::in_order).broken;
    witness_.hears(message);
    if (const auto* opened = std::get_if<wire::opened>(&message)) judge_return(*opened);
    if (const auto* no = std::get_if<wire::refused>(&message); no != nullptr && no->final && no->seq) {
        in_.book.refused(identity_.id, *no->seq);
    }
    if (const auto* bye = std::get_if<wire::bye>(&message); bye != nullptr && !bye->again) {
        farewell_ = fmt::format("the server says goodbye to {} ({}): {}", name(), bye->code, bye->message);
    }
    const bool was_live = replica_.is_live();
    replica_.receive(message);
    if (replica_.is_live() && !was_live) {
        lost_since_.reset();
        witness_.is_attentive(options_.is_attentive);
    }
    const bool is_told = in_.found.of(promise::in_order).broken != breaches;
    for (const auto& event : replica_.take_events()) {
        if (const auto* done = std::get_if<client::drafted>(&event)) {
            ++counts_.refused;
            in_.book.refused(identity_.id, done->seq);
            in_.found.expect(promise::refusals, is_conflict(done->why.code),
                             fmt::format("a good change of {} was refused: {}: {}", name(), name_of(done->why.code),
                                         done->why.message));
        } else if (std::holds_alternative<client::acknowledged>(event)) {
            unavailable_ = false;
        } else if (std::holds_alternative<client::retry_wanted>(event)) {
            unavailable_ = true;
            resend_at_ = clock::now() + resend_after;
        } else if (const auto* no = std::get_if<client::not_opened>(&event)) {
            return failure{
                fmt::format("the server does not open the plan ({}): {}", name_of(no->why.code), no->why.message)};
        } else if (const auto* fault = std::get_if<client::server_fault>(&event); fault != nullptr && !is_told) {
            // A gap or a repetition the witness has told already.
            in_.found.broken(promise::in_order, fmt::format("{}: {}", name(), fault->what));
        }
    }
    return {};
}

// A short absence is what a tail is for (OD5): a snapshot would do, but would tell that the history is gone.
void peer::judge_return(const wire::opened& it)
{
    const auto from = std::exchange(resumes_from_, std::nullopt);
    if (!from || it.mode == wire::open_mode::tail) return;
    in_.found.broken(
        promise::resumes,
        fmt::format("{} came back with revision {} and got the whole plan instead of what it missed{}", name(),
                    from->at.value, it.epoch == from->epoch ? "" : ": the server's history is a new one"));
}

// ---- out ----

result<void, failure> peer::submit(client::op_list ops)
{
    if (!edited_at_ && is_live()) edited_at_ = clock::now();
    if (auto accepted = replica_.submit(std::move(ops)); !accepted) return failure{accepted.error().message};
    return flush();
}

result<void, failure> peer::place(wire::presence_place at)
{
    return send(wire::presence{in_.document, std::move(at)});
}

result<void, failure> peer::keep_alive()
{
    if (!line_ || clock::now() < ping_at_) return {};
    ping_at_ = clock::now() + heartbeat_ / 2;
    return send(wire::ping{});
}

result<void, failure> peer::flush()
{
    for (const auto& message : replica_.take_messages()) {
        const auto* change = std::get_if<wire::change>(&message);
        const bool is_new = change != nullptr && change->what.seq > last_sent_;
        if (is_new) {
            last_sent_ = change->what.seq;
            const auto since = std::exchange(edited_at_, std::nullopt);
            const bool arrives = !next_cut_ || next_cut_->first != cut::within_frame;
            in_.book.sent(*change, arrives ? since : std::nullopt);
        }
        if (!line_) continue;
        if (is_new && next_cut_) {
            const auto [how, away] = *std::exchange(next_cut_, std::nullopt);
            // Whether it could still be sent is of no account.
            static_cast<void>(how == cut::within_frame ? line_->send_half(message) : line_->send(message));
            ++counts_.cuts;
            part(away);
            return {};
        }
        if (auto sent = send(message); !sent) return sent;
        if (is_new && options_.sends_twice && change->what.seq.value % twice_one_in == 0) {
            ++counts_.sent_twice;
            if (auto sent = send(message); !sent) return sent;
        }
    }
    return keep_alive();
}

result<void, failure> peer::send(const wire::client_message& message)
{
    if (!line_) return {};
    if (const auto sent = line_->send(message); !sent) on_lost(sent.error());
    return {};
}

}  // namespace okra::check
