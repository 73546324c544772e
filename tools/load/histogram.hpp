// Counts durations in logarithmic buckets: 128 to each doubling, so a quantile is off by less than 1 %. Constant
// memory, an increment a record. One owner, one thread; histograms of several threads are added up afterwards.
#pragma once

#include <array>
#include <cstdint>

namespace okra::load {

class histogram {
public:
    void record(std::int64_t nanoseconds, std::uint64_t times = 1);
    void add(const histogram& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    // The duration that `part` (0..1] of all records do not exceed; 0 when there are none. At most `max`.
    [[nodiscard]] std::int64_t quantile(double part) const;
    [[nodiscard]] std::int64_t max() const { return max_; }

private:
    static constexpr unsigned fraction_bits = 7;
    static constexpr std::size_t bucket_count = (64 - fraction_bits + 1) << fraction_bits;

    [[nodiscard]] static std::size_t bucket_of(std::uint64_t value);
    [[nodiscard]] static std::uint64_t upper_bound_of(std::size_t bucket);

    std::array<std::uint64_t, bucket_count> buckets_{};
    std::uint64_t count_ = 0;
    std::int64_t max_ = 0;
};

}  // namespace okra::load
