#include "protocol/base/murmur3.hpp"

#include <bit>
#include <cstring>

namespace okra {

namespace {

using lanes = std::array<std::uint32_t, 4>;

constexpr std::size_t block_bytes = sizeof(lanes);
constexpr lanes multipliers{0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93};
constexpr std::array<int, 4> word_turns{15, 16, 17, 18};
constexpr std::array<int, 4> lane_turns{19, 17, 15, 13};
constexpr lanes additions{0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17};

// The words of up to one block; zeros follow where it ends early, which is how the hash is defined at its tail.
lanes words_of(std::string_view block)
{
    static_assert(std::endian::native == std::endian::little);
    lanes words{};
    std::memcpy(words.data(), block.data(), block.size());
    return words;
}

std::uint32_t scrambled(std::uint32_t word, std::size_t lane)
{
    return std::rotl(word * multipliers[lane], word_turns[lane]) * multipliers[(lane + 1) % 4];
}

std::uint32_t finished(std::uint32_t word)
{
    word ^= word >> 16U;
    word *= 0x85ebca6b;
    word ^= word >> 13U;
    word *= 0xc2b2ae35;
    return word ^ (word >> 16U);
}

void spread(lanes& hash)
{
    hash[0] += hash[1] + hash[2] + hash[3];
    for (std::size_t lane = 1; lane < 4; ++lane) hash[lane] += hash[0];
}

}  // namespace

std::array<std::uint32_t, 4> murmur3_x86_128(std::string_view bytes, std::uint32_t seed)
{
    lanes hash{seed, seed, seed, seed};
    const auto length = static_cast<std::uint32_t>(bytes.size());
    for (; bytes.size() >= block_bytes; bytes.remove_prefix(block_bytes)) {
        const lanes words = words_of(bytes.substr(0, block_bytes));
        for (std::size_t lane = 0; lane < 4; ++lane) {
            hash[lane] ^= scrambled(words[lane], lane);
            hash[lane] = std::rotl(hash[lane], lane_turns[lane]) + hash[(lane + 1) % 4];
            hash[lane] = hash[lane] * 5 + additions[lane];
        }
    }
    const lanes tail = words_of(bytes);
    for (std::size_t lane = 0; lane < 4; ++lane) hash[lane] ^= scrambled(tail[lane], lane) ^ length;
    spread(hash);
    for (std::uint32_t& lane : hash) lane = finished(lane);
    spread(hash);
    return hash;
}

}  // namespace okra
