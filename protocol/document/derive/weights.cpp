#include "protocol/document/derive/weights.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "protocol/base/assert.hpp"

namespace okra::document {

namespace {

// `total` split in proportion to `parts`, whose sum is not 0: rounded down, and what is left over goes to the largest
// remainders, the first of equals.
std::vector<std::uint32_t> split(std::uint32_t total, std::span<const std::uint32_t> parts)
{
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    std::vector<std::uint32_t> shares;
    std::vector<double> remainders;
    shares.reserve(parts.size());
    remainders.reserve(parts.size());
    std::uint32_t given = 0;
    for (const std::uint32_t part : parts) {
        const double exact = static_cast<double>(total) * part / sum;
        const double floor = std::floor(exact);
        shares.push_back(static_cast<std::uint32_t>(floor));
        remainders.push_back(exact - floor);
        given += shares.back();
    }
    std::vector<std::size_t> by_remainder(parts.size());
    std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
    // Rounding leaves over less than one for each; of those with the largest remainders the order is of no account.
    const std::uint32_t left = total - given;
    OKRA_ASSERT(left <= parts.size());
    std::ranges::nth_element(by_remainder, by_remainder.begin() + left, [&](std::size_t a, std::size_t b) {
        return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
    });
    for (const std::size_t it : std::span{by_remainder}.first(left)) ++shares[it];
    return shares;
}

}  // namespace

bool are_scaled(std::span<const std::optional<double>> pins, std::span<const std::uint32_t> shares)
{
    constexpr double rounding = 5;
    for (std::size_t index = 0; index < pins.size(); ++index) {
        if (pins[index] && std::abs(*pins[index] * whole_weight - shares[index]) > rounding) return true;
    }
    return false;
}

// HOT PATH: a large plan has thousands of siblings, hardly one of them pinned: they are looked through twice.
std::vector<std::uint32_t> share_weights(std::span<const std::optional<double>> pins)
{
    if (pins.empty()) return {};
    std::vector<std::uint32_t> shares;  // 0 where there is no pin
    shares.reserve(pins.size());
    std::uint32_t taken = 0;
    std::uint32_t pinned = 0;
    for (const std::optional<double>& pin : pins) {
        const double thousandths = pin ? std::round(std::clamp(*pin, 0.0, 1.0) * whole_weight) : 0;
        shares.push_back(static_cast<std::uint32_t>(thousandths));
        taken += shares.back();
        if (pin) ++pinned;
    }
    const bool all_pinned = pinned == pins.size();
    if (taken > whole_weight || (all_pinned && taken > 0)) return split(whole_weight, shares);
    // The pinned ones keep theirs, unless there is nothing that they say.
    const auto free = static_cast<std::uint32_t>(all_pinned ? pinned : pins.size() - pinned);
    const std::uint32_t each = (whole_weight - taken) / free;
    std::uint32_t one_more = (whole_weight - taken) % free;
    for (std::size_t index = 0; index < pins.size(); ++index) {
        if (pins[index] && !all_pinned) continue;
        shares[index] = each + (one_more > 0 ? 1 : 0);
        if (one_more > 0) --one_more;
    }
    return shares;
}

}  // namespace okra::document
