#include "tools/load/sharedb_room.hpp"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace okra::load {

namespace {

constexpr std::string_view handshake_prefix = R"({"a":"hs")";
constexpr std::string_view greeting_prefix = R"({"a":"init")";
constexpr std::string_view snapshot_prefix = R"({"data":{"v":)";
constexpr std::size_t large_title_count = 900;
constexpr std::size_t large_title_length = 210;

}  // namespace

// ---- sharedb_room ----

sharedb_room::sharedb_room(room_options options) : ordered_room{std::move(options)}
{
    for (std::size_t index = 0; index < editor_count(); ++index) editors_.emplace(client_id(index), index);
}

std::unique_ptr<participant> sharedb_room::seat(engine_parts& parts, participant_options options)
{
    if (options.editor) return std::make_unique<sharedb_editor>(parts, *this, std::move(options));
    return std::make_unique<sharedb_participant>(parts, *this, std::move(options));
}

std::optional<std::size_t> sharedb_room::editor_of(const std::string& source) const
{
    const auto found = editors_.find(source);
    if (found == editors_.end()) return {};
    return found->second;
}

void sharedb_room::note(revision at, const change& it)
{
    if (at <= head()) return;
    set_head(at);
    note_shown(at, of_editor(it.editor).of(it.seq).size());
}

// ---- sharedb_participant ----

sharedb_participant::sharedb_participant(engine_parts& parts, sharedb_room& in, participant_options options)
    : participant{parts, std::move(options)}, room_{in}
{
}

std::optional<std::uint64_t> sharedb_participant::state_hash() const
{
    if (!options().whole) return {};
    return last().value;
}

std::string sharedb_participant::address() const
{
    return fmt::format(R"("c":"plans","d":"{}")", room_.name());
}

void sharedb_participant::on_connected()
{
    send(fmt::format(R"({{"a":"hs","id":"{}","protocol":1,"protocolMinor":2}})", options().client));
}

// HOT PATH: every participant gets every operation.
void sharedb_participant::on_received(std::span<char> message)
{
    const std::string_view text{message.data(), message.size()};
    if (text.starts_with(greeting_prefix)) return;
    if (text.starts_with(handshake_prefix)) {
        note_asked();
        return send(fmt::format(R"({{"a":"s",{}}})", address()));
    }
    if (text.starts_with(snapshot_prefix)) {
        std::uint64_t version = 0;
        const auto rest = text.substr(snapshot_prefix.size());
        std::from_chars(rest.data(), rest.data() + rest.size(), version);
        return become_ready({version});
    }
    simdjson::ondemand::document document;
    std::string_view action;
    const auto capacity = message.size() + wire::decoder::padding;
    if (room_.parser().iterate(message.data(), message.size(), capacity).get(document) != simdjson::SUCCESS ||
        document["a"].get(action) != simdjson::SUCCESS) {
        ++parts().counts.malformed;
        return;
    }
    if (action == "f") return;  // what was asked for has come before
    if (const auto op = action == "op" ? read_op(document) : std::nullopt) {
        on_op(*op);
    } else {
        note_reason(std::string{text});
        ++parts().counts.malformed;
    }
}

std::optional<sharedb_participant::op_message> sharedb_participant::read_op(simdjson::ondemand::document& from)
{
    op_message out;
    std::uint64_t seq = 0;
    std::uint64_t version = 0;
    std::string_view source;
    if (from["seq"].get(seq) != simdjson::SUCCESS) return {};
    out.seq = {seq};
    if (from["src"].get(source) == simdjson::SUCCESS) out.source = source;
    simdjson::ondemand::value refusal;
    if (from["error"].get(refusal) == simdjson::SUCCESS) return out;
    if (from["v"].get(version) != simdjson::SUCCESS) return {};
    out.version = revision{version};
    return out;
}

void sharedb_participant::on_op(const op_message& it)
{
    const auto editor = it.source.empty() ? options().editor : room_.editor_of(it.source);
    if (!editor) return;
    if (!it.version) return on_own(it.seq, {});
    // An author who was behind is sent what is missing, although it is on its way already: the second is dropped, as
    // their client does it.
    if (*it.version < last()) return;
    if (*it.version > last()) {
        if (early_.empty()) send(fmt::format(R"({{"a":"f",{},"v":{}}})", address(), last().value));
        early_.emplace(*it.version, sharedb_room::change{*editor, it.seq});
        return;
    }
    take(*it.version, {*editor, it.seq});
    for (auto next = early_.begin(); next != early_.end() && next->first <= last(); next = early_.erase(next)) {
        if (next->first == last()) take(next->first, next->second);
    }
}

void sharedb_participant::take(revision at, const sharedb_room::change& it)
{
    follow_to(at.next());
    room_.note(at.next(), it);
    const auto scheduled = room_.of_editor(it.editor).of(it.seq);
    const bool is_own = it.editor == options().editor;
    parts().counts.record(is_own ? parts().counts.to_author : parts().counts.to_peer, scheduled, clock::now());
    if (is_own) on_own(it.seq, at);
}

// ---- sharedb_editor ----

void sharedb_editor::create(std::size_t titles, const std::string& title)
{
    std::vector<std::string> fields;
    for (std::size_t index = 0; index < titles; ++index) {
        fields.push_back(fmt::format(R"("{}":"{}")", key_result_id(index), title));
    }
    used_ = used_.next();
    in().of_editor(*options().editor).add(used_, {});
    in_flight_ = true;
    send(fmt::format(
        R"({{"a":"op",{},"v":{},"seq":{},"x":{{}},"create":{{"type":"http://sharejs.org/types/JSONv0","data":{{{}}}}}}})",
        address(), last().value, used_.value, fmt::join(fields, ",")));
}

// Positions lie within what the title had at first and what this editor has typed: texts only grow.
void sharedb_editor::submit(clock::time_point scheduled)
{
    insert(*options().editor % key_result_count, typed_, scheduled);
    ++typed_;
}

void sharedb_editor::write_large_document(std::size_t step)
{
    if (step == 0) return create(large_title_count, std::string(large_title_length, 'o'));
    insert(parts().random.below(large_title_count), parts().random.below(large_title_length), clock::now());
}

void sharedb_editor::insert(std::size_t title, std::uint64_t position, clock::time_point scheduled)
{
    queued_.push_back(fmt::format(R"({{"p":["{}",{}],"si":"a"}})", key_result_id(title), position));
    scheduled_.push_back(scheduled);
    send_next();
}

void sharedb_editor::send_next()
{
    if (at() != stage::ready || in_flight_ || queued_.empty()) return;
    used_ = used_.next();
    in().of_editor(*options().editor).add(used_, scheduled_);
    in_flight_ = true;
    send(fmt::format(R"({{"a":"op",{},"v":{},"seq":{},"x":{{}},"op":[{}]}})", address(), last().value, used_.value,
                     fmt::join(queued_, ",")));
    queued_.clear();
    scheduled_.clear();
}

void sharedb_editor::on_own(sequence seq, std::optional<revision> version)
{
    if (!in_flight_ || seq != used_) {
        ++parts().counts.duplicated;
        return;
    }
    if (!version) parts().counts.refused += std::max<std::size_t>(in().of_editor(*options().editor).of(seq).size(), 1);
    in_flight_ = false;
    send_next();
}

}  // namespace okra::load
