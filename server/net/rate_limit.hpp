// A token bucket: so many a second in the long run, so many at once. Small, because every connection has one.
#pragma once

#include <algorithm>
#include <cstdint>

namespace okra::net {

struct rate {
    double per_second;
    double burst;
};

class rate_limit {
public:
    rate_limit(rate allowed, std::int64_t now_ms) : tokens_{static_cast<float>(allowed.burst)}, refilled_ms_{now_ms} {}

    void refill(rate allowed, std::int64_t now_ms)
    {
        const double earned = static_cast<double>(now_ms - refilled_ms_) * allowed.per_second / 1000.0;
        tokens_ = static_cast<float>(std::min(allowed.burst, static_cast<double>(tokens_) + earned));
        refilled_ms_ = now_ms;
    }

    [[nodiscard]] bool empty() const { return tokens_ < 1; }
    // More than there are: the next ones have to be earned first.
    void take(double count = 1) { tokens_ -= static_cast<float>(count); }

private:
    float tokens_;
    std::int64_t refilled_ms_;
};

}  // namespace okra::net
