#include "server/net/handshake.hpp"

#include <array>
#include <cstddef>

#include <boost/algorithm/string/predicate.hpp>
#include <openssl/evp.h>

#include "protocol/base/assert.hpp"

namespace okra::net {

namespace {

// RFC 6455 §1.3.
constexpr std::string_view accept_salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t sha1_bytes = 20;
constexpr std::size_t key_length = 24;  // 16 bytes in base64

std::string_view trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Is `wanted` one of a comma-separated list?
bool lists(std::string_view list, std::string_view wanted)
{
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (boost::iequals(trim(list.substr(0, comma)), wanted)) return true;
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return false;
}

bool is_key(std::string_view key)
{
    constexpr std::string_view others = "+/=";
    for (const char it : key) {
        const bool alphanumeric = (it >= '0' && it <= '9') || (it >= 'a' && it <= 'z') || (it >= 'A' && it <= 'Z');
        if (!alphanumeric && others.find(it) == std::string_view::npos) return false;
    }
    return key.size() == key_length && key.ends_with("==");
}

std::string accept_key(std::string_view key)
{
    std::string salted{key};
    salted.append(accept_salt);
    std::array<unsigned char, sha1_bytes> digest{};
    const int done = EVP_Digest(salted.data(), salted.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    OKRA_ASSERT(done == 1);
    std::string encoded(4 * ((sha1_bytes + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), digest.data(), sha1_bytes);
    encoded.resize(static_cast<std::size_t>(length));
    return encoded;
}

}  // namespace

result<std::string, upgrade_refusal> accept_upgrade(const upgrade_request& request, const origin_rules& rules)
{
    if (!lists(request.connection, "upgrade") || !lists(request.upgrade, "websocket")) {
        return upgrade_refusal{426, "This address speaks WebSocket only."};
    }
    if (request.version != "13") return upgrade_refusal{426, "Sec-WebSocket-Version must be 13."};
    if (!is_key(request.key)) return upgrade_refusal{400, "Sec-WebSocket-Key is missing or malformed."};
    if (!may_connect(request.origin, request.host, rules)) {
        return upgrade_refusal{403, "Pages of this origin may not connect (HS7); see --allow-origin."};
    }
    if (!lists(request.protocols, subprotocol)) {
        return upgrade_refusal{400, "The subprotocol okra.v1 must be offered (HS1)."};
    }
    std::string answer =
        "HTTP/1.1 101 Switching Protocols\r\n"
        "Upgrade: websocket\r\n"
        "Connection: Upgrade\r\n"
        "Sec-WebSocket-Protocol: ";
    answer.append(subprotocol).append("\r\nSec-WebSocket-Accept: ").append(accept_key(request.key)).append("\r\n\r\n");
    return answer;
}

}  // namespace okra::net
