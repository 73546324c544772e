// One HTTP connection, until it ends or becomes a WebSocket. Beast and coroutines stay behind this function.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "server/net/admission.hpp"
#include "server/net/connection_hub.hpp"
#include "server/net/health_check.hpp"
#include "server/net/origin.hpp"
#include "server/net/site.hpp"
#include "server/net/socket.hpp"

namespace okra::net {

// What all HTTP connections of the server share; outlives them.
struct http_shared {
    site files;
    origin_rules origins;
    std::function<std::string()> scrape;  // the text for /metrics; any worker calls it
    std::chrono::milliseconds header_deadline{};
    std::atomic<bool> stopping{false};  // answers say `Connection: close`
};

// What those of one worker share besides.
struct http_worker {
    connection_hub& hub;
    health_check& health;
};

// On the worker's thread. Takes the socket over and answers on it until it ends.
void serve_http(tcp_socket socket, admission::ticket ticket, const http_worker& worker, http_shared& shared);

}  // namespace okra::net
