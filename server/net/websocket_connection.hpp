// One WebSocket after its handshake: moves bytes between a socket and a client_session, holds no queue of its own. Kept
// alive by its pending waits; its hub knows it until it is closed. Touched by its worker's thread only.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <boost/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/system/error_code.hpp>

#include "protocol/wire/websocket.hpp"
#include "server/net/admission.hpp"
#include "server/net/rate_limit.hpp"
#include "server/net/socket.hpp"
#include "server/runtime/transport.hpp"

namespace okra::net {

class connection_hub;

class websocket_connection final
    : public runtime::transport,
      public boost::intrusive_ref_counter<websocket_connection, boost::thread_unsafe_counter> {
public:
    using pointer = boost::intrusive_ptr<websocket_connection>;

    websocket_connection(connection_hub& hub, tcp_socket socket, admission::ticket ticket);
    ~websocket_connection() override;

    // Makes the session, then handles `early`, bytes that came with the upgrade request.
    void start(runtime::connection_facts facts, std::string_view early);

    void wake() override;
    void close_after_writing(std::uint16_t code) override;

    // ---- for the hub ----
    void flush();
    void resume();
    void on_sweep(std::int64_t now_ms);
    // Ends the connection for what has come of its messages and is not handled yet; the peer is told to come back.
    void give_way();
    [[nodiscard]] std::size_t unfinished_bytes() const { return unfinished_bytes_; }
    void shut();  // closes the socket and ends the session, at once

    boost::intrusive::list_member_hook<> all_hook;
    using all_hook_option = boost::intrusive::member_hook<websocket_connection, boost::intrusive::list_member_hook<>,
                                                          &websocket_connection::all_hook>;
    bool flush_queued = false;

private:
    // When we end it: open ─▶ closing ─▶ said_close ─▶ closed. When the peer does: open ─▶ answering ─▶ closed.
    // Any may go straight to closed.
    enum class phase : std::uint8_t {
        open,
        closing,     // close_after_writing: what the session still gives is written, then our close frame
        said_close,  // our close frame is written or about to be: the peer's is awaited
        answering,   // the peer's close frame has come and ours is about to be written: then the socket closes
        closed,
    };

    // What a socket could not take. `own` holds what points to this connection's own bytes.
    struct unsent {
        std::vector<boost::asio::const_buffer> rest;
        std::string own;
        bool gathered = false;  // the session has to be told when it is out
    };

    // What comes from the socket or goes there. There was no memory for it: the connection ends, alone.
    template <typename Work>
    void alone(Work work);
    void handle_early(std::string_view early);
    void await_readable();
    void on_readable(boost::system::error_code ec);
    void receive(std::span<char> bytes);
    void go_on();
    void handle_received();
    void pause(std::atomic<std::uint64_t>& reason);
    void count_unfinished();
    void handle(const wire::frame_reader::event& it);
    void on_peer_close(std::uint16_t code);
    void violate(wire::frame_violation what);

    void write_batches();
    [[nodiscard]] std::size_t write_next_batch();
    void on_writable(boost::system::error_code ec);
    void finish_batch(bool gathered);
    void keep_unsent(std::span<const boost::asio::const_buffer> batch, std::size_t sent, bool gathered);
    void await_writable();
    [[nodiscard]] std::optional<std::size_t> send(std::span<const boost::asio::const_buffer> buffers);

    connection_hub& hub_;
    tcp_socket socket_;
    std::unique_ptr<runtime::client_session> session_;
    wire::frame_reader reader_;
    std::unique_ptr<unsent> unsent_;
    std::string control_;  // the latest pong that is not out yet, or our close frame: whole frames, sent between others
    std::int64_t close_by_ms_ = 0;  // 0: no deadline
    admission::ticket ticket_;
    rate_limit messages_;
    rate_limit bytes_;
    std::size_t unfinished_bytes_ = 0;  // what the hub knows of reader_'s memory
    std::uint16_t close_code_ = 0;
    phase phase_ = phase::open;
    bool deaf_ = false;  // after a violation or give_way: what still comes is not looked at
};

}  // namespace okra::net
