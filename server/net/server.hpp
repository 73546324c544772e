// The network side of a running server: listens, spreads connections evenly over the workers, and ends them at a stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "server/net/admission.hpp"
#include "server/net/connection_hub.hpp"
#include "server/net/origin.hpp"
#include "server/runtime/transport.hpp"

namespace okra::net {

// What went wrong at start, in one sentence for the person who started the server.
struct startup_failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class server {
public:
    struct options {
        std::string host;        // an address
        std::uint16_t port = 0;  // 0: any free one
        std::optional<std::filesystem::path> web;
        origin_rules origins;
        admission_limits admission;
        websocket_options websocket;
        std::chrono::milliseconds header_deadline = limits::header_deadline;
        std::function<std::string()> scrape;  // the runtime's figures; this layer adds its own
    };

    // Listens at once; throws startup_failure. `gateway` and the contexts outlive the server; the contexts' threads
    // must be running before `stop` is called.
    server(options how, runtime::gateway& gateway, std::span<boost::asio::io_context* const> workers);
    ~server();

    [[nodiscard]] std::uint16_t port() const;

    void start();

    // No new connection is taken. Any thread.
    void stop_accepting();

    // Calls `done` once, on some worker, when no WebSocket is open any more. Any thread.
    void when_empty(std::function<void()> done);

    // Closes what is still open and waits for it. Not on a worker's thread.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace okra::net
