// Numbers that must not be mixed up: each is a type of its own.
#pragma once

#include <compare>
#include <cstdint>

namespace okra {

template <typename Tag>
struct strong_number {
    std::uint64_t value = 0;

    friend constexpr auto operator<=>(const strong_number&, const strong_number&) = default;

    [[nodiscard]] constexpr strong_number next() const { return {value + 1}; }
};

// A document's committed changes are numbered 1, 2, 3, …; 0 is the empty document.
using revision = strong_number<struct revision_tag>;

// A client's changes to one document are numbered 1, 2, 3, …; 0 is "none yet".
using sequence = strong_number<struct sequence_tag>;

}  // namespace okra
