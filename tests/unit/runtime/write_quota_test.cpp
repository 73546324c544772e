#include "server/runtime/write_quota.hpp"

#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using okra::runtime::daily_bytes;
using okra::runtime::write_quotas;

namespace {

constexpr okra::document::day_number today = 20'000;
constexpr std::uint64_t mebibyte = 1 << 20;

}  // namespace

TEST_CASE("[ER8] bytes count on their day, whoever adds them", "[runtime]")
{
    daily_bytes it;
    CHECK(it.of(today) == 0);
    std::vector<std::thread> writers;
    for (int index = 0; index < 4; ++index) {
        writers.emplace_back([&] {
            for (int count = 0; count < 10'000; ++count) it.add(3, today);
        });
    }
    for (std::thread& each : writers) each.join();
    CHECK(it.of(today) == 120'000);
    CHECK(it.of(today + 1) == 0);
    it.add(5, today + 1);
    CHECK(it.of(today + 1) == 5);
    CHECK(it.of(today) == 0);
    it.add(~std::uint64_t{0} >> 1U, today + 1);  // a counter that is full stays so
    CHECK(it.of(today + 1) > mebibyte);
}

TEST_CASE("[ER8] one name has one counter, and what counts is kept over a restart of the same day", "[runtime]")
{
    write_quotas quotas;
    quotas.counter_of("acme")->add(7 * mebibyte, today);
    quotas.counter_of("acme/plan/a/q1")->add(2 * mebibyte, today);
    quotas.counter_of("acme/plan/b/q1")->add(100, today);
    CHECK(quotas.counter_of("acme")->of(today) == 7 * mebibyte);

    write_quotas restarted;
    restarted.restore(quotas.save(today), today);
    CHECK(restarted.counter_of("acme")->of(today) == 7 * mebibyte);
    CHECK(restarted.counter_of("acme/plan/a/q1")->of(today) == 2 * mebibyte);
    CHECK(restarted.counter_of("acme/plan/b/q1")->of(today) == 0);  // not worth it

    write_quotas tomorrow;
    tomorrow.restore(quotas.save(today), today + 1);
    CHECK(tomorrow.counter_of("acme")->of(today + 1) == 0);
    for (const char* damaged : {"", "okra quotas 2 20000\n9 acme\n", "okra quotas 1 20000\nx acme\n5\n 7\n"}) {
        write_quotas it;
        it.restore(damaged, today);
        CHECK(it.counter_of("acme")->of(today) == 0);
    }
}
