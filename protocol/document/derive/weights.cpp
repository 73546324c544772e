#include "protocol/document/derive/weights.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "protocol/base/assert.hpp"

namespace okra::document {

namespace {

// `total` split in proportion to `parts`, whose sum is not 0: rounded down, and what is left over goes to the largest
// remainders, the first of equals.
std::vector<std::uint32_t> split(std::uint32_t total, std::span<const double> parts)
{
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    std::vector<std::uint32_t> shares;
    std::vector<double> remainders;
    shares.reserve(parts.size());
    remainders.reserve(parts.size());
    std::uint32_t given = 0;
    for (const double part : parts) {
        const double exact = total * part / sum;
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

std::vector<std::uint32_t> share_weights(std::span<const std::optional<double>> pins)
{
    if (pins.empty()) return {};
    std::vector<double> pinned;  // 0 where there is no pin
    std::vector<double> free;    // 1 where there is no pin
    pinned.reserve(pins.size());
    free.reserve(pins.size());
    std::uint32_t taken = 0;
    for (const std::optional<double>& pin : pins) {
        const double thousandths = std::round(std::clamp(pin.value_or(0), 0.0, 1.0) * whole_weight);
        pinned.push_back(thousandths);
        free.push_back(pin ? 0 : 1);
        taken += static_cast<std::uint32_t>(thousandths);
    }
    const bool any_free = std::ranges::any_of(pins, [](const auto& pin) { return !pin.has_value(); });
    if (taken > whole_weight || (!any_free && taken > 0)) return split(whole_weight, pinned);
    if (!any_free) return split(whole_weight, std::vector<double>(pins.size(), 1));

    std::vector<std::uint32_t> shares = split(whole_weight - taken, free);
    for (std::size_t index = 0; index < pins.size(); ++index) {
        if (pins[index]) shares[index] = static_cast<std::uint32_t>(pinned[index]);
    }
    return shares;
}

}  // namespace okra::document
