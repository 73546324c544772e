#include "server/net/listener.hpp"

#include <exception>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/socket.h>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/net/limits.hpp"
#include "server/runtime/log.hpp"

namespace okra::net {

namespace log = runtime::log;

namespace {

constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<executor>> no_throw{};

// Every socket's settings; a failure of one means that the peer is gone already, which the first read tells.
void configure(tcp_socket& socket)
{
    boost::system::error_code ignored;
    socket.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
    const int unsent = limits::send_queue_bytes;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

// As much of an answer as can be given without waiting.
void refuse(tcp_socket& socket)
{
    constexpr std::string_view busy =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static_assert(limits::come_back == std::chrono::seconds{5});
    [[maybe_unused]] const ssize_t sent =
        ::send(socket.native_handle(), busy.data(), busy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

listener::listener(const boost::asio::ip::tcp::endpoint& at, std::vector<boost::asio::io_context*> workers,
                   admission_limits limits, receiver receive)
    : workers_{std::move(workers)}, acceptor_{*workers_.front()}, admission_{limits}, receive_{std::move(receive)}
{
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp_acceptor::reuse_address{true});
    acceptor_.bind(at);
    acceptor_.listen(limits::accept_backlog);
}

void listener::start()
{
    boost::asio::co_spawn(acceptor_.get_executor(), accept_all(),
                          [self = shared_from_this()](const std::exception_ptr& failure) {
                              if (!failure) return;
                              try {
                                  std::rethrow_exception(failure);
                              } catch (const std::exception& it) {
                                  log::error("accepting_failed", {{"reason", it.what()}});
                              }
                          });
}

void listener::stop()
{
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

boost::asio::awaitable<void, executor> listener::accept_all()
{
    boost::asio::steady_timer pause{*workers_.front()};
    for (std::size_t next = 0; acceptor_.is_open(); next = (next + 1) % workers_.size()) {
        auto [ec, socket] = co_await acceptor_.async_accept(*workers_[next], no_throw);
        if (!ec) {
            hand_over(next, std::move(socket));
        } else if (ec == boost::asio::error::no_descriptors || ec == boost::asio::error::no_memory ||
                   ec == boost::asio::error::no_buffer_space) {
            // The connection stays in the backlog. Trying again at once would only burn the processor.
            log::warning("accept_paused", {{"reason", ec.message()}});
            pause.expires_after(limits::accept_pause);
            co_await pause.async_wait(no_throw);
        } else if (ec != boost::asio::error::operation_aborted && ec != boost::asio::error::connection_aborted) {
            log::warning("accept_failed", {{"reason", ec.message()}});
        }
    }
}

void listener::hand_over(std::size_t index, tcp_socket socket)
{
    boost::system::error_code ec;
    const auto peer = socket.remote_endpoint(ec);
    if (ec) return;  // gone already
    auto ticket = admission_.admit(peer.address());
    if (!ticket || ticket->is_spare()) note_refusal(peer.address());
    if (!ticket) return refuse(socket);
    configure(socket);
    if (index == 0) return receive_(index, std::move(socket), std::move(*ticket));
    boost::asio::post(*workers_[index], [self = shared_from_this(), index, socket = std::move(socket),
                                         ticket = std::move(*ticket)]() mutable {
        self->receive_(index, std::move(socket), std::move(ticket));
    });
}

// Many come at a time if any do: one line tells of all.
void listener::note_refusal(const boost::asio::ip::address& of)
{
    const std::uint64_t refused = refused_.fetch_add(1, std::memory_order_relaxed) + 1;
    const auto now = std::chrono::steady_clock::now();
    if (now < note_again_) return;
    note_again_ = now + limits::refusal_note_interval;
    log::warning("connections_refused", {{"address", of.to_string()},
                                         {"count", refused - std::exchange(refused_noted_, refused)},
                                         {"open", admission_.open()}});
}

void listener::count_for(admission::ticket now, const boost::asio::ip::address& from,
                         std::function<void(std::optional<admission::ticket>)> done)
{
    boost::asio::post(acceptor_.get_executor(),
                      [self = shared_from_this(), now = std::move(now), from, done = std::move(done)]() mutable {
                          auto counted = self->admission_.count_for(std::move(now), from);
                          if (!counted) self->note_refusal(from);
                          done(std::move(counted));
                      });
}

}  // namespace okra::net
