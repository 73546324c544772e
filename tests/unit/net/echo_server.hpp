// The network layer with a small program behind it instead of Okra, so that the layer is tested alone, over real
// sockets. What a session understands:
//   echo TEXT      answers TEXT
//   flood N SIZE   answers N messages of SIZE bytes, numbered from 0, from one shared source as a room's frames are
//   bye CODE       answers "bye", then closes with CODE
//   where          answers the number of the worker it lives on
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "server/net/server.hpp"

namespace okra::test {

// What happened to sessions, for the test's thread.
struct session_events {
    std::atomic<int> connected{0};
    std::atomic<int> closed{0};
    std::atomic<int> violations{0};
    std::atomic<int> overloads{0};
    std::atomic<int> sweeps{0};
    std::atomic<int> probes{0};
    std::atomic<bool> healthy{true};
    std::atomic<int> congested_times{0};  // that the gateway is asked whether it is

    // Waits until `which` is `count`.
    static void wait_for(const std::atomic<int>& which, int count);
};

class echo_server {
public:
    struct options {
        std::size_t workers = 1;
        net::admission_limits admission = {};
        net::rate messages = {.per_second = 1e6, .burst = 1e6};
        net::rate bytes = {.per_second = 1e9, .burst = 1e9};
        std::size_t unfinished_bytes_max = net::limits::unfinished_bytes;
        std::size_t message_bytes_max = 1 << 20;
        std::filesystem::path web = {};
        std::chrono::milliseconds header_deadline = net::limits::header_deadline;
        std::chrono::milliseconds close_deadline = net::limits::close_deadline;
    };

    explicit echo_server() : echo_server{options{}} {}
    explicit echo_server(options how);
    ~echo_server();

    [[nodiscard]] std::uint16_t port() const { return network_->port(); }
    [[nodiscard]] session_events& events() { return events_; }
    [[nodiscard]] net::server& network() { return *network_; }

private:
    class gateway;
    using context = boost::asio::io_context;

    session_events events_;
    std::vector<std::unique_ptr<context>> contexts_;
    std::vector<boost::asio::executor_work_guard<context::executor_type>> guards_;
    std::unique_ptr<gateway> gateway_;
    std::unique_ptr<net::server> network_;
    std::vector<std::thread> threads_;
};

}  // namespace okra::test
