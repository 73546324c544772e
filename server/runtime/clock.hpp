// The runtime's time: steady for intervals, the wall's for stamps, the calendar's for figures. It is the machine's,
// unless a simulation moves it.
#pragma once

#include <cstdint>

#include "protocol/document/derive/derive.hpp"

namespace okra::runtime {

// Milliseconds since 1970 UTC.
[[nodiscard]] std::int64_t wall_clock_ms();

// Milliseconds since some moment, for intervals: never jumps.
[[nodiscard]] std::int64_t steady_clock_ms();
// The same in microseconds, for the cost of work; in a simulation work takes no time.
[[nodiscard]] std::int64_t steady_clock_us();

// Today where the server stands: teams that share a server share its calendar.
[[nodiscard]] document::day_number today();

// While it exists, all of the above tell its time, and the calendar is that of UTC. One in a process, made before the
// runtime and used by one thread.
class virtual_clock {
public:
    explicit virtual_clock(std::int64_t wall_ms);
    ~virtual_clock();
    virtual_clock(const virtual_clock&) = delete;
    virtual_clock& operator=(const virtual_clock&) = delete;

    [[nodiscard]] std::int64_t steady_ms() const { return steady_ms_; }
    [[nodiscard]] std::int64_t wall_ms() const { return steady_ms_ + wall_ahead_ms_; }

    void advance_to(std::int64_t steady_ms);
    // Somebody sets the machine's clock.
    void set_wall_by(std::int64_t ms) { wall_ahead_ms_ += ms; }

private:
    std::int64_t steady_ms_ = 0;
    std::int64_t wall_ahead_ms_;
};

}  // namespace okra::runtime
