// Where a server is, and the HTTP upgrade that turns a connection to it into a WebSocket (SPEC HS1). Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/base/result.hpp"
#include "tools/client/failure.hpp"

namespace okra::client {

struct address {
    std::string host;
    std::string port;
    std::string path = "/api/socket";
    bool secure = false;                  // TLS
    std::string subprotocol = "okra.v1";  // empty: none is asked for
};

// ws://host[:port][/path], or wss:// for TLS.
[[nodiscard]] result<address, failure> parse_url(std::string_view url);

// The key is the example of RFC 6455 §1.3, for which the answer is known. It exists to keep caches from answering in a
// server's place; a tool that talks to its own server needs no fresh one.
[[nodiscard]] std::string upgrade_request(const address& server);

struct upgrade_unfinished {};
struct upgrade_accepted {
    std::size_t bytes;  // of the response; WebSocket frames follow
};
struct upgrade_rejected {
    std::string why;
};
using upgrade_answer = std::variant<upgrade_unfinished, upgrade_accepted, upgrade_rejected>;

[[nodiscard]] upgrade_answer parse_upgrade_response(std::string_view received);

}  // namespace okra::client
