// Which names this server answers to, and which pages may open a socket to it (SPEC HS7). Pure functions of header
// fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace okra::net {

struct origin_rules {
    // Origins besides the server's own, as a browser writes them: "https://okra.example.com".
    std::vector<std::string> allowed;
    // While only this machine can connect, a page of a stranger could still reach the server by giving its own name our
    // address (DNS rebinding); its requests then bear that name as Host. So on loopback only names that cannot be
    // rebound count: addresses, localhost, and those of `allowed`.
    bool loopback_only = true;
};

// Is this Host a name of ours? Also refuses what is not a host at all, so that it may stand in an answer's header.
[[nodiscard]] bool is_own_host(std::string_view host, const origin_rules& rules);

// May a page of `origin` (empty: not a browser) open a socket at `host`?
[[nodiscard]] bool may_connect(std::string_view origin, std::string_view host, const origin_rules& rules);

}  // namespace okra::net
