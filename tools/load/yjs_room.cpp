#include "tools/load/yjs_room.hpp"

#include <numeric>

#include "tools/load/lib0.hpp"
#include "tools/load/typist.hpp"

namespace okra::load {

namespace {

namespace message {
constexpr std::uint64_t sync = 0;
constexpr std::uint64_t awareness = 1;
constexpr std::uint64_t authentication = 2;
constexpr std::uint64_t query_awareness = 3;
constexpr std::uint64_t sync_reply = 4;  // Hocuspocus: its sync that wants no answer
constexpr std::uint64_t stateless = 5;
constexpr std::uint64_t close = 7;
constexpr std::uint64_t sync_status = 8;
}  // namespace message

namespace sync_step {
constexpr std::uint64_t state_vector = 0;
constexpr std::uint64_t missing = 1;
constexpr std::uint64_t update = 2;
}  // namespace sync_step

constexpr std::uint64_t token = 0;
constexpr std::uint64_t permission_denied = 1;
constexpr std::string_view provider_version = "4.7.0";
constexpr std::string_view empty_state_vector{"\0", 1};
constexpr std::string_view empty_update{"\0\0", 2};

constexpr std::uint64_t long_text_characters = 100'000;
constexpr std::size_t word_characters = 4;

std::string sync_body(std::uint64_t step, std::string_view content)
{
    std::string out;
    lib0::append_number(out, step);
    lib0::append_bytes(out, content);
    return out;
}

}  // namespace

// ---- yjs_room ----

yjs_room::yjs_room(room_options options, yjs_framing framing)
    : room{std::move(options)}, framing_{framing}, shown_(editor_count())
{
    // As long as the random numbers that Yjs gives its clients.
    constexpr std::uint64_t smallest = 1ULL << 30U;
    first_client_ = smallest + std::hash<std::string>{}(name()) % smallest;
    if (framing_ == yjs_framing::named) lib0::append_bytes(prefix_, name());
}

std::unique_ptr<participant> yjs_room::seat(engine_parts& parts, participant_options options)
{
    if (options.editor) return std::make_unique<yjs_editor>(parts, *this, std::move(options));
    return std::make_unique<yjs_participant>(parts, *this, std::move(options));
}

std::optional<std::size_t> yjs_room::editor_of(std::uint64_t client) const
{
    if (client < first_client_ || client - first_client_ >= editor_count()) return {};
    return client - first_client_;
}

void yjs_room::note_typed(std::uint64_t characters)
{
    set_head({head().value + characters});
}

void yjs_room::note_shown(std::size_t editor, std::uint64_t characters)
{
    shown_[editor] = std::max(shown_[editor], characters);
}

std::uint64_t yjs_room::operations_seen() const
{
    return std::accumulate(shown_.begin(), shown_.end(), std::uint64_t{0});
}

std::uint64_t yjs_room::operations_gone(const participant& joiner) const
{
    const auto& given = dynamic_cast<const yjs_participant&>(joiner);
    std::uint64_t out = 0;
    for (std::size_t editor = 0; editor < shown_.size(); ++editor) {
        out += shown_[editor] - std::min(shown_[editor], given.characters_of(editor));
    }
    return out;
}

// ---- yjs_participant ----

yjs_participant::yjs_participant(engine_parts& parts, yjs_room& in, participant_options options)
    : participant{parts, std::move(options)}, room_{in}, characters_(in.editor_count())
{
}

void yjs_participant::ping()
{
    // Who is silent for a minute is cut off by Hocuspocus. Nothing is sent back.
    if (at() == stage::ready && room_.framing() == yjs_framing::named) send(message::query_awareness, {});
}

std::optional<std::uint64_t> yjs_participant::state_hash() const
{
    if (!options().whole) return {};
    prng mixed{0};
    for (const auto count : characters_) mixed = prng{mixed.next() + count};
    return mixed.next();
}

void yjs_participant::send(std::uint64_t type, std::string_view body)
{
    std::string out = room_.prefix();
    lib0::append_number(out, type);
    out += body;
    connection().send(out, wire::frame_opcode::binary);
}

void yjs_participant::send_update(const yjs::text_item& it)
{
    std::string update;
    yjs::append_update(update, it);
    send(message::sync, sync_body(sync_step::update, update));
}

void yjs_participant::on_connected()
{
    note_asked();
    if (room_.framing() == yjs_framing::named) {
        std::string body;
        lib0::append_number(body, token);
        lib0::append_bytes(body, options().client);
        lib0::append_bytes(body, provider_version);
        send(message::authentication, body);
    }
    send(message::sync, sync_body(sync_step::state_vector, empty_state_vector));
}

void yjs_participant::on_received(std::span<char> bytes)
{
    const std::string_view text{bytes.data(), bytes.size()};
    if (!text.starts_with(room_.prefix())) {
        ++parts().counts.malformed;
        return;
    }
    lib0::reader from{text.substr(room_.prefix().size())};
    switch (from.number()) {
        case message::sync:
        case message::sync_reply:
            return on_sync(from.rest());
        case message::authentication:
            if (from.number() == permission_denied) on_broken(from.bytes());
            return;
        case message::close:
            return note_reason("closed: " + std::string{from.bytes()});
        case message::awareness:
        case message::stateless:
        case message::sync_status:
            return;
    }
    ++parts().counts.malformed;
}

void yjs_participant::on_sync(std::string_view rest)
{
    lib0::reader from{rest};
    const auto step = from.number();
    const auto content = from.bytes();
    switch (step) {
        case sync_step::state_vector:
            return on_state_vector(content);
        case sync_step::missing:
            if (options().whole) on_update(content);
            become_ready({std::accumulate(characters_.begin(), characters_.end(), std::uint64_t{0})});
            return;
        case sync_step::update:
            return on_update(content);
    }
    ++parts().counts.malformed;
}

// The server tells what it has, and asks for what it has not. Who does not keep the document need not look into it
// either: a hundred joiners in one process would measure their own reading otherwise.
void yjs_participant::on_state_vector(std::string_view bytes)
{
    const auto vector = yjs::read_state_vector(bytes);
    if (!vector) {
        ++parts().counts.malformed;
        return;
    }
    if (!options().whole && at() == stage::joining) {
        for (const auto& it : *vector) {
            if (const auto editor = room_.editor_of(it.client)) characters_[*editor] = it.clock;
        }
    }
    send(message::sync, sync_body(sync_step::missing, empty_update));
}

// HOT PATH: every participant gets every character.
void yjs_participant::on_update(std::string_view bytes)
{
    const auto runs = yjs::runs_of(bytes);
    if (!runs) {
        ++parts().counts.malformed;
        return;
    }
    for (const auto& it : *runs) {
        if (const auto editor = room_.editor_of(it.from.client)) take(*editor, it);
    }
    follow_to({std::accumulate(characters_.begin(), characters_.end(), std::uint64_t{0})});
}

void yjs_participant::take(std::size_t editor, const yjs::run& it)
{
    auto& known = characters_[editor];
    const auto end = it.from.clock + it.length;
    if (at() == stage::ready) {
        if (it.from.clock < known) ++parts().counts.duplicated;
        if (it.from.clock > known) ++parts().counts.gaps;
        const auto now = clock::now();
        const bool is_own = editor == options().editor;
        auto& into = is_own ? parts().counts.to_author : parts().counts.to_peer;
        for (auto at = std::max(known, it.from.clock); at < end; ++at) {
            parts().counts.record(into, room_.of_editor(editor).of({at + 1}), now);
        }
        if (!is_own) room_.note_shown(editor, end);
    }
    known = std::max(known, end);
}

// ---- yjs_editor ----

yjs_editor::yjs_editor(engine_parts& parts, yjs_room& in, participant_options options)
    : yjs_participant{parts, in, std::move(options)}, title_{key_result_id(*this->options().editor % key_result_count)}
{
}

yjs::item_id yjs_editor::character(std::uint64_t clock) const
{
    return {in().client_of(*options().editor), clock};
}

void yjs_editor::type(const yjs::text_item& it)
{
    typed_ += it.text.size();
    in().note_typed(it.text.size());
    send_update(it);
}

void yjs_editor::submit(clock::time_point scheduled)
{
    in().of_editor(*options().editor).add({typed_ + 1}, {&scheduled, 1});
    yjs::text_item it{.id = character(typed_), .left = {}, .right = {}, .root = title_, .text = "a"};
    if (typed_ > 0) it.left = character(typed_ - 1);
    type(it);
}

void yjs_editor::write_large_document(std::size_t step)
{
    if (step == 0) {
        const std::string text(long_text_characters, 'o');
        return type({.id = character(0), .left = {}, .right = {}, .root = title_, .text = text});
    }
    const bool is_new_word = step % word_characters == 1;
    if (is_new_word) place_ = 1 + parts().random.below(long_text_characters - 1);
    type({.id = character(typed_),
          .left = character(is_new_word ? place_ - 1 : typed_ - 1),
          .right = character(place_),
          .root = {},
          .text = "a"});
}

}  // namespace okra::load
