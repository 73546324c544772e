// What the WebSocket connections of one worker share: its buffer for reading, its turn for writing, its clock. Touched
// by that worker's thread only, except where a function says otherwise.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include "server/net/admission.hpp"
#include "server/net/limits.hpp"
#include "server/net/rate_limit.hpp"
#include "server/net/socket.hpp"
#include "server/net/websocket_connection.hpp"
#include "server/runtime/transport.hpp"

namespace okra::net {

struct websocket_options {
    std::size_t message_bytes_max;
    rate messages;
    rate bytes = {.per_second = limits::bytes_per_second, .burst = limits::bytes_burst};  // of messages
    std::size_t unfinished_bytes_max = limits::unfinished_bytes;  // of all connections; a hub is given its share
    std::chrono::milliseconds close_deadline = limits::close_deadline;
};

// Written by one worker, read by /metrics on any.
struct traffic {
    std::atomic<std::uint64_t> connections_opened{0};
    std::atomic<std::uint64_t> connections_closed{0};
    std::atomic<std::uint64_t> messages_received{0};
    std::atomic<std::uint64_t> bytes_received{0};
    std::atomic<std::uint64_t> bytes_sent{0};
    std::atomic<std::uint64_t> writes{0};          // system calls
    std::atomic<std::uint64_t> writes_blocked{0};  // the socket could not take all of one
    std::atomic<std::uint64_t> pauses{0};          // a rate limit held a connection back
    std::atomic<std::uint64_t> congestions{0};     // what was read before had to be taken first
    std::atomic<std::uint64_t> violations{0};
    std::atomic<std::uint64_t> out_of_memory{0};     // connections that ended so
    std::atomic<std::uint64_t> gave_way{0};          // connections that ended for their unfinished messages
    std::atomic<std::uint64_t> unfinished_bytes{0};  // at the moment

    // One writer: no locked instruction is needed.
    static void add(std::atomic<std::uint64_t>& to, std::uint64_t count)
    {
        to.store(to.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
};

class connection_hub {
public:
    connection_hub(boost::asio::io_context& context, runtime::gateway& gateway, websocket_options options);
    connection_hub(const connection_hub&) = delete;
    connection_hub& operator=(const connection_hub&) = delete;
    ~connection_hub() = default;

    // Once, on any thread, before the first connection.
    void start();

    // Takes over a socket after its upgrade was answered. `early` is what the peer has sent behind its request.
    void adopt(tcp_socket socket, runtime::connection_facts facts, admission::ticket ticket, std::string_view early);

    // Calls `done` when there is no connection any more; with none, at once. What is adopted afterwards is waited for,
    // too.
    void when_empty(std::function<void()> done);

    // Closes all sockets without a word.
    void drop_all();

    // Ends the sweep, so that the worker can run out of things to do.
    void stop();

    // For intervals: never jumps. What on_sweep and the rate limit are told.
    [[nodiscard]] static std::int64_t now_ms();
    // When a connection that closes from now on is given up.
    [[nodiscard]] std::int64_t close_by_ms() const { return now_ms() + options_.close_deadline.count(); }

    [[nodiscard]] boost::asio::io_context& context() { return context_; }
    [[nodiscard]] runtime::gateway& gateway() { return gateway_; }
    [[nodiscard]] const traffic& figures() const { return figures_; }

    // ---- for websocket_connection ----
    [[nodiscard]] const websocket_options& options() const { return options_; }
    [[nodiscard]] traffic& count() { return figures_; }
    // One for all: a connection uses it within one call and keeps nothing in it. Has decoder::padding bytes behind it.
    [[nodiscard]] std::span<char> read_buffer();
    [[nodiscard]] std::vector<boost::asio::const_buffer>& gather_buffer();
    // `flush` will be called once, in this turn of the loop or in one of the next. All that wake in one turn share one
    // trip through the queue.
    void flush_soon(websocket_connection& it);
    // `resume` will be called after what is to be flushed now.
    void resume_next_turn(websocket_connection& it);
    // `resume` will be called when tokens may have come.
    void resume_later(websocket_connection& it);
    // A connection holds `now` bytes of unfinished messages, no longer `before`. When all hold too many, those with the
    // most give way.
    void count_unfinished(std::size_t before, std::size_t now);
    void strike_off(websocket_connection& it);

private:
    void schedule_flushes();
    void run_flushes();
    void schedule_sweep();
    void sweep();
    void schedule_resumes();
    void run_resumes();
    void make_room();

    boost::asio::io_context& context_;
    runtime::gateway& gateway_;
    websocket_options options_;
    traffic figures_;
    std::vector<char> read_buffer_;
    std::vector<boost::asio::const_buffer> gather_buffer_;
    boost::intrusive::list<websocket_connection, websocket_connection::all_hook_option> all_;
    std::vector<websocket_connection::pointer> to_flush_;
    std::size_t flushed_ = 0;  // of to_flush_
    std::vector<websocket_connection::pointer> paused_;
    boost::asio::steady_timer sweep_timer_;
    boost::asio::steady_timer resume_timer_;
    std::function<void()> when_empty_;
    bool stopped_ = false;
};

}  // namespace okra::net
