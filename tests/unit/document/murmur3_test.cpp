#include "protocol/base/murmur3.hpp"

#include <array>
#include <cstdint>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace okra {

TEST_CASE("MurmurHash3_x86_128 passes the verification of SMHasher, its author's own test", "[base]")
{
    std::string key;
    std::string hashes;
    for (std::uint32_t length = 0; length < 256; ++length) {
        const auto words = murmur3_x86_128(key, 256 - length);
        hashes.append(reinterpret_cast<const char*>(words.data()), sizeof(words));
        key += static_cast<char>(length);
    }
    CHECK(murmur3_x86_128(hashes)[0] == 0xb3ece62a);
}

TEST_CASE("MurmurHash3_x86_128 of a sentence", "[base]")
{
    CHECK(murmur3_x86_128("The quick brown fox jumps over the lazy dog") ==
          std::array<std::uint32_t, 4>{0x2f1583c3, 0xecee2c67, 0x5d7bf66c, 0xe5e91d2c});
}

}  // namespace okra
