// A room of a ShareDB server: JSON, operations of type json0, the order is the document's version. As its own client
// does, an editor has one operation in flight, and what is typed meanwhile becomes the next one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <simdjson.h>

#include "tools/load/room.hpp"
#include "tools/load/typist.hpp"

namespace okra::load {

class sharedb_room final : public ordered_room {
public:
    explicit sharedb_room(room_options options);

    [[nodiscard]] std::unique_ptr<participant> seat(engine_parts& parts, participant_options options) override;

    struct change {
        std::size_t editor;
        sequence seq;
    };
    // Whose it is, by the id that its author gave at the handshake.
    [[nodiscard]] std::optional<std::size_t> editor_of(const std::string& source) const;
    // Somebody has been shown version `at`, whose last change this is.
    void note(revision at, const change& it);

    [[nodiscard]] simdjson::ondemand::parser& parser() { return parser_; }

private:
    std::unordered_map<std::string, std::size_t> editors_;
    simdjson::ondemand::parser parser_;
};

class sharedb_participant : public participant {
public:
    sharedb_participant(engine_parts& parts, sharedb_room& in, participant_options options);

    [[nodiscard]] std::optional<std::uint64_t> state_hash() const final;

protected:
    // An operation of one's own: `version` was the document's before it; nothing: the server refuses it.
    virtual void on_own(sequence, std::optional<revision>) {}

    [[nodiscard]] sharedb_room& in() const { return room_; }
    void send(const std::string& text) { connection().send(text); }
    // ,"c":…,"d":… of a request about the document.
    [[nodiscard]] std::string address() const;

private:
    struct op_message {
        std::optional<revision> version;  // before the operation; nothing: an error
        std::string source;
        sequence seq;
    };

    void on_connected() final;
    void on_received(std::span<char> message) final;
    [[nodiscard]] static std::optional<op_message> read_op(simdjson::ondemand::document& from);
    void on_op(const op_message& it);
    void take(revision at, const sharedb_room::change& it);

    sharedb_room& room_;
    std::map<revision, sharedb_room::change> early_;  // by the version before; what is missing in between was asked for
};

class sharedb_editor final : public sharedb_participant, public editor {
public:
    using sharedb_participant::sharedb_participant;

    [[nodiscard]] editor* as_editor() override { return this; }
    void create_document() override { create(key_result_count, "A key result"); }
    void submit(clock::time_point scheduled) override;
    [[nodiscard]] bool has_pending() const override { return in_flight_ || !queued_.empty(); }
    // 900 titles, then letters at random places of them.
    void write_large_document(std::size_t step) override;

private:
    void on_own(sequence seq, std::optional<revision> version) override;
    void create(std::size_t titles, const std::string& title);
    void insert(std::size_t title, std::uint64_t position, clock::time_point scheduled);
    void send_next();

    std::vector<std::string> queued_;  // components
    std::vector<clock::time_point> scheduled_;
    std::uint64_t typed_ = 0;
    sequence used_;
    bool in_flight_ = false;
};

}  // namespace okra::load
