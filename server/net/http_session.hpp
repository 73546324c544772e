// One HTTP connection, until it ends or becomes a WebSocket. Beast and coroutines stay behind this function.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "server/net/admission.hpp"
#include "server/net/connection_hub.hpp"
#include "server/net/origin.hpp"
#include "server/net/shared_answer.hpp"
#include "server/net/site.hpp"
#include "server/net/socket.hpp"

namespace okra::net {

// What all HTTP connections of the server share; outlives them.
struct http_shared {
    site files;
    origin_rules origins;
    std::chrono::milliseconds header_deadline{};
    trusted_proxies proxies = {};
    // admission::count_for, called on any thread, answers on any.
    std::function<void(admission::ticket now, const boost::asio::ip::address& from,
                       std::function<void(std::optional<admission::ticket>)> done)>
        count_for = {};
    std::atomic<bool> stopping{false};  // answers say `Connection: close`
};

// What those of one worker share besides.
struct http_worker {
    connection_hub& hub;
    shared_answer& health;
    shared_answer& metrics;
    shared_answer& workspaces;
};

// On the worker's thread. Takes the socket over and answers on it until it ends.
void serve_http(tcp_socket socket, admission::ticket ticket, const http_worker& worker, http_shared& shared);

}  // namespace okra::net
