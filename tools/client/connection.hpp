// A blocking WebSocket connection to an Okra server, for tools and tests that read top-down: send a message, wait for
// one. Owns its stream; one thread. Thousands of connections at once are okra-load's business (tools/load).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/client/failure.hpp"
#include "tools/client/stream.hpp"
#include "tools/client/upgrade.hpp"

namespace okra::client {

class connection {
public:
    // Called with every text message as it is on the wire.
    enum class direction { sent, received };
    using tracer = std::function<void(direction, std::string_view)>;

    // Connects and does the upgrade, within `patience`; on `loop` with others, or on one of its own.
    [[nodiscard]] static result<connection, failure> open(const address& server, std::chrono::milliseconds patience,
                                                          const event_loop& loop = {});

    connection(connection&&) noexcept;
    connection& operator=(connection&&) noexcept;
    ~connection();

    void trace(tracer to);

    [[nodiscard]] result<void, failure> send(const wire::client_message& message);

    // The next message; nothing when none came within `patience`, which may be 0. Answers WebSocket pings on its own.
    [[nodiscard]] result<std::optional<wire::server_message>, failure> receive(std::chrono::milliseconds patience);

    // Did the last failure of `receive` come from what the server sent, and not from a connection that ended?
    [[nodiscard]] bool has_heard_nonsense() const;

    // ---- what a good client never does: for tools that try how a server takes it ----
    // A text message of any content.
    [[nodiscard]] result<void, failure> send_text(std::string_view text);
    // The first half of a message's frame.
    [[nodiscard]] result<void, failure> send_half(const wire::client_message& message);
    // Ends the connection with a reset.
    void reset();

private:
    struct state;
    explicit connection(std::unique_ptr<state> it);
    std::unique_ptr<state> state_;
};

}  // namespace okra::client
