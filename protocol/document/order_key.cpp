#include "protocol/document/order_key.hpp"

#include <algorithm>
#include <optional>

#include "protocol/base/assert.hpp"

namespace okra::document {

namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr char first_digit = digits.front();
constexpr char last_digit = digits.back();

std::size_t value_of(char digit)
{
    return digits.find(digit);
}

// With its head, or 0 when `head` is none.
std::size_t whole_length(char head)
{
    if (head >= 'a' && head <= 'z') return static_cast<std::size_t>(head - 'a') + 2;
    if (head >= 'A' && head <= 'Z') return static_cast<std::size_t>('Z' - head) + 2;
    return 0;
}

// The whole number after `whole`; nothing past the last one, after 62^26 of them.
std::optional<std::string> next_whole(std::string whole)
{
    for (std::size_t at = whole.size() - 1; at > 0; --at) {
        if (whole[at] != last_digit) {
            whole[at] = digits[value_of(whole[at]) + 1];
            return whole;
        }
        whole[at] = first_digit;
    }
    if (whole[0] == 'Z') return std::string{"a0"};
    if (whole[0] == 'z') return std::nullopt;
    ++whole[0];
    whole.assign(1, whole[0]).append(whole_length(whole[0]) - 1, first_digit);
    return whole;
}

// The whole number before `whole`, which must not be the first one.
std::string previous_whole(std::string whole)
{
    for (std::size_t at = whole.size() - 1; at > 0; --at) {
        if (whole[at] != first_digit) {
            whole[at] = digits[value_of(whole[at]) - 1];
            return whole;
        }
        whole[at] = last_digit;
    }
    if (whole[0] == 'a') return std::string{"Z"} + last_digit;
    OKRA_ASSERT(whole[0] != 'A');
    --whole[0];
    whole.assign(1, whole[0]).append(whole_length(whole[0]) - 1, last_digit);
    return whole;
}

// A fraction strictly between two; an empty `high` stands for 1. The shortest one nearest the middle.
std::string fraction_between(std::string_view low, std::string_view high)
{
    std::string result;
    // What both begin with, `low` padded with zeros.
    while (!high.empty() && (low.empty() ? first_digit : low.front()) == high.front()) {
        result += high.front();
        if (!low.empty()) low.remove_prefix(1);
        high.remove_prefix(1);
    }
    while (true) {
        const std::size_t from = low.empty() ? 0 : value_of(low.front());
        const std::size_t to = high.empty() ? digits.size() : value_of(high.front());
        if (to - from > 1) return result + digits[(from + to) / 2];
        // Neighbouring digits: the first digit of `high` alone is between, if `high` goes on behind it.
        if (high.size() > 1) return result + high.front();
        result += digits[from];
        if (!low.empty()) low.remove_prefix(1);
        high = {};
    }
}

// Nothing stands before the first whole number itself, so it never is a key; with a fraction it can be.
const std::string first_whole = std::string{"A"}.append(26, first_digit);

std::string key_before(std::string_view high)
{
    const std::string whole{high.substr(0, whole_length(high.front()))};
    const std::string_view fraction = high.substr(whole.size());
    if (whole == first_whole) return whole + fraction_between({}, fraction);
    if (!fraction.empty()) return whole;
    const std::string before = previous_whole(whole);
    return before == first_whole ? before + fraction_between({}, {}) : before;
}

}  // namespace

bool is_order_key(std::string_view text)
{
    if (text.empty()) return false;
    const std::size_t whole = whole_length(text.front());
    if (whole == 0 || text.size() < whole) return false;
    if (text.size() > whole && text.back() == first_digit) return false;
    if (text == first_whole) return false;
    return std::ranges::all_of(text.substr(1), [](char it) { return digits.find(it) != std::string_view::npos; });
}

std::string order_key_between(std::string_view low, std::string_view high)
{
    OKRA_ASSERT(low.empty() || is_order_key(low));
    OKRA_ASSERT(high.empty() || is_order_key(high));
    OKRA_ASSERT(low.empty() || high.empty() || low < high);
    if (low.empty() && high.empty()) return "a0";

    if (low.empty()) return key_before(high);
    const std::string low_whole{low.substr(0, whole_length(low.front()))};
    const std::string_view low_fraction = low.substr(low_whole.size());
    if (high.empty()) {
        if (auto after = next_whole(low_whole)) return *after;
        return low_whole + fraction_between(low_fraction, {});
    }
    const std::string_view high_whole = high.substr(0, whole_length(high.front()));
    const std::string_view high_fraction = high.substr(high_whole.size());
    if (low_whole == high_whole) return low_whole + fraction_between(low_fraction, high_fraction);
    if (auto after = next_whole(low_whole); after && *after < high) return *after;
    return low_whole + fraction_between(low_fraction, {});
}

}  // namespace okra::document
