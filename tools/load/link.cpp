#include "tools/load/link.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "protocol/base/assert.hpp"

namespace okra::load {

namespace {

constexpr std::size_t message_bytes_max = 64 * 1024 * 1024;
constexpr std::uint32_t mask_key = 0x5f3759df;

}  // namespace

result<target, client::failure> resolve(const client::address& server)
{
    if (server.secure) return client::failure{"a load goes to the server itself: TLS would measure the proxy (ws://)"};
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = getaddrinfo(server.host.c_str(), server.port.c_str(), &hints, &found); error != 0) {
        return client::failure{"cannot resolve " + server.host + ": " + gai_strerror(error)};
    }
    target out;
    std::memcpy(&out.endpoint, found->ai_addr, sizeof out.endpoint);
    freeaddrinfo(found);
    out.address = server;
    return out;
}

link::link(poller& on, handler& to)
    : poller_{on}, handler_{to}, reader_{wire::frame_reader::role::foreign_client, message_bytes_max}
{
}

link::~link()
{
    close();
}

void link::connect(const target& server)
{
    OKRA_ASSERT(stage_ == stage::closed);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return handler_.on_broken(std::strerror(errno));
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    unwritten_ = client::upgrade_request(server.address);
    reader_ = wire::frame_reader{wire::frame_reader::role::foreign_client, message_bytes_max};
    stage_ = stage::connecting;
    poller_.watch(socket_, *this, true);
    sockaddr address{};
    std::memcpy(&address, &server.endpoint, sizeof address);
    if (::connect(socket_, &address, sizeof server.endpoint) != 0 && errno != EINPROGRESS) fail(std::strerror(errno));
}

void link::close()
{
    if (stage_ == stage::closed) return;
    poller_.forget(socket_);
    ::close(socket_);
    socket_ = -1;
    stage_ = stage::closed;
    unwritten_.clear();
    upgrade_answer_.clear();
}

void link::fail(std::string_view why)
{
    close();
    handler_.on_broken(why);
}

void link::send(std::string_view message, wire::frame_opcode kind)
{
    if (stage_ != stage::open) return;
    std::string frame;
    wire::append_masked_frame(frame, kind, message, mask_key);
    write(frame);
}

void link::write(std::string_view bytes)
{
    if (!unwritten_.empty()) {
        unwritten_.append(bytes);
        return;
    }
    const auto written = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return;  // the next read tells
    const auto done = written < 0 ? std::size_t{0} : static_cast<std::size_t>(written);
    if (done == bytes.size()) return;
    unwritten_.assign(bytes.substr(done));
    poller_.rewatch(socket_, *this, true);
}

void link::flush()
{
    const auto rest = std::exchange(unwritten_, {});
    poller_.rewatch(socket_, *this, false);
    if (!rest.empty()) write(rest);
}

void link::on_ready(bool readable, bool writable)
{
    if (stage_ == stage::connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return fail(std::strerror(error));
        if (!writable) return;
        stage_ = stage::upgrading;
    }
    if (writable) flush();
    if (readable) read();
}

void link::read()
{
    const auto buffer = poller_.buffer();
    const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got < 0) return fail(std::strerror(errno));
    if (got == 0) return fail("the server closed the connection");
    poller_.count_received(static_cast<std::size_t>(got));
    const auto bytes = buffer.first(static_cast<std::size_t>(got));
    if (stage_ == stage::upgrading) {
        read_upgrade(bytes);
    } else {
        read_frames(bytes);
    }
}

void link::read_upgrade(std::span<char> bytes)
{
    upgrade_answer_.append(bytes.data(), bytes.size());
    const auto answer = client::parse_upgrade_response(upgrade_answer_);
    if (const auto* no = std::get_if<client::upgrade_rejected>(&answer)) return fail(no->why);
    const auto* yes = std::get_if<client::upgrade_accepted>(&answer);
    if (yes == nullptr) return;
    // Okra does not speak before `hello`; others do. What they say is read from the buffer that frames come in.
    const auto answer_bytes = std::exchange(upgrade_answer_, {});
    const auto spoken = poller_.buffer().first(answer_bytes.size() - yes->bytes);
    std::copy(answer_bytes.begin() + static_cast<std::ptrdiff_t>(yes->bytes), answer_bytes.end(), spoken.begin());
    stage_ = stage::open;
    handler_.on_connected();
    if (!spoken.empty()) read_frames(spoken);
}

void link::read_frames(std::span<char> bytes)
{
    using reader = wire::frame_reader;
    reader_.feed(bytes);
    while (stage_ == stage::open) {
        auto event = reader_.next();
        if (std::holds_alternative<reader::need_more>(event)) return;
        if (auto* message = std::get_if<reader::message>(&event)) {
            handler_.on_received(message->text);
        } else if (const auto* ping = std::get_if<reader::ping>(&event)) {
            std::string frame;
            wire::append_masked_frame(frame, wire::frame_opcode::pong, ping->payload, mask_key);
            write(frame);
        } else if (std::holds_alternative<reader::closing>(event)) {
            return fail("the server closed the connection");
        } else if (const auto* violation = std::get_if<wire::frame_violation>(&event)) {
            return fail(wire::describe(*violation));
        }
    }
}

}  // namespace okra::load
