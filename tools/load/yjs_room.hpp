// A room of a server that speaks Yjs' sync protocol, bare (y-websocket) or behind the document's name (Hocuspocus).
// There is no order of all operations: each client's characters are counted by a clock of its own, every operation
// types one, and a participant has followed its room when it has as many of everybody's as were typed. Servers send an
// author's characters back to the author, too: that is taken for the acknowledgement, of which these protocols have
// none.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/load/room.hpp"
#include "tools/load/yjs_update.hpp"

namespace okra::load {

enum class yjs_framing : std::uint8_t { bare, named };

class yjs_room final : public room {
public:
    yjs_room(room_options options, yjs_framing framing);

    [[nodiscard]] std::unique_ptr<participant> seat(engine_parts& parts, participant_options options) override;
    [[nodiscard]] std::uint64_t operations_seen() const override;
    [[nodiscard]] std::uint64_t operations_gone(const participant& joiner) const override;

    [[nodiscard]] yjs_framing framing() const { return framing_; }
    // What each message begins with.
    [[nodiscard]] const std::string& prefix() const { return prefix_; }
    [[nodiscard]] std::uint64_t client_of(std::size_t editor) const { return first_client_ + editor; }
    [[nodiscard]] std::optional<std::size_t> editor_of(std::uint64_t client) const;

    void note_typed(std::uint64_t characters);
    // Somebody else was shown so many characters of this editor.
    void note_shown(std::size_t editor, std::uint64_t characters);

private:
    yjs_framing framing_;
    std::string prefix_;
    std::uint64_t first_client_;
    std::vector<std::uint64_t> shown_;  // of each editor
};

class yjs_participant : public participant {
public:
    yjs_participant(engine_parts& parts, yjs_room& in, participant_options options);

    void ping() final;
    [[nodiscard]] std::optional<std::uint64_t> state_hash() const final;
    [[nodiscard]] std::uint64_t characters_of(std::size_t editor) const { return characters_[editor]; }

protected:
    [[nodiscard]] yjs_room& in() const { return room_; }
    void send_update(const yjs::text_item& it);

private:
    void on_connected() final;
    void on_received(std::span<char> message) final;
    void on_sync(std::string_view rest);
    void on_state_vector(std::string_view bytes);
    void on_update(std::string_view bytes);
    void take(std::size_t editor, const yjs::run& it);
    void send(std::uint64_t type, std::string_view body);

    yjs_room& room_;
    std::vector<std::uint64_t> characters_;  // of each editor, without a gap
};

// Types one character after the other, each after the one before, in one of the plan's titles.
class yjs_editor final : public yjs_participant, public editor {
public:
    yjs_editor(engine_parts& parts, yjs_room& in, participant_options options);

    [[nodiscard]] editor* as_editor() override { return this; }
    void create_document() override { submit(clock::now()); }
    void submit(clock::time_point scheduled) override;
    [[nodiscard]] bool has_pending() const override { return characters_of(*options().editor) < typed_; }
    // A long text, then short words typed at random places of it.
    void write_large_document(std::size_t step) override;

private:
    [[nodiscard]] yjs::item_id character(std::uint64_t clock) const;
    void type(const yjs::text_item& it);

    std::string title_;
    std::uint64_t typed_ = 0;
    std::uint64_t place_ = 1;  // in the long text, of the word that is being typed
};

}  // namespace okra::load
