#include "tools/load/histogram.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "protocol/base/prng.hpp"

using okra::load::histogram;

TEST_CASE("an empty histogram has quantiles of 0", "[load]")
{
    const histogram empty;
    CHECK(empty.count() == 0);
    CHECK(empty.quantile(0.5) == 0);
    CHECK(empty.max() == 0);
}

TEST_CASE("small durations are exact", "[load]")
{
    histogram it;
    for (std::int64_t value = 0; value < 200; ++value) it.record(value);
    CHECK(it.quantile(0.5) == 99);
    CHECK(it.quantile(1.0) == 199);
    CHECK(it.quantile(0.005) == 0);
}

TEST_CASE("quantiles are within 1 % of those of the sorted durations", "[load]")
{
    okra::prng random{7};
    histogram it;
    std::vector<std::int64_t> all;
    for (int count = 0; count < 50'000; ++count) {
        // From nanoseconds to hours, evenly in the logarithm.
        const auto value = static_cast<std::int64_t>(random.next() >> (20 + random.below(44)));
        it.record(value);
        all.push_back(value);
    }
    std::sort(all.begin(), all.end());
    for (const double part : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto index =
            std::max<std::size_t>(static_cast<std::size_t>(part * static_cast<double>(all.size())), 1) - 1;
        const auto exact = static_cast<double>(all[index]);
        CHECK(static_cast<double>(it.quantile(part)) >= exact);
        CHECK(static_cast<double>(it.quantile(part)) <= exact * 1.01 + 1);
    }
    CHECK(it.max() == all.back());
    CHECK(it.quantile(1.0) == all.back());
}

TEST_CASE("added up, two histograms are as one", "[load]")
{
    histogram first;
    histogram second;
    histogram both;
    for (std::int64_t value = 1; value < 1'000'000'000; value *= 3) {
        (value % 2 == 0 ? first : second).record(value);
        second.record(value + 1, 4);
        both.record(value);
        both.record(value + 1, 4);
    }
    first.add(second);
    CHECK(first.count() == both.count());
    CHECK(first.max() == both.max());
    for (const double part : {0.1, 0.5, 0.9}) CHECK(first.quantile(part) == both.quantile(part));
}

TEST_CASE("a clock that seems to go backwards counts as no time", "[load]")
{
    histogram it;
    it.record(-5);
    CHECK(it.count() == 1);
    CHECK(it.max() == 0);
}
