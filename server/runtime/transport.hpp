// The seam between the runtime and the network. A connection owns a client_session and gives it bytes; the session asks
// the connection to write. Both live on one worker's io_context and are touched by its thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>

namespace okra::runtime {

// What the runtime asks of a connection. Calls return at once and may come from inside client_session's own calls.
class transport {
public:
    transport() = default;
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;
    virtual ~transport() = default;

    // There is something to write: call `gather` when the socket can take it. Calling again while a write is under
    // way does nothing: after each write the connection calls `gather` again, until it gives nothing.
    virtual void wake() = 0;

    // Write what `gather` still gives, then a WebSocket close frame with `code`, then close the socket.
    virtual void close_after_writing(std::uint16_t code) = 0;
};

// One WebSocket connection as the runtime sees it: handshake, open documents, a cursor into each one's ring of frames.
class client_session {
public:
    client_session() = default;
    client_session(const client_session&) = delete;
    client_session& operator=(const client_session&) = delete;
    virtual ~client_session() = default;

    // A whole text message. `message` may be changed in place (parsing) and is readable, with any content, for
    // wire::decoder::padding bytes beyond its end.
    virtual void on_message(std::span<char> message) = 0;

    // A breach of the transport itself: binary message, unmasked frame, too large, invalid UTF-8 … The session answers
    // with `bye` and closes. `code` is one of SPEC's bye codes.
    virtual void on_violation(std::string_view code, std::string_view message) = 0;

    // The server has no room for what the peer has begun to send. The session answers with `bye`, by which the peer
    // knows to come back, and closes.
    virtual void on_overload(std::string_view message) = 0;

    // The socket is gone; the connection drops the session afterwards.
    virtual void on_closed() = 0;

    // Appends what is to be written next: whole WebSocket frames (headers included), ready for one gather write, at
    // most `bytes_max` unless a single frame is larger, and at most 64 buffers. They stay valid until `written`.
    // Nothing appended: idle.
    virtual void gather(std::vector<boost::asio::const_buffer>& out, std::size_t bytes_max) = 0;
    virtual void written() = 0;

    // Called about once a second by the worker's sweep: is the peer silent for too long?
    virtual void on_sweep(std::int64_t now_ms) = 0;
};

struct connection_facts {
    std::string address;  // the peer, for logs and limits
    std::string user_agent;
};

// What the network layer needs from the running server.
class gateway {
public:
    gateway() = default;
    gateway(const gateway&) = delete;
    gateway& operator=(const gateway&) = delete;
    virtual ~gateway() = default;

    // On the calling worker's thread. `peer` outlives the session.
    [[nodiscard]] virtual std::unique_ptr<client_session> connect(transport& peer, connection_facts facts) = 0;

    // Too much of what was read waits to be taken by other workers: until that has changed, messages are not handed
    // over. Any thread.
    [[nodiscard]] virtual bool is_congested() const { return false; }

    // Is the server healthy: a real synced write, read back. Called on a worker; answers through `done` on the same
    // worker. `message` is for everybody who may ask: it names no file.
    virtual void probe(std::function<void(bool healthy, std::string message)> done) = 0;

    // The workspaces that exist: [{"id":…,"name":…}] as JSON.
    virtual void list_workspaces(std::function<void(std::string json)> done) = 0;
};

}  // namespace okra::runtime
