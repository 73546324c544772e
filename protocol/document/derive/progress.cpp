#include "protocol/document/derive/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "protocol/document/derive/field_reader.hpp"

namespace okra::document {

namespace {

// Far outside anything that could be shown, and safe to write as JSON: a hair's breadth between start and target must
// not give an infinity. Adding zero turns -0 into 0.
measurement measured(double progress)
{
    constexpr double bound = 1e6;
    return {std::clamp(progress, -bound, bound) + 0.0, {}};
}

measurement not_measured()
{
    return {};
}

measurement wrong(std::string_view error)
{
    return {std::nullopt, error};
}

double distance_share(double distance, double bound, std::optional<double> tolerance)
{
    const double allowed = tolerance.value_or(std::abs(bound) / 10);
    return allowed > 0 ? std::max(0.0, 1 - distance / allowed) : 0;
}

struct zone_point {
    double at;
    double progress;
};

bool is_monotonic(std::span<const zone_point> points)
{
    const auto rises = [](const zone_point& a, const zone_point& b) { return a.at < b.at; };
    const auto falls = [](const zone_point& a, const zone_point& b) { return a.at > b.at; };
    return std::ranges::adjacent_find(points, std::not_fn(rises)) == points.end() ||
           std::ranges::adjacent_find(points, std::not_fn(falls)) == points.end();
}

std::vector<milestone_share> live_milestones(const document& it, const entity& key_result)
{
    std::vector<milestone_share> result;
    for (const entity* child : it.children_of(key_result)) {
        if (child->removed || child->kind->name != "milestone") continue;
        result.push_back({number_field(*child, "weight").value_or(1), flag_field(*child, "done").value_or(false)});
    }
    return result;
}

}  // namespace

measurement measure_linear(const linear_scale& scale, std::optional<double> current)
{
    if (scale.start && scale.target && *scale.start == *scale.target) return wrong("start_equals_target");
    if (!current) return not_measured();
    if (!scale.start) return wrong("start_missing");
    if (!scale.target) return wrong("target_missing");
    return measured((*current - *scale.start) / (*scale.target - *scale.start));
}

measurement measure_band(const band_scale& scale, std::optional<double> current)
{
    if (scale.low && scale.high && *scale.low > *scale.high) return wrong("band_reversed");
    if (!current) return not_measured();
    if (!scale.low && !scale.high) return wrong("band_missing");
    if (scale.low && *current < *scale.low) {
        return measured(distance_share(*scale.low - *current, *scale.low, scale.tolerance));
    }
    if (scale.high && *current > *scale.high) {
        return measured(distance_share(*current - *scale.high, *scale.high, scale.tolerance));
    }
    return measured(1);
}

measurement measure_zones(const zone_scale& scale, std::optional<double> current)
{
    std::vector<zone_point> points;
    const auto add = [&](std::optional<double> at, double progress) {
        if (at) points.push_back({*at, progress});
    };
    add(scale.start, 0);
    add(scale.commit, 0.3);
    add(scale.target, 0.7);
    add(scale.stretch, 1);
    if (!is_monotonic(points)) return wrong("zones_not_ordered");
    if (!current) return not_measured();
    if (!scale.start) return wrong("start_missing");
    if (!scale.target) return wrong("target_missing");

    // The segment that `current` lies in; outside them all, the nearest.
    const bool rising = points.front().at < points.back().at;
    std::size_t end = 1;
    while (end + 1 < points.size() && (rising ? *current > points[end].at : *current < points[end].at)) ++end;
    const zone_point& from = points[end - 1];
    const zone_point& to = points[end];
    return measured(from.progress + (to.progress - from.progress) * ((*current - from.at) / (to.at - from.at)));
}

measurement measure_milestones(std::span<const milestone_share> milestones)
{
    if (milestones.empty()) return not_measured();
    double all = 0;
    double done = 0;
    for (const milestone_share& it : milestones) {
        all += it.weight;
        if (it.done) done += it.weight;
    }
    if (all > 0) return measured(done / all);
    const auto count = std::ranges::count_if(milestones, &milestone_share::done);
    return measured(static_cast<double>(count) / static_cast<double>(milestones.size()));
}

measurement measure_yes_no(std::optional<bool> done)
{
    if (!done) return not_measured();
    return measured(*done ? 1 : 0);
}

measurement measure(const document& it, const entity& key_result)
{
    const auto number = [&](std::string_view name) { return number_field(key_result, name); };
    const std::string_view metric = string_field(key_result, "metric");
    if (metric == "band") {
        return measure_band({number("low"), number("high"), number("tolerance")}, number("current"));
    }
    if (metric == "zones") {
        return measure_zones({number("start"), number("commit"), number("target"), number("stretch")},
                             number("current"));
    }
    if (metric == "milestones") return measure_milestones(live_milestones(it, key_result));
    if (metric == "yes_no") return measure_yes_no(flag_field(key_result, "done"));
    return measure_linear({number("start"), number("target")}, number("current"));
}

bool has_pace(const entity& key_result)
{
    const std::string_view metric = string_field(key_result, "metric");
    return metric != "yes_no" && metric != "band";
}

}  // namespace okra::document
