#include "tools/client/identity.hpp"

#include <random>
#include <string_view>
#include <utility>

#include "protocol/wire/client_secret.hpp"

namespace okra::client {

std::string fresh_id(std::size_t length)
{
    constexpr std::string_view characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static std::random_device entropy;
    std::uniform_int_distribution<std::size_t> any{0, characters.size() - 1};
    std::string out;
    while (out.size() < length) out += characters[any(entropy)];
    return out;
}

identity fresh_identity()
{
    auto secret = fresh_id(43);  // 256 bits
    auto id = wire::client_of(secret);
    return {std::move(secret), std::move(id)};
}

}  // namespace okra::client
