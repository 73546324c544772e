#include "protocol/document/date.hpp"

#include <chrono>

#include "protocol/base/assert.hpp"

namespace okra::document {

namespace {

// The number that `digits` writes, or -1.
int parse_digits(std::string_view digits)
{
    int number = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return -1;
        number = number * 10 + (digit - '0');
    }
    return number;
}

void append_digits(std::string& out, unsigned number, int width)
{
    const std::string digits = std::to_string(number);
    out.append(static_cast<std::size_t>(width) - digits.size(), '0');
    out += digits;
}

}  // namespace

std::optional<day_number> parse_date(std::string_view text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = parse_digits(text.substr(0, 4));
    const int month = parse_digits(text.substr(5, 2));
    const int day = parse_digits(text.substr(8, 2));
    if (year < 0 || month < 0 || day < 0) return std::nullopt;

    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return static_cast<day_number>(std::chrono::sys_days{date}.time_since_epoch().count());
}

day_number latest_today(std::int64_t at_ms)
{
    using namespace std::chrono;
    constexpr hours furthest_ahead{14};
    return static_cast<day_number>(floor<days>(milliseconds{at_ms} + furthest_ahead).count());
}

std::string format_date(day_number day)
{
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    const int year = static_cast<int>(date.year());
    OKRA_ASSERT(year >= 0 && year <= 9999);
    std::string text;
    append_digits(text, static_cast<unsigned>(year), 4);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.day()), 2);
    return text;
}

}  // namespace okra::document
