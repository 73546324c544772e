// The server's side of the WebSocket upgrade (RFC 6455 §4.2) with SPEC's rules HS1 and HS7, as a pure function of
// header fields.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "server/net/origin.hpp"

namespace okra::net {

inline constexpr std::string_view subprotocol = "okra.v1";

// Fields of the request; empty: absent.
struct upgrade_request {
    std::string_view connection;
    std::string_view upgrade;
    std::string_view key;
    std::string_view version;
    std::string_view protocols;
    std::string_view host;
    std::string_view origin;
};

struct upgrade_refusal {
    unsigned status;
    std::string_view reason;  // one sentence for whoever reads the answer
};

// The whole 101 answer, ready to be written.
[[nodiscard]] result<std::string, upgrade_refusal> accept_upgrade(const upgrade_request& request,
                                                                  const origin_rules& rules);

}  // namespace okra::net
