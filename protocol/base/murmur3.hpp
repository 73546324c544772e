// MurmurHash3_x86_128 (Austin Appleby, public domain): fast, well mixed, made of 32-bit steps that JavaScript does as
// quickly. Against accidents, not against an adversary. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace okra {

// The four words of the hash in their order; each is little-endian where the hash is taken for bytes.
[[nodiscard]] std::array<std::uint32_t, 4> murmur3_x86_128(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace okra
