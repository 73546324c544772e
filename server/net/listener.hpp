// Accepts connections on one worker and hands them out in turn, so that they spread evenly however few they are; with
// one worker nothing is handed anywhere. Touched by that worker's thread only, except where a function says otherwise.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "server/net/admission.hpp"
#include "server/net/socket.hpp"

namespace okra::net {

class listener : public std::enable_shared_from_this<listener> {
public:
    // On the thread of the worker `index`, which the socket belongs to.
    using receiver = std::function<void(std::size_t index, tcp_socket socket, admission::ticket ticket)>;

    // Binds and listens; throws boost::system::system_error.
    listener(const boost::asio::ip::tcp::endpoint& at, std::vector<boost::asio::io_context*> workers,
             admission_limits limits, receiver receive);

    void start();
    void stop();

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] const admission& admitted() const { return admission_; }
    [[nodiscard]] std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

    // admission::count_for, for any thread. `done` is called on the accepting one.
    void count_for(admission::ticket now, const boost::asio::ip::address& from,
                   std::function<void(std::optional<admission::ticket>)> done);

private:
    boost::asio::awaitable<void, executor> accept_all();
    void hand_over(std::size_t index, tcp_socket socket);
    void note_refusal(const boost::asio::ip::address& of);

    std::vector<boost::asio::io_context*> workers_;
    tcp_acceptor acceptor_;
    admission admission_;
    receiver receive_;
    std::atomic<std::uint64_t> refused_{0};  // written by the accepting thread
    std::uint64_t refused_noted_ = 0;        // as of the log's last line about it
    std::chrono::steady_clock::time_point note_again_;
};

}  // namespace okra::net
