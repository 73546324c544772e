// How siblings share the whole (product.md §2, item 4), in thousandths that sum to exactly 1000.
//   - none pinned: equal shares; what does not divide goes to the first ones, one each;
//   - some pinned: those keep theirs, the others share the rest equally;
//   - pinned ones exceed the whole, or all are pinned and miss it: they are scaled to it in proportion, the others get
//   0;
//   - all pinned to 0: equal shares.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace okra::document {

inline constexpr std::uint32_t whole_weight = 1000;

// One entry per sibling, in order: its pinned weight in 0..1, or nothing.
[[nodiscard]] std::vector<std::uint32_t> share_weights(std::span<const std::optional<double>> pins);

// Somebody pinned something else than what `shares` gives, by more than rounding makes (thirds written as .33).
[[nodiscard]] bool are_scaled(std::span<const std::optional<double>> pins, std::span<const std::uint32_t> shares);

}  // namespace okra::document
