#include "tools/client/upgrade.hpp"

#include <algorithm>

namespace okra::client {

namespace {

constexpr std::size_t response_bytes_max = 16 * 1024;
constexpr std::string_view accept_line = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=";

std::string lower_case(std::string_view text)
{
    std::string out{text};
    for (char& it : out) {
        if (it >= 'A' && it <= 'Z') it = static_cast<char>(it - 'A' + 'a');
    }
    return out;
}

}  // namespace

result<address, failure> parse_url(std::string_view url)
{
    constexpr std::string_view plain = "ws://";
    constexpr std::string_view secure = "wss://";
    address out;
    out.secure = url.starts_with(secure);
    if (!out.secure && !url.starts_with(plain)) return failure{"the url must begin with ws:// or wss://"};
    url.remove_prefix(out.secure ? secure.size() : plain.size());

    if (const auto slash = url.find('/'); slash != std::string_view::npos) {
        if (url.size() > slash + 1) out.path = url.substr(slash);
        url = url.substr(0, slash);
    }
    const auto colon = url.rfind(':');
    out.host = url.substr(0, colon);
    out.port = colon != std::string_view::npos ? url.substr(colon + 1) : out.secure ? "443" : "80";
    const bool is_port = !out.port.empty() && out.port.size() <= 5 &&
                         std::all_of(out.port.begin(), out.port.end(), [](char it) { return it >= '0' && it <= '9'; });
    if (out.host.empty() || !is_port) return failure{"the url must be ws://host:port or wss://host:port"};
    return out;
}

std::string upgrade_request(const address& server)
{
    const auto subprotocol =
        server.subprotocol.empty() ? std::string{} : "\r\nSec-WebSocket-Protocol: " + server.subprotocol;
    return "GET " + server.path + " HTTP/1.1\r\nHost: " + server.host + ":" + server.port +
           "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
           "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" +
           subprotocol + "\r\n\r\n";
}

upgrade_answer parse_upgrade_response(std::string_view received)
{
    const auto end = received.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        if (received.size() > response_bytes_max) return upgrade_rejected{"the answer to the upgrade has no end"};
        return upgrade_unfinished{};
    }
    const auto head = received.substr(0, end + 2);
    if (!head.starts_with("HTTP/1.1 101")) {
        return upgrade_rejected{std::string{head.substr(0, head.find("\r\n"))}};
    }
    if (lower_case(head).find(accept_line) == std::string::npos) {
        return upgrade_rejected{"the answer has no valid Sec-WebSocket-Accept"};
    }
    return upgrade_accepted{end + 4};
}

}  // namespace okra::client
