// Accepts connections on one worker and hands them out in turn, so that they spread evenly however few they are; with
// one worker nothing is handed anywhere. Touched by that worker's thread only, except the constructor.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
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

private:
    boost::asio::awaitable<void, executor> accept_all();
    void hand_over(std::size_t index, tcp_socket socket);

    std::vector<boost::asio::io_context*> workers_;
    tcp_acceptor acceptor_;
    admission admission_;
    receiver receive_;
};

}  // namespace okra::net
