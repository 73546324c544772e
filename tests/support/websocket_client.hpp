// Blocking clients for tests: a plain TCP one, and a WebSocket on top of it that can also break every rule. A read that
// gets nothing for a long time fails the test instead of hanging it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/wire/websocket.hpp"

namespace okra::test {

class tcp_client {
public:
    struct options {
        int receive_buffer_bytes = 0;  // 0: the system's choice
    };

    explicit tcp_client(std::uint16_t port) : tcp_client{port, {}} {}
    tcp_client(std::uint16_t port, options how);
    ~tcp_client();
    tcp_client(const tcp_client&) = delete;
    tcp_client& operator=(const tcp_client&) = delete;

    // False: the peer has closed or reset the connection.
    bool send(std::string_view bytes);
    // Some bytes, at least one; empty: the peer has closed or reset the connection.
    [[nodiscard]] std::string read();
    void finish_sending();
    // Ends the connection with a reset instead of an orderly close.
    void reset();

private:
    int file_ = -1;
};

struct http_answer {
    unsigned status = 0;
    std::string head;  // status line and fields
    std::string body;
    [[nodiscard]] std::optional<std::string> field(std::string_view name) const;
};

// Sends `request` as it is and reads one answer. `head_only`: the request was a HEAD.
[[nodiscard]] http_answer ask(tcp_client& through, std::string_view request, bool head_only = false);

// GET `path`, with further fields "Name: value\r\n…", on a connection of its own.
[[nodiscard]] http_answer get(std::uint16_t port, std::string_view path, std::string_view fields = {});

[[nodiscard]] std::string upgrade_request(std::uint16_t port, std::string_view fields = {});

class websocket_client {
public:
    struct options {
        std::string_view fields = {};  // more of the upgrade request
        tcp_client::options tcp = {};
    };

    // Fails the test when the upgrade is refused.
    explicit websocket_client(std::uint16_t port) : websocket_client{port, options{}} {}
    websocket_client(std::uint16_t port, options how);

    void send(std::string_view text);
    void send_frame(wire::frame_opcode kind, std::string_view payload);
    bool send_bytes(std::string_view bytes) { return tcp_.send(bytes); }
    void send_close(std::uint16_t code);

    // The next text message; nothing: the server has closed. Pongs are counted and left out.
    [[nodiscard]] std::optional<std::string> next();
    // The code of the server's close frame, after `next` gave nothing; nothing: there was none.
    [[nodiscard]] std::optional<std::uint16_t> close_code() const { return close_code_; }
    // Reads to the end of the connection and gives the close frame's code.
    std::optional<std::uint16_t> read_to_end();
    // Waits for a pong that is not counted yet, leaving out messages.
    [[nodiscard]] std::string next_pong();

    [[nodiscard]] tcp_client& tcp() { return tcp_; }

private:
    using event = wire::frame_reader::event;
    // The next event that is one; need_more: the connection is at its end.
    [[nodiscard]] event next_event();
    void feed(std::string_view bytes);

    tcp_client tcp_;
    wire::frame_reader reader_{wire::frame_reader::role::client, 64 << 20};
    std::string received_;
    std::optional<std::uint16_t> close_code_;
};

}  // namespace okra::test
