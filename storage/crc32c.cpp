#include "storage/crc32c.hpp"

#include <array>
#include <cstddef>

namespace okra::storage {
namespace {

// Eight bytes a step ("slicing"): table k advances a byte's checksum over k further bytes.
constexpr std::size_t slices = 8;
using tables = std::array<std::array<std::uint32_t, 256>, slices>;

constexpr tables make_tables()
{
    constexpr std::uint32_t reversed_polynomial = 0x82f63b78;
    tables all{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? reversed_polynomial : 0);
        all[0][byte] = crc;
    }
    for (std::size_t slice = 1; slice < slices; ++slice) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = all[slice - 1][byte];
            all[slice][byte] = before >> 8U ^ all[0][before & 0xffU];
        }
    }
    return all;
}

constexpr tables table = make_tables();

}  // namespace

std::uint32_t crc32c(std::string_view bytes)
{
    const auto byte_at = [&](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]));
    };
    std::uint32_t crc = ~0U;
    std::size_t at = 0;
    for (; at + slices <= bytes.size(); at += slices) {
        crc ^= byte_at(at) | byte_at(at + 1) << 8U | byte_at(at + 2) << 16U | byte_at(at + 3) << 24U;
        crc = table[7][crc & 0xffU] ^ table[6][crc >> 8U & 0xffU] ^ table[5][crc >> 16U & 0xffU] ^
              table[4][crc >> 24U] ^ table[3][byte_at(at + 4)] ^ table[2][byte_at(at + 5)] ^ table[1][byte_at(at + 6)] ^
              table[0][byte_at(at + 7)];
    }
    for (; at < bytes.size(); ++at) crc = crc >> 8U ^ table[0][(crc ^ byte_at(at)) & 0xffU];
    return ~crc;
}

}  // namespace okra::storage
