#include "protocol/wire/client_secret.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <openssl/evp.h>

#include "protocol/base/assert.hpp"

namespace okra::wire {

namespace {

constexpr std::string_view mark = "s-";
constexpr std::size_t fingerprint_length = 22;  // of 6 bits each: nobody finds another secret for it

constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool is_protected(std::string_view client)
{
    return client.starts_with(mark) && client.size() == mark.size() + fingerprint_length;
}

}  // namespace

bool is_secret(std::string_view it)
{
    return it.size() >= secret_length_min && it.size() <= secret_length_max &&
           std::ranges::all_of(it, [](char each) { return base64url.find(each) != std::string_view::npos; });
}

document::client_id client_of(std::string_view secret)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const int done = EVP_Digest(secret.data(), secret.size(), digest.data(), &size, EVP_sha256(), nullptr);
    OKRA_ASSERT(done == 1);
    OKRA_ASSERT(size * 8 >= fingerprint_length * 6);

    document::client_id client{mark};
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const unsigned char byte : digest) {
        bits = (bits << 8U) | byte;
        for (held += 8; held >= 6 && client.size() < mark.size() + fingerprint_length; held -= 6) {
            client += base64url[(bits >> (held - 6)) & 0x3fU];
        }
        if (client.size() == mark.size() + fingerprint_length) break;
        bits &= 0x3fU;
    }
    return client;
}

bool may_be(std::string_view client, std::string_view secret)
{
    if (secret.empty()) return !is_protected(client);
    return client == client_of(secret);
}

}  // namespace okra::wire
