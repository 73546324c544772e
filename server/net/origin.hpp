// Which names this server answers to, and which pages may open a socket to it (SPEC HS7). Pure functions of header
// fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okra::net {

struct origin_rules {
    // Origins besides the server's own, as a browser writes them: "https://okra.example.com".
    std::vector<std::string> allowed = {};
    // Host names of the server's own, besides those in `allowed`.
    std::vector<std::string> hosts = {};
};

// Is this Host a name of ours? A page of a stranger can reach the server by giving its own name our address (DNS
// rebinding); its requests then bear that name as Host. So only names that cannot be rebound count: addresses,
// localhost, and those that the rules name. What is not a host at all is refused too: it may stand in an answer's
// header.
[[nodiscard]] bool is_own_host(std::string_view host, const origin_rules& rules);

// May a page of `origin` (empty: not a browser) open a socket at `host`?
[[nodiscard]] bool may_connect(std::string_view origin, std::string_view host, const origin_rules& rules);

// What is wrong with an origin or host name that somebody wants to allow: a sentence's end behind its text; nothing: it
// can be used.
[[nodiscard]] std::optional<std::string> problem_with_origin(std::string_view origin);
[[nodiscard]] std::optional<std::string> problem_with_host(std::string_view name);

}  // namespace okra::net
