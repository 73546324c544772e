// Calendar dates without a clock or a time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okra::document {

// Days since 1970-01-01 in the proleptic Gregorian calendar.
using day_number = std::int32_t;

// "YYYY-MM-DD", years 0000 to 9999; nothing for another form or a day that the calendar does not have.
[[nodiscard]] std::optional<day_number> parse_date(std::string_view text);

// The latest day that it is anywhere on Earth at this moment, milliseconds since 1970 UTC: that of UTC+14.
[[nodiscard]] day_number latest_today(std::int64_t at_ms);

// `day` must lie in the years 0000 to 9999.
[[nodiscard]] std::string format_date(day_number day);

}  // namespace okra::document
