#include "tools/load/okra_participant.hpp"

#include <cstring>

#include "protocol/base/assert.hpp"
#include "protocol/document/name.hpp"

namespace okra::load {

namespace {

constexpr std::string_view commit_prefix = R"({"type":"commit")";
constexpr std::string_view part_prefix = R"({"type":"part")";

std::string_view workspace_of(std::string_view document)
{
    return document.substr(0, document.find('/'));
}

}  // namespace

// ---- okra_participant ----

okra_participant::okra_participant(engine_parts& parts, okra_room& in, participant_options options)
    : participant{parts, std::move(options)}, room_{in}
{
}

void okra_participant::ping()
{
    if (at() == stage::ready) send(wire::ping{});
}

void okra_participant::send(const wire::client_message& message)
{
    std::string text;
    wire::encode(text, message);
    connection().send(text);
}

void okra_participant::on_connected()
{
    const auto& client = options().client;
    send(wire::hello{wire::protocol_version, client, std::string{workspace_of(room_.name())}, client, "en"});
}

void okra_participant::ask_to_open()
{
    send(wire::open{room_.name(), {}, options().view});
}

// HOT PATH: thousands of participants get each commit; for all but the first in a room it costs a comparison of bytes.
void okra_participant::on_received(std::span<char> message)
{
    const std::string_view text{message.data(), message.size()};
    if (text.starts_with(commit_prefix)) {
        on_commit_frame(message);
        if (at() == stage::ready) on_commit(message);
        return;
    }
    if (text.starts_with(part_prefix) && on_part_frame()) return;
    const auto decoded = parts().decoder.decode_server(message);
    if (!decoded) {
        ++parts().counts.malformed;
        return;
    }
    if (std::holds_alternative<wire::welcome>(*decoded)) {
        note_asked();
        ask_to_open();
    } else if (const auto* refused = std::get_if<wire::refused>(&*decoded); refused != nullptr && !refused->seq) {
        on_broken("refused: " + refused->why.message);
    } else if (const auto* bye = std::get_if<wire::bye>(&*decoded)) {
        note_reason("bye " + bye->code + ": " + bye->message);
    } else {
        on_message(*decoded);
    }
}

void okra_participant::on_commit(std::span<char> frame)
{
    const auto now = clock::now();
    const auto* facts = room_.observe(frame, last(), parts().decoder);
    if (facts == nullptr) {
        ++parts().counts.malformed;
        return;
    }
    if (facts->first <= last()) ++parts().counts.duplicated;
    if (facts->first > last().next()) ++parts().counts.gaps;
    follow_to(std::max(last(), facts->last));
    for (const auto& change : facts->changes) {
        const auto scheduled = room_.of_editor(change.editor).of(change.seq);
        if (change.editor == options().editor) {
            parts().counts.record(parts().counts.to_author, scheduled, now);
            on_own_commit(change);
        } else {
            parts().counts.record(parts().counts.to_peer, scheduled, now);
        }
    }
    on_commits_seen();
}

// ---- light_viewer ----

void light_viewer::on_message(const wire::server_message& message)
{
    if (const auto* opened = std::get_if<wire::opened>(&message)) {
        opened_at_ = opened->at;
        parts_left_ = opened->parts;
        if (parts_left_ == 0) become_ready(opened_at_);
    }
}

bool light_viewer::on_part_frame()
{
    if (parts_left_ > 0 && --parts_left_ == 0) become_ready(opened_at_);
    return true;
}

// ---- okra_editor ----

void okra_editor::create_document()
{
    for (auto& op : create_plan()) submit_one(std::move(op), clock::now());
}

void okra_editor::submit(clock::time_point scheduled)
{
    submit_one(next_operation(random_, [this](std::size_t index) { return title_length(index); }), scheduled);
}

void okra_editor::write_large_document(std::size_t step)
{
    if (step > 0) return submit_one(edit_large_plan(random_), clock::now());
    for (auto& op : create_large_plan()) submit_one(std::move(op), clock::now());
}

// ---- light_editor ----

light_editor::light_editor(engine_parts& parts, okra_room& in, participant_options options)
    : light_viewer{parts, in, std::move(options)}, okra_editor{parts.random}
{
}

void light_editor::submit_one(document::operation op, clock::time_point scheduled)
{
    queued_.push_back(std::move(op));
    scheduled_.push_back(scheduled);
    send_next();
}

std::uint64_t light_editor::title_length(std::size_t key_result) const
{
    return in().title_length(key_result);
}

void light_editor::send_next()
{
    if (at() != stage::ready || in_flight_ || queued_.empty()) return;
    const auto count = static_cast<std::ptrdiff_t>(std::min(queued_.size(), document::limits::ops_per_change));
    std::vector<document::operation> ops{std::make_move_iterator(queued_.begin()),
                                         std::make_move_iterator(queued_.begin() + count)};
    queued_.erase(queued_.begin(), queued_.begin() + count);
    in().of_editor(*options().editor).add(used_.next(), std::span{scheduled_}.first(static_cast<std::size_t>(count)));
    scheduled_.erase(scheduled_.begin(), scheduled_.begin() + count);
    sent_ = {in().name(), {options().client, used_.next(), last(), std::move(ops)}};
    in_flight_ = true;
    send(sent_);
}

void light_editor::on_own_commit(const own_change& it)
{
    if (!in_flight_ || it.seq != used_.next()) {
        ++parts().counts.duplicated;
        return;
    }
    used_ = it.seq;
    in_flight_ = false;
}

void light_editor::on_message(const wire::server_message& message)
{
    light_viewer::on_message(message);
    if (const auto* refused = std::get_if<wire::refused>(&message)) {
        if (!in_flight_ || refused->seq != used_.next()) return;
        parts().counts.refused += sent_.what.ops.size();
        in_flight_ = !refused->final;
        if (refused->final) used_ = used_.next();
        send_next();
    } else if (const auto* notice = std::get_if<wire::notice>(&message)) {
        if (notice->code == "storage_recovered" && in_flight_) send(sent_);
    }
}

// ---- replica_participant ----

replica_participant::replica_participant(engine_parts& parts, okra_room& in, participant_options options)
    : okra_participant{parts, in, options},
      okra_editor{parts.random},
      replica_{{options.client, in.name(), options.view}, *document::parse_name(in.name())->schema}
{
}

std::optional<std::uint64_t> replica_participant::state_hash() const
{
    return replica_.confirmed().hash();
}

std::uint64_t replica_participant::title_length(std::size_t key_result) const
{
    return document::code_point_count(replica_.shown_text(key_result_id(key_result), "title"));
}

void replica_participant::submit_one(document::operation op, clock::time_point scheduled)
{
    scheduled_.push_back(scheduled);
    const auto accepted = replica_.submit({std::move(op)});
    OKRA_ASSERT(accepted.has_value());
    forward();
}

void replica_participant::ask_to_open()
{
    replica_.connect();
    forward();
}

void replica_participant::on_message(const wire::server_message& message)
{
    replica_.receive(message);
    forward();
}

void replica_participant::on_commit_frame(std::span<char> frame)
{
    // The room compares the frame's bytes afterwards, so they are decoded from a copy.
    std::string copy;
    copy.reserve(frame.size() + wire::decoder::padding);
    copy.assign(frame.data(), frame.size());
    if (const auto decoded = parts().decoder.decode_server(copy)) replica_.receive(*decoded);
}

void replica_participant::on_own_commit(const own_change& it)
{
    if (it.seq <= acknowledged_) ++parts().counts.duplicated;
    acknowledged_ = it.seq;
}

void replica_participant::forward()
{
    for (const auto& message : replica_.take_messages()) {
        // A change that was not sent before takes everything that waited: the rates used here stay far below its limit.
        const auto* change = std::get_if<wire::change>(&message);
        if (change != nullptr && change->what.seq > sent_) {
            in().of_editor(*options().editor).add(change->what.seq, scheduled_);
            scheduled_.clear();
            sent_ = change->what.seq;
        }
        send(message);
    }
    for (const auto& event : replica_.take_events()) {
        if (const auto* reloaded = std::get_if<client::reloaded>(&event)) become_ready(reloaded->at);
        if (const auto* drafted = std::get_if<client::drafted>(&event)) parts().counts.refused += drafted->ops.size();
        if (std::holds_alternative<client::server_fault>(event)) ++parts().counts.malformed;
    }
}

}  // namespace okra::load
