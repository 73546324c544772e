#include "server/net/websocket_connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "server/net/connection_hub.hpp"
#include "server/net/limits.hpp"
#include "server/runtime/memory.hpp"

namespace okra::net {

using boost::asio::const_buffer;

namespace {

constexpr std::uint16_t close_hostile = 4102;

// Room for a pong or close frame in front of what the session gives.
constexpr std::size_t batch_buffers_max = limits::gather_buffers + 1;

std::size_t bytes_in(std::span<const const_buffer> buffers)
{
    std::size_t sum = 0;
    for (const const_buffer& it : buffers) sum += it.size();
    return sum;
}

// Drops the first `bytes` bytes of `buffers`.
std::vector<const_buffer> tail_of(std::span<const const_buffer> buffers, std::size_t bytes)
{
    std::vector<const_buffer> rest;
    for (const const_buffer& it : buffers) {
        const std::size_t skipped = std::min(bytes, it.size());
        bytes -= skipped;
        if (skipped < it.size()) rest.push_back(it + skipped);
    }
    return rest;
}

}  // namespace

websocket_connection::websocket_connection(connection_hub& hub, tcp_socket socket, admission::ticket ticket)
    : hub_{hub},
      socket_{std::move(socket)},
      reader_{wire::frame_reader::role::server, hub.options().message_bytes_max},
      ticket_{std::move(ticket)},
      messages_{hub.options().messages, connection_hub::now_ms()},
      bytes_{hub.options().bytes, connection_hub::now_ms()}
{
}

websocket_connection::~websocket_connection() = default;

template <typename Work>
void websocket_connection::alone(Work work)
{
    try {
        const runtime::memory::expendable scope;
        work();
    } catch (const std::bad_alloc&) {
        traffic::add(hub_.count().out_of_memory, 1);
        shut();
    }
}

void websocket_connection::start(runtime::connection_facts facts, std::string_view early)
{
    alone([&] {
        boost::system::error_code ec;
        socket_.non_blocking(true, ec);
        session_ = hub_.gateway().connect(*this, std::move(facts));
        if (ec || !session_) return shut();
        if (early.empty()) return await_readable();
        handle_early(early);
    });
}

void websocket_connection::handle_early(std::string_view early)
{
    const std::span<char> buffer = hub_.read_buffer();
    OKRA_ASSERT(early.size() <= buffer.size());
    std::ranges::copy(early, buffer.begin());
    receive(buffer.first(early.size()));
}

void websocket_connection::wake()
{
    hub_.flush_soon(*this);
}

void websocket_connection::close_after_writing(std::uint16_t code)
{
    if (phase_ != phase::open) return;
    phase_ = phase::closing;
    close_code_ = code;
    close_by_ms_ = hub_.close_by_ms();
    wake();
}

// Waiting before reading, and never reading on suspicion, costs one system call less for each message that comes alone
// than Asio's own order, and an idle connection needs no buffer.
void websocket_connection::await_readable()
{
    socket_.async_wait(tcp_socket::wait_read, [self = pointer{this}](boost::system::error_code ec) {
        self->alone([&] { self->on_readable(ec); });
    });
}

// HOT PATH: one recv for all that has come, up to limits::read_bytes; then the other connections have their turn.
void websocket_connection::on_readable(boost::system::error_code ec)
{
    if (phase_ == phase::closed || phase_ == phase::answering) return;
    if (ec) return shut();
    const std::span<char> buffer = hub_.read_buffer();
    const ssize_t received = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return await_readable();
    if (received <= 0) return shut();
    const auto size = static_cast<std::size_t>(received);
    traffic::add(hub_.count().bytes_received, size);
    if (deaf_) return await_readable();
    receive(buffer.first(size));
}

// Bytes are paid for when they come, whatever becomes of them: an unfinished message costs as much as a whole one.
void websocket_connection::receive(std::span<char> bytes)
{
    reader_.feed(bytes);
    bytes_.take(static_cast<double>(bytes.size()));
    go_on();
}

void websocket_connection::go_on()
{
    handle_received();
    count_unfinished();
}

void websocket_connection::handle_received()
{
    const std::int64_t now_ms = connection_hub::now_ms();
    messages_.refill(hub_.options().messages, now_ms);
    bytes_.refill(hub_.options().bytes, now_ms);
    for (std::size_t handled = 0; phase_ != phase::closed && phase_ != phase::answering; ++handled) {
        if (hub_.gateway().is_congested()) return pause(hub_.count().congestions);
        if (messages_.empty()) return pause(hub_.count().pauses);
        if (handled == limits::messages_per_turn) {
            reader_.keep_rest();
            return hub_.resume_next_turn(*this);
        }
        const wire::frame_reader::event it = reader_.next();
        if (std::holds_alternative<wire::frame_reader::need_more>(it)) {
            if (bytes_.empty()) return pause(hub_.count().pauses);
            return await_readable();
        }
        messages_.take();
        handle(it);
        if (deaf_) return await_readable();
    }
}

// Not refused: the peer's own TCP tells it to slow down.
void websocket_connection::pause(std::atomic<std::uint64_t>& reason)
{
    reader_.keep_rest();
    traffic::add(reason, 1);
    hub_.resume_later(*this);
}

// What a peer keeps here while others have their turn: the beginning of a message, or messages that have to wait.
void websocket_connection::count_unfinished()
{
    if (phase_ == phase::closed) return;
    const std::size_t before = std::exchange(unfinished_bytes_, reader_.heap_bytes());
    if (unfinished_bytes_ != before) hub_.count_unfinished(before, unfinished_bytes_);
}

void websocket_connection::resume()
{
    if (phase_ == phase::closed || phase_ == phase::answering) return;
    if (deaf_) return await_readable();
    alone([this] { go_on(); });
}

void websocket_connection::give_way()
{
    reader_.drop();
    deaf_ = true;
    count_unfinished();
    traffic::add(hub_.count().gave_way, 1);
    if (phase_ != phase::open) return;
    alone([this] { session_->on_overload("too many messages have begun and are not finished"); });
}

void websocket_connection::handle(const wire::frame_reader::event& it)
{
    using reader = wire::frame_reader;
    std::visit(overloaded{[](reader::need_more) {},
                          [&](const reader::message& message) {
                              if (phase_ != phase::open) return;  // said bye already
                              traffic::add(hub_.count().messages_received, 1);
                              session_->on_message(message.text);
                          },
                          [&](const reader::ping& ping) {
                              if (phase_ != phase::open) return;
                              // RFC 6455 §5.5.3: of several pings, answering the latest is enough. So this cannot grow.
                              control_.clear();
                              wire::append_frame(control_, wire::frame_opcode::pong, ping.payload);
                              wake();
                          },
                          [](reader::fragment) {}, [](const reader::pong&) {},
                          [&](const reader::closing& closing) { on_peer_close(closing.code); },
                          [&](wire::frame_violation what) { violate(what); }},
               it);
}

void websocket_connection::on_peer_close(std::uint16_t code)
{
    const bool ours_is_out = phase_ == phase::said_close && !unsent_ && control_.empty();
    if (ours_is_out) return shut();
    if (phase_ != phase::said_close) {
        control_.clear();
        wire::append_close_frame(control_, code == wire::close_code::none ? wire::close_code::normal : code);
    }
    phase_ = phase::answering;
    close_by_ms_ = hub_.close_by_ms();
    wake();
}

// Bytes after a violation mean nothing, but they are still taken off the socket: closing it with bytes unread would
// make the kernel reset the connection and perhaps take our last words with it.
void websocket_connection::violate(wire::frame_violation what)
{
    deaf_ = true;
    reader_.drop();
    traffic::add(hub_.count().violations, 1);
    if (phase_ != phase::open) return;
    const bool large = what == wire::frame_violation::too_large;
    session_->on_violation(large ? "too_large" : "hostile", wire::describe(what));
    close_after_writing(large ? wire::close_code::too_large : close_hostile);
}

// HOT PATH: what was said to this session while others had their turn leaves in one system call.
void websocket_connection::flush()
{
    if (phase_ == phase::closed || unsent_) return;  // what is unsent goes on when the socket can take it
    alone([this] { write_batches(); });
}

void websocket_connection::write_batches()
{
    std::size_t written = 0;
    while (written < limits::gather_bytes) {
        const std::size_t step = write_next_batch();
        if (step == 0) return;
        written += step;
    }
    wake();  // there may be more, but the others first
}

// How much was written; 0: there is nothing, or the socket cannot take all of it, or it is closed.
std::size_t websocket_connection::write_next_batch()
{
    std::vector<const_buffer>& batch = hub_.gather_buffer();
    batch.clear();
    if (!control_.empty()) batch.emplace_back(control_.data(), control_.size());
    const std::size_t own_buffers = batch.size();
    if (phase_ == phase::open || phase_ == phase::closing) session_->gather(batch, limits::gather_bytes);
    const bool gathered = batch.size() > own_buffers;
    OKRA_ASSERT(batch.size() <= batch_buffers_max);
    if (!gathered && phase_ == phase::closing) {
        wire::append_close_frame(control_, close_code_);
        batch.assign(1, {control_.data(), control_.size()});
        phase_ = phase::said_close;
    }
    if (batch.empty()) return 0;

    const std::optional<std::size_t> sent = send(batch);
    if (!sent) return 0;
    const std::size_t wanted = bytes_in(batch);
    if (*sent < wanted) {
        keep_unsent(batch, *sent, gathered);
        return 0;
    }
    control_.clear();
    finish_batch(gathered);
    return phase_ == phase::closed ? 0 : wanted;
}

void websocket_connection::finish_batch(bool gathered)
{
    if (gathered) session_->written();
    if (!control_.empty()) return;  // a close frame came while the batch was unsent: it is next
    if (phase_ == phase::answering) return shut();
    // A peer that broke the rules is not waited for, but told that nothing more comes.
    if (phase_ == phase::said_close && deaf_) ::shutdown(socket_.native_handle(), SHUT_WR);
}

void websocket_connection::keep_unsent(std::span<const const_buffer> batch, std::size_t sent, bool gathered)
{
    traffic::add(hub_.count().writes_blocked, 1);
    unsent_ = std::make_unique<unsent>();
    unsent_->gathered = gathered;
    unsent_->rest = tail_of(batch, sent);
    if (sent < control_.size()) {
        unsent_->own = control_.substr(sent);
        unsent_->rest.front() = {unsent_->own.data(), unsent_->own.size()};
    }
    control_.clear();
    await_writable();
}

void websocket_connection::await_writable()
{
    socket_.async_wait(tcp_socket::wait_write, [self = pointer{this}](boost::system::error_code ec) {
        self->alone([&] { self->on_writable(ec); });
    });
}

void websocket_connection::on_writable(boost::system::error_code ec)
{
    if (phase_ == phase::closed) return;
    if (ec) return shut();
    const std::optional<std::size_t> sent = send(unsent_->rest);
    if (!sent) return;
    unsent_->rest = tail_of(unsent_->rest, *sent);
    if (!unsent_->rest.empty()) return await_writable();
    const bool gathered = unsent_->gathered;
    unsent_.reset();
    finish_batch(gathered);
    wake();
}

// How many bytes the socket has taken, 0 if it is full; nothing when the connection is broken, and then shut.
std::optional<std::size_t> websocket_connection::send(std::span<const const_buffer> buffers)
{
    std::array<iovec, batch_buffers_max> parts;
    const std::size_t count = std::min(buffers.size(), parts.size());
    for (std::size_t index = 0; index < count; ++index) {
        // sendmsg does not write to it; POSIX has one type for both directions.
        parts[index] = {.iov_base = const_cast<void*>(buffers[index].data()), .iov_len = buffers[index].size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
    traffic::add(hub_.count().writes, 1);
    if (sent < 0) {
        if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) return 0;
        shut();
        return {};
    }
    traffic::add(hub_.count().bytes_sent, static_cast<std::size_t>(sent));
    return static_cast<std::size_t>(sent);
}

void websocket_connection::on_sweep(std::int64_t now_ms)
{
    if (close_by_ms_ != 0 && now_ms >= close_by_ms_) return shut();
    if (phase_ == phase::open) alone([&] { session_->on_sweep(now_ms); });
}

// Never called from within a call of the session.
void websocket_connection::shut()
{
    if (phase_ == phase::closed) return;
    const runtime::memory::indispensable scope;
    phase_ = phase::closed;
    reader_.drop();
    if (unfinished_bytes_ != 0) hub_.count_unfinished(std::exchange(unfinished_bytes_, 0), 0);
    hub_.strike_off(*this);
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (session_) session_->on_closed();
    session_.reset();
    unsent_.reset();
}

}  // namespace okra::net
