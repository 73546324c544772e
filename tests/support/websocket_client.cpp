#include "tests/support/websocket_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/wire/decode.hpp"

namespace okra::test {

namespace {

// Nothing that a test waits for takes nearly as long, on the slowest machine and under a sanitizer.
constexpr timeval patience{.tv_sec = 60, .tv_usec = 0};

constexpr std::uint32_t mask_key = 0x5a17c3e9;

[[noreturn]] void fail(const std::string& what)
{
    throw std::runtime_error{what + ": " + std::strerror(errno)};
}

}  // namespace

tcp_client::tcp_client(std::uint16_t port, options how) : file_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    if (file_ < 0) fail("socket");
    ::setsockopt(file_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(file_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int on = 1;
    ::setsockopt(file_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (how.receive_buffer_bytes != 0) {
        ::setsockopt(file_, SOL_SOCKET, SO_RCVBUF, &how.receive_buffer_bytes, sizeof how.receive_buffer_bytes);
    }
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(file_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) fail("connect");
}

tcp_client::~tcp_client()
{
    if (file_ >= 0) ::close(file_);
}

bool tcp_client::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
        if (sent < 0) fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string tcp_client::read()
{
    std::array<char, 65536> buffer;
    const ssize_t received = ::recv(file_, buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == ECONNRESET) return {};
    if (received < 0) fail("recv");
    return {buffer.data(), static_cast<std::size_t>(received)};
}

void tcp_client::finish_sending()
{
    ::shutdown(file_, SHUT_WR);
}

void tcp_client::reset()
{
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(file_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(file_);
    file_ = -1;
}

std::optional<std::string> http_answer::field(std::string_view name) const
{
    const std::string begin = "\r\n" + std::string{name} + ": ";
    const std::size_t at = head.find(begin);
    if (at == std::string::npos) return {};
    const std::size_t value = at + begin.size();
    return head.substr(value, head.find("\r\n", value) - value);
}

http_answer ask(tcp_client& through, std::string_view request, bool head_only)
{
    through.send(request);
    http_answer it;
    std::string bytes;
    std::size_t end = std::string::npos;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
        const std::string more = through.read();
        if (more.empty()) return it;
        bytes += more;
    }
    it.head = bytes.substr(0, end + 2);
    it.body = bytes.substr(end + 4);
    const std::size_t status_at = it.head.find(' ') + 1;
    std::from_chars(it.head.data() + status_at, it.head.data() + it.head.size(), it.status);
    if (head_only) return it;
    const std::size_t length = std::stoul(it.field("Content-Length").value_or("0"));
    while (it.body.size() < length) {
        const std::string more = through.read();
        if (more.empty()) break;
        it.body += more;
    }
    return it;
}

http_answer get(std::uint16_t port, std::string_view path, std::string_view fields)
{
    tcp_client client{port};
    std::string request = "GET " + std::string{path} + " HTTP/1.1\r\n";
    if (fields.find("Host: ") == std::string_view::npos) request += "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
    return ask(client, request + std::string{fields} + "\r\n");
}

std::string upgrade_request(std::uint16_t port, std::string_view fields)
{
    std::string request =
        "GET /api/socket HTTP/1.1\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (fields.find("Host: ") == std::string_view::npos) request += "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
    if (fields.find("Sec-WebSocket-Protocol") == std::string_view::npos)
        request += "Sec-WebSocket-Protocol: okra.v1\r\n";
    return request + std::string{fields} + "\r\n";
}

websocket_client::websocket_client(std::uint16_t port, options how) : tcp_{port, how.tcp}
{
    const http_answer answer = ask(tcp_, upgrade_request(port, how.fields));
    if (answer.status != 101) throw std::runtime_error{"the upgrade was refused: " + answer.head + answer.body};
    if (!answer.body.empty()) feed(answer.body);
}

void websocket_client::send(std::string_view text)
{
    send_frame(wire::frame_opcode::text, text);
}

void websocket_client::send_frame(wire::frame_opcode kind, std::string_view payload)
{
    std::string frame;
    wire::append_masked_frame(frame, kind, payload, mask_key);
    tcp_.send(frame);
}

void websocket_client::send_close(std::uint16_t code)
{
    std::string frame;
    wire::append_masked_close_frame(frame, code, mask_key);
    tcp_.send(frame);
}

void websocket_client::feed(std::string_view bytes)
{
    received_.assign(bytes);
    received_.resize(bytes.size() + wire::decoder::padding);
    reader_.feed(std::span{received_}.first(bytes.size()));
}

websocket_client::event websocket_client::next_event()
{
    for (;;) {
        event it = reader_.next();
        if (const auto* violation = std::get_if<wire::frame_violation>(&it)) {
            throw std::runtime_error{"the server broke the rules: " + std::string{wire::describe(*violation)}};
        }
        if (const auto* closing = std::get_if<wire::frame_reader::closing>(&it)) close_code_ = closing->code;
        if (!std::holds_alternative<wire::frame_reader::need_more>(it)) return it;
        const std::string more = tcp_.read();
        if (more.empty()) return it;
        feed(more);
    }
}

std::optional<std::string> websocket_client::next()
{
    while (!close_code_) {
        const event it = next_event();
        if (std::holds_alternative<wire::frame_reader::need_more>(it)) break;
        if (const auto* message = std::get_if<wire::frame_reader::message>(&it)) {
            return std::string{message->text.begin(), message->text.end()};
        }
    }
    return {};
}

std::optional<std::uint16_t> websocket_client::read_to_end()
{
    while (!std::holds_alternative<wire::frame_reader::need_more>(next_event())) continue;
    return close_code_;
}

std::string websocket_client::next_pong()
{
    for (;;) {
        const event it = next_event();
        if (const auto* pong = std::get_if<wire::frame_reader::pong>(&it)) return std::string{pong->payload};
        if (std::holds_alternative<wire::frame_reader::need_more>(it)) throw std::runtime_error{"no pong came"};
    }
}

}  // namespace okra::test
