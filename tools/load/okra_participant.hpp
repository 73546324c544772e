// One simulated person or screen: a connection with one open document. The base class is a viewer that follows
// revisions and measures; editors add what they submit; `replica_participant` keeps the whole document as a real client
// does. Owned by an engine, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/wire/encode.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/client/replica.hpp"
#include "tools/load/link.hpp"
#include "tools/load/room.hpp"
#include "tools/load/tally.hpp"

namespace okra::load {

// What participants share; owned by the engine.
struct engine_parts {
    poller sockets;
    wire::decoder decoder;
    tally counts;
    prng random{0};
};

struct participant_options {
    std::string client;
    bool view = false;
    std::optional<std::size_t> editor;  // its index in the room
};

class participant : link::handler {
public:
    enum class stage : std::uint8_t { idle, joining, ready, broken };

    participant(engine_parts& parts, room& in, participant_options options);
    ~participant() override = default;

    void join(const target& server);
    void leave();
    void ping();

    [[nodiscard]] stage at() const { return stage_; }
    [[nodiscard]] revision last() const { return last_; }
    [[nodiscard]] clock::time_point asked_at() const { return asked_at_; }
    [[nodiscard]] clock::time_point ready_at() const { return ready_at_; }
    [[nodiscard]] const std::string& broken_because() const { return broken_because_; }

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
    [[nodiscard]] engine_parts& parts() { return parts_; }
    [[nodiscard]] room& in() const { return room_; }
    [[nodiscard]] const participant_options& options() const { return options_; }
    void become_ready(revision at);

private:
    void on_connected() final;
    void on_text(std::span<char> message) final;
    void on_broken(std::string_view why) final;
    void on_commit(std::span<char> frame);

    engine_parts& parts_;
    room& room_;
    participant_options options_;
    link link_;
    stage stage_ = stage::idle;
    revision last_;
    clock::time_point asked_at_;
    clock::time_point ready_at_;
    std::string broken_because_;
};

// Follows revisions only: what it is told, it compares with what others in the room were told. Of a snapshot it counts
// the parts: a hundred joiners in one process would measure their own reading otherwise.
class light_viewer : public participant {
public:
    using participant::participant;

protected:
    void on_message(const wire::server_message& message) override;
    [[nodiscard]] bool on_part_frame() override;

private:
    revision opened_at_;
    std::uint32_t parts_left_ = 0;
};

// Somebody who edits.
class editor {
public:
    editor() = default;
    editor(const editor&) = delete;
    editor& operator=(const editor&) = delete;
    virtual ~editor() = default;
    // One operation, which was to be submitted at `scheduled`.
    virtual void submit(document::operation op, clock::time_point scheduled) = 0;
    [[nodiscard]] virtual bool has_pending() const = 0;
    [[nodiscard]] virtual std::uint64_t title_length(std::size_t key_result) const = 0;
};

// An editor that keeps no document: positions come from what the room knows of its texts. Its queued operations are not
// transformed, which leaves them valid (the server transforms from `base` and clamps), only a little off.
class light_editor final : public light_viewer, public editor {
public:
    using light_viewer::light_viewer;

    void submit(document::operation op, clock::time_point scheduled) override;
    [[nodiscard]] bool has_pending() const override { return in_flight_ || !queued_.empty(); }
    [[nodiscard]] std::uint64_t title_length(std::size_t key_result) const override;

private:
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

// A whole client: client::replica behind a connection.
class replica_participant final : public participant, public editor {
public:
    replica_participant(engine_parts& parts, room& in, participant_options options);

    void submit(document::operation op, clock::time_point scheduled) override;
    [[nodiscard]] bool has_pending() const override { return replica_.has_pending(); }
    [[nodiscard]] std::uint64_t title_length(std::size_t key_result) const override;
    [[nodiscard]] const client::replica& replica() const { return replica_; }

private:
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
