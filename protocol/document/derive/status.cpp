#include "protocol/document/derive/status.hpp"

#include <algorithm>
#include <vector>

#include "protocol/base/assert.hpp"

namespace okra::document {

namespace {

// A check-in may be this many days late before the key result counts as stale.
constexpr std::int32_t grace_days = 3;

// Between the calendars of a server in the far west (UTC-12) and of people in the far east (UTC+14).
constexpr std::int32_t calendars_apart_days = 2;

// Gaps are differences of fractions: 0.60 − 0.50 must not be more than 0.10 by the last bit.
constexpr double rounding = 1e-9;

int severity(status it)
{
    switch (it) {
        case status::closed:
            return 0;
        case status::none:
            return 1;
        case status::on_track:
            return 2;
        case status::stale:
            return 3;
        case status::at_risk:
            return 4;
        case status::off_track:
            return 5;
    }
    OKRA_ASSERT(false);
}

}  // namespace

std::optional<double> expected_progress(const derive_context& context)
{
    if (!context.cycle_start || !context.cycle_end) return std::nullopt;
    const double start = *context.cycle_start;
    const double end = *context.cycle_end;
    const double today = context.today;
    if (start >= end || today < start) return std::nullopt;
    return std::min(1.0, (today - start) / (end - start));
}

status pace_status(double expected, double progress, const derive_context& context)
{
    const double gap = expected - progress;
    if (gap <= context.pace_on_track_gap + rounding) return status::on_track;
    if (gap <= context.pace_at_risk_gap + rounding) return status::at_risk;
    return status::off_track;
}

status confidence_status(double confidence, const derive_context& context)
{
    if (confidence >= context.confidence_green) return status::on_track;
    if (confidence >= context.confidence_amber) return status::at_risk;
    return status::off_track;
}

status worse(status a, status b)
{
    return severity(a) >= severity(b) ? a : b;
}

std::optional<day_number> last_report(std::span<const day_number> dates, day_number today)
{
    std::optional<day_number> last;
    for (const day_number date : dates) {
        if (date <= today + calendars_apart_days) last = std::max(last.value_or(date), std::min(date, today));
    }
    return last;
}

status key_result_status(const status_input& input, const derive_context& context)
{
    if (input.closed) return status::closed;
    if (input.last_check_in && context.today - *input.last_check_in > context.check_in_days + grace_days) {
        return status::stale;
    }
    status result = status::none;
    if (input.progress && input.expected) {
        result = worse(result, pace_status(*input.expected, *input.progress, context));
    }
    if (input.confidence) result = worse(result, confidence_status(*input.confidence, context));
    return result;
}

status shown_status(status computed, std::optional<status> override_value)
{
    return computed == status::closed ? computed : override_value.value_or(computed);
}

std::optional<status> status_named(std::string_view name)
{
    if (name == "on_track") return status::on_track;
    if (name == "at_risk") return status::at_risk;
    if (name == "off_track") return status::off_track;
    return std::nullopt;
}

double fist_to_confidence(int fingers)
{
    return 2.0 * std::clamp(fingers, 1, 5);
}

std::optional<vote_summary> summarise_votes(std::span<const double> votes)
{
    if (votes.empty()) return std::nullopt;
    std::vector<double> sorted(votes.begin(), votes.end());
    std::ranges::sort(sorted);
    const std::size_t middle = sorted.size() / 2;
    const double median = sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return vote_summary{median, sorted.front(), sorted.back()};
}

}  // namespace okra::document
