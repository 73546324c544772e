#include "server/runtime/clock.hpp"

#include <chrono>
#include <ctime>

#include "protocol/base/assert.hpp"

namespace okra::runtime {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Set before there are other threads.
virtual_clock* simulated = nullptr;

}  // namespace

std::int64_t wall_clock_ms()
{
    if (simulated != nullptr) return simulated->wall_ms();
    return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::int64_t steady_clock_ms()
{
    if (simulated != nullptr) return simulated->steady_ms();
    return duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::int64_t steady_clock_us()
{
    constexpr std::int64_t us_per_ms = 1000;
    if (simulated != nullptr) return simulated->steady_ms() * us_per_ms;
    return duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

document::day_number today()
{
    using namespace std::chrono;
    if (simulated != nullptr) {
        return static_cast<document::day_number>(floor<days>(milliseconds{simulated->wall_ms()}).count());
    }
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    const sys_days day = year{local.tm_year + 1900} / month{static_cast<unsigned>(local.tm_mon + 1)} /
                         std::chrono::day{static_cast<unsigned>(local.tm_mday)};
    return static_cast<document::day_number>(day.time_since_epoch().count());
}

virtual_clock::virtual_clock(std::int64_t wall_ms) : wall_ahead_ms_{wall_ms}
{
    OKRA_ASSERT(simulated == nullptr);
    simulated = this;
}

virtual_clock::~virtual_clock()
{
    simulated = nullptr;
}

void virtual_clock::advance_to(std::int64_t steady_ms)
{
    OKRA_ASSERT(steady_ms >= steady_ms_);
    steady_ms_ = steady_ms;
}

}  // namespace okra::runtime
