#include "tools/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace okra::load {

// Values below 2^(bits + 1) have a bucket each; above, the leading bit and the `bits` after it name the bucket.
std::size_t histogram::bucket_of(std::uint64_t value)
{
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > fraction_bits + 1 ? width - fraction_bits - 1 : 0;
    return (std::size_t{shift} << fraction_bits) + static_cast<std::size_t>(value >> shift);
}

std::uint64_t histogram::upper_bound_of(std::size_t bucket)
{
    constexpr std::size_t exact = std::size_t{1} << (fraction_bits + 1);
    if (bucket < exact) return bucket;
    const std::size_t shift = (bucket >> fraction_bits) - 1;
    const std::uint64_t leading = bucket - (shift << fraction_bits);
    return ((leading + 1) << shift) - 1;
}

void histogram::record(std::int64_t nanoseconds, std::uint64_t times)
{
    const auto value = std::max<std::int64_t>(nanoseconds, 0);
    buckets_[bucket_of(static_cast<std::uint64_t>(value))] += times;
    count_ += times;
    max_ = std::max(max_, value);
}

void histogram::add(const histogram& other)
{
    for (std::size_t index = 0; index < bucket_count; ++index) buckets_[index] += other.buckets_[index];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::int64_t histogram::quantile(double part) const
{
    const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t index = 0; index < bucket_count; ++index) {
        seen += buckets_[index];
        if (seen >= wanted && seen > 0) return std::min(static_cast<std::int64_t>(upper_bound_of(index)), max_);
    }
    return max_;
}

}  // namespace okra::load
