// Participants of an Okra server. The base class is a viewer that follows revisions and measures; editors add what they
// submit; `replica_participant` keeps the whole document as a real client does. Owned by an engine, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/wire/encode.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/client/replica.hpp"
#include "tools/load/okra_room.hpp"
#include "tools/load/participant.hpp"

namespace okra::load {

class okra_participant : public participant {
public:
    okra_participant(engine_parts& parts, okra_room& in, participant_options options);

    void ping() final;

protected:
    virtual void ask_to_open();
    virtual void on_own_commit(const own_change&) {}
    virtual void on_message(const wire::server_message& message) = 0;
    // Before the facts are evaluated; `frame` must not be kept.
    virtual void on_commit_frame(std::span<char>) {}
    // A part of a snapshot has come. True: its content does not matter; false: it is to be decoded.
    [[nodiscard]] virtual bool on_part_frame() { return false; }
    virtual void on_commits_seen() {}

    void send(const wire::client_message& message);
    [[nodiscard]] okra_room& in() const { return room_; }

private:
    void on_connected() final;
    void on_received(std::span<char> message) final;
    void on_commit(std::span<char> frame);

    okra_room& room_;
};

// Follows revisions only: what it is told, it compares with what others in the room were told. Of a snapshot it counts
// the parts: a hundred joiners in one process would measure their own reading otherwise.
class light_viewer : public okra_participant {
public:
    using okra_participant::okra_participant;

protected:
    void on_message(const wire::server_message& message) override;
    [[nodiscard]] bool on_part_frame() override;

private:
    revision opened_at_;
    std::uint32_t parts_left_ = 0;
};

// Somebody who edits: types as tools/load/typist.hpp has it.
class okra_editor : public editor {
public:
    explicit okra_editor(prng& random) : random_{random} {}

    void create_document() final;
    void submit(clock::time_point scheduled) final;
    void write_large_document(std::size_t step) final;

private:
    virtual void submit_one(document::operation op, clock::time_point scheduled) = 0;
    [[nodiscard]] virtual std::uint64_t title_length(std::size_t key_result) const = 0;

    prng& random_;
};

// An editor that keeps no document: positions come from what the room knows of its texts. Its queued operations are not
// transformed, which leaves them valid (the server transforms from `base` and clamps), only a little off.
class light_editor final : public light_viewer, public okra_editor {
public:
    light_editor(engine_parts& parts, okra_room& in, participant_options options);

    [[nodiscard]] editor* as_editor() override { return this; }
    [[nodiscard]] bool has_pending() const override { return in_flight_ || !queued_.empty(); }

private:
    void submit_one(document::operation op, clock::time_point scheduled) override;
    [[nodiscard]] std::uint64_t title_length(std::size_t key_result) const override;
    void on_own_commit(const own_change& it) override;
    void on_message(const wire::server_message& message) override;
    void on_commits_seen() override { send_next(); }
    void send_next();

    std::vector<document::operation> queued_;
    std::vector<clock::time_point> scheduled_;  // of the queued
    wire::change sent_;
    sequence used_;
    bool in_flight_ = false;
};

// A whole client: client::replica behind a connection. Edits only if it is one of the room's editors.
class replica_participant final : public okra_participant, public okra_editor {
public:
    replica_participant(engine_parts& parts, okra_room& in, participant_options options);

    [[nodiscard]] editor* as_editor() override { return options().editor ? this : nullptr; }
    [[nodiscard]] std::optional<std::uint64_t> state_hash() const override;
    [[nodiscard]] bool has_pending() const override { return replica_.has_pending(); }

private:
    void submit_one(document::operation op, clock::time_point scheduled) override;
    [[nodiscard]] std::uint64_t title_length(std::size_t key_result) const override;
    void ask_to_open() override;
    void on_message(const wire::server_message& message) override;
    void on_commit_frame(std::span<char> frame) override;
    void on_commits_seen() override { forward(); }
    void on_own_commit(const own_change& it) override;
    void forward();

    client::replica replica_;
    std::vector<clock::time_point> scheduled_;  // of what the replica has not sent yet
    sequence sent_;
    sequence acknowledged_;
};

}  // namespace okra::load
