// One simulated person or screen: a connection with one open document, whatever the server speaks. What is the same in
// every dialect is here: joining, being cut off, and what the engine asks of those who edit. Owned by an engine, one
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/base/numbers.hpp"
#include "protocol/base/prng.hpp"
#include "protocol/wire/decode.hpp"
#include "tools/load/link.hpp"
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
    bool view = false;                    // opens read-only, as screens do
    bool whole = false;                   // keeps what a real client keeps, as far as the dialect can
    std::optional<std::size_t> editor{};  // its index in the room
};

// Somebody who edits.
class editor {
public:
    editor() = default;
    editor(const editor&) = delete;
    editor& operator=(const editor&) = delete;
    virtual ~editor() = default;

    // Makes the document that is typed in; of one editor of a room, before all else.
    virtual void create_document() = 0;
    // One operation of typing, which was to be submitted at `scheduled`.
    virtual void submit(clock::time_point scheduled) = 0;
    [[nodiscard]] virtual bool has_pending() const = 0;

    // The history of a document that is large to join, instead of `create_document`: step 0 makes it, each other one is
    // one edit.
    virtual void write_large_document(std::size_t step) = 0;
};

class participant : protected link::handler {
public:
    enum class stage : std::uint8_t { idle, joining, ready, broken };

    participant(engine_parts& parts, participant_options options);
    ~participant() override = default;

    void join(const target& server);
    void leave();
    virtual void ping() {}

    [[nodiscard]] stage at() const { return stage_; }
    // How far this one has followed its room, in the room's own count (room::head).
    [[nodiscard]] revision last() const { return last_; }
    [[nodiscard]] clock::time_point asked_at() const { return asked_at_; }
    [[nodiscard]] clock::time_point ready_at() const { return ready_at_; }
    [[nodiscard]] const std::string& broken_because() const { return broken_because_; }

    // Of those that keep enough: equal for all in a room once everything has arrived, and for who comes then.
    [[nodiscard]] virtual std::optional<std::uint64_t> state_hash() const { return {}; }
    [[nodiscard]] virtual editor* as_editor() { return nullptr; }

protected:
    [[nodiscard]] link& connection() { return link_; }
    [[nodiscard]] engine_parts& parts() { return parts_; }
    [[nodiscard]] const participant_options& options() const { return options_; }
    void note_asked() { asked_at_ = clock::now(); }
    void become_ready(revision at);
    void follow_to(revision at) { last_ = at; }
    void on_broken(std::string_view why) final;
    // To be told instead of what the connection's end will say.
    void note_reason(std::string why) { broken_because_ = std::move(why); }

private:
    engine_parts& parts_;
    participant_options options_;
    link link_;
    stage stage_ = stage::idle;
    revision last_;
    clock::time_point asked_at_;
    clock::time_point ready_at_;
    std::string broken_because_;
};

}  // namespace okra::load
