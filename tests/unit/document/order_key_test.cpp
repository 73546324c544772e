#include "protocol/document/order_key.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "protocol/base/prng.hpp"

namespace okra::document {

namespace {

void require_between(std::string_view low, const std::string& key, std::string_view high)
{
    REQUIRE(is_order_key(key));
    if (!low.empty()) REQUIRE(low < key);
    if (!high.empty()) REQUIRE(key < high);
}

}  // namespace

TEST_CASE("[OP7] keys between neighbours are short", "[document][order]")
{
    struct row {
        std::string low;
        std::string high;
        std::string key;
    };
    const row rows[] = {
        {"", "", "a0"},       {"a0", "", "a1"},       {"az", "", "b00"},      {"", "a0", "Zz"},
        {"", "Z0", "Yzz"},    {"", "a0V", "a0"},      {"a0", "a1", "a0V"},    {"a0", "a2", "a1"},
        {"a0", "a0V", "a0F"}, {"a0", "a01", "a00V"},  {"Zz", "a0", "ZzV"},    {"a0z", "a1", "a0zV"},
        {"bzz", "", "c000"},  {"a0V", "a1", "a0k"},   {"a01", "a02", "a01V"}, {"a0", "b00", "a1"},
        {"Zz", "a1", "a0"},   {"a0F", "a0G", "a0FV"},
    };
    for (const row& it : rows) {
        CHECK(order_key_between(it.low, it.high) == it.key);
        require_between(it.low, it.key, it.high);
    }
}

TEST_CASE("[OP7] there is room before the first and behind the last whole number", "[document][order]")
{
    const std::string first = "A" + std::string(26, '0');
    const std::string last = "z" + std::string(26, 'z');
    CHECK_FALSE(is_order_key(first));
    CHECK(is_order_key(last));
    std::string low = last;
    std::string high = "A" + std::string(25, '0') + "1";
    for (int count = 0; count < 100; ++count) {
        const std::string above = order_key_between(low, {});
        require_between(low, above, {});
        low = above;
        const std::string below = order_key_between({}, high);
        require_between({}, below, high);
        high = below;
    }
}

TEST_CASE("[OP7] what is not a key is told", "[document][order]")
{
    for (const std::string_view bad : {"", "a", "0", "a00", "a0V0", "b0", "a!", "a0 ", "-0", "Z", "Y0", "é0"}) {
        CHECK_FALSE(is_order_key(bad));
    }
}

TEST_CASE("[OP7] keys at the ends of a long list stay short", "[document][order]")
{
    std::string last = "a0";
    std::string first = "a0";
    for (int count = 0; count < 100'000; ++count) {
        const std::string after = order_key_between(last, {});
        REQUIRE(last < after);
        last = after;
        const std::string before = order_key_between({}, first);
        REQUIRE(before < first);
        first = before;
    }
    CHECK(last.size() <= 5);
    CHECK(first.size() <= 5);
}

TEST_CASE("[OP7] thousands of inserts at one place still find room", "[document][order]")
{
    struct row {
        bool keeps_low;  // the next key goes between the low end and the last key, or the last key and the high end
        bool alternates;
    };
    for (const row& it : {row{true, false}, row{false, false}, row{false, true}}) {
        std::string low = "a0";
        std::string high = "a1";
        constexpr int inserts = 6000;
        for (int count = 0; count < inserts; ++count) {
            const std::string key = order_key_between(low, high);
            require_between(low, key, high);
            const bool raises_low = it.alternates ? count % 2 == 0 : !it.keeps_low;
            (raises_low ? low : high) = key;
        }
        CHECK(std::max(low.size(), high.size()) <= inserts / 4);
    }
}

TEST_CASE("[OP7] random inserts keep every list sorted and unique", "[document][order]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        prng random{seed};
        std::vector<std::string> keys;
        for (int count = 0; count < 1000; ++count) {
            const bool at_hot_spot = random.one_in(2) && keys.size() > 3;
            const std::size_t at = at_hot_spot ? keys.size() / 2 : random.below(keys.size() + 1);
            const std::string_view low = at == 0 ? std::string_view{} : keys[at - 1];
            const std::string_view high = at == keys.size() ? std::string_view{} : keys[at];
            const std::string key = order_key_between(low, high);
            require_between(low, key, high);
            keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(at), key);
        }
        REQUIRE(std::ranges::adjacent_find(keys, std::greater_equal{}) == keys.end());
    }
}

}  // namespace okra::document
