#include "protocol/document/derive/roll_up.hpp"

#include <algorithm>

#include "protocol/base/assert.hpp"
#include "protocol/document/derive/advice.hpp"
#include "protocol/document/derive/field_reader.hpp"
#include "protocol/document/derive/progress.hpp"
#include "protocol/document/derive/status.hpp"
#include "protocol/document/derive/weights.hpp"

namespace okra::document {

namespace {

bool is_abandoned(const entity& it)
{
    return string_field(it, "state") == "abandoned";
}

bool is_closed(const entity& it)
{
    return is_abandoned(it) || string_field(it, "state") == "closed";
}

void count(status_counts& counts, status it)
{
    switch (it) {
        case status::none:
            ++counts.none;
            return;
        case status::on_track:
            ++counts.on_track;
            return;
        case status::at_risk:
            ++counts.at_risk;
            return;
        case status::off_track:
            ++counts.off_track;
            return;
        case status::stale:
            ++counts.stale;
            return;
        case status::closed:
            ++counts.closed;
            return;
    }
    OKRA_ASSERT(false);
}

void add_counts(status_counts& to, const status_counts& from)
{
    to.on_track += from.on_track;
    to.at_risk += from.at_risk;
    to.off_track += from.off_track;
    to.stale += from.stale;
    to.none += from.none;
    to.closed += from.closed;
}

std::vector<day_number> check_in_days(const document& it, const entity& key_result)
{
    std::vector<day_number> days;
    for (const entity* child : it.children_of(key_result)) {
        if (child->removed || child->kind->name != "check_in") continue;
        if (const auto day = parse_date(string_field(*child, "date"))) days.push_back(*day);
    }
    return days;
}

struct weighing {
    bool counts = true;
    std::optional<double> pinned;
};

struct weighed {
    std::vector<std::optional<std::uint32_t>> shares;  // nothing for what does not count; in thousandths
    bool are_scaled = false;
};

weighed weigh(const std::vector<weighing>& siblings)
{
    std::vector<std::optional<double>> pins;
    pins.reserve(siblings.size());
    for (const weighing& it : siblings) {
        if (it.counts) pins.push_back(it.pinned);
    }
    const std::vector<std::uint32_t> shares = share_weights(pins);
    weighed result{.shares = {}, .are_scaled = are_scaled(pins, shares)};
    result.shares.reserve(siblings.size());
    std::size_t next = 0;
    for (const weighing& it : siblings) {
        result.shares.push_back(it.counts ? std::optional{shares[next++]} : std::nullopt);
    }
    return result;
}

weight_share share_of(const weighed& siblings, std::size_t index)
{
    const auto thousandths = siblings.shares[index];
    if (!thousandths) return {};
    return {static_cast<std::uint16_t>(*thousandths), siblings.are_scaled};
}

figures summarise_key_result(const document& it, const entity& key_result, bool objective_is_closed,
                             const derive_context& context)
{
    const measurement measured = measure(it, key_result);
    figures result;
    result.advice = advise(key_result, context);
    result.progress = measured.progress;
    result.error = measured.error;
    status_input input;
    input.closed = objective_is_closed || is_closed(key_result);
    if (!input.closed && has_pace(key_result)) result.expected = expected_progress(context);
    input.last_check_in = last_report(check_in_days(it, key_result), context.today);
    input.progress = result.progress;
    input.expected = result.expected;
    input.confidence = number_field(key_result, "confidence");
    result.computed = key_result_status(input, context);
    result.shown = shown_status(*result.computed, status_named(string_field(key_result, "status_override")));
    return result;
}

std::vector<const entity*> live_key_results(const document& it, const entity& objective)
{
    std::vector<const entity*> result;
    for (const entity* child : it.children_of(objective)) {
        if (!child->removed && child->kind->name == "key_result") result.push_back(child);
    }
    return result;
}

bool has_a_say(const entity& below_key_result)
{
    const std::string_view kind = below_key_result.kind->name;
    return kind == "milestone" || kind == "check_in" || kind == "initiative";
}

void list_members(const document& it, const entity& objective, std::vector<const entity*>& members)
{
    for (const entity* child : it.children_of(objective)) {
        if (child->kind->name != "key_result") continue;
        members.push_back(child);
        for (const entity* below : it.children_of(*child)) {
            if (has_a_say(*below)) members.push_back(below);
        }
    }
}

void advise_below(const document& it, const entity& key_result, const derive_context& context,
                  objective_summary& summary)
{
    for (const entity* below : it.children_of(key_result)) {
        if (below->removed || !has_a_say(*below)) continue;
        figures row;
        row.advice = advise(*below, context);
        if (!row.advice.empty()) summary.below.emplace_back(below, std::move(row));
    }
}

}  // namespace

// What the siblings' weights have to do with it is the last that is told of it.
void give_share(figures& to, const weight_share& share)
{
    to.weight =
        share.thousandths ? std::optional{static_cast<double>(*share.thousandths) / whole_weight} : std::nullopt;
    if (!to.advice.empty() && to.advice.back() == weights_scaled) to.advice.pop_back();
    if (share.is_scaled) to.advice.emplace_back(weights_scaled);
}

objective_summary summarise_objective(const document& it, const entity& objective, const derive_context& context)
{
    objective_summary summary;
    const bool closed = is_closed(objective);
    const auto key_results = live_key_results(it, objective);
    std::vector<weighing> siblings;
    for (const entity* each : key_results) siblings.push_back({!is_abandoned(*each), number_field(*each, "weight")});
    const auto weights = weigh(siblings);

    weighted_mean mean;
    figures& itself = summary.itself;
    itself.advice = advise(objective, context);
    itself.computed = status::closed;
    std::uint32_t counted = 0;
    std::uint32_t measured = 0;
    for (std::size_t index = 0; index < key_results.size(); ++index) {
        const entity& key_result = *key_results[index];
        figures figures_of_it = summarise_key_result(it, key_result, closed, context);
        if (const auto weight = weights.shares[index]) {
            give_share(figures_of_it, share_of(weights, index));
            mean.add(*weight, std::clamp(figures_of_it.progress.value_or(0), 0.0, 1.0));
            ++counted;
            if (figures_of_it.progress) ++measured;
            if (figures_of_it.expected) itself.expected = figures_of_it.expected;
            count(summary.part.key_results, *figures_of_it.shown);
            itself.computed = worse(*itself.computed, *figures_of_it.shown);
        }
        summary.below.emplace_back(&key_result, std::move(figures_of_it));
        advise_below(it, key_result, context, summary);
    }
    if (counted > 0) itself.progress = mean.value();
    itself.measured = measured;
    itself.of = counted;
    if (closed) {
        itself.computed = status::closed;
    } else if (counted == 0) {
        itself.computed = status::none;
    }
    itself.shown = shown_status(*itself.computed, status_named(string_field(objective, "status_override")));
    list_members(it, objective, summary.members);
    summary.part.counts = !is_abandoned(objective);
    summary.part.has_pace = itself.expected.has_value();
    summary.part.measured = measured;
    summary.part.of = counted;
    summary.part.pinned_weight = optional_number{number_field(objective, "weight")};
    summary.part.progress = optional_number{itself.progress};
    return summary;
}

plan_roll_up::plan_roll_up(const derive_context& context) : context_{context}
{
    itself_.advice = advise_plan(context);
    itself_.measured = 0;
    itself_.of = 0;
    itself_.counts.emplace();
}

void plan_roll_up::add(const plan_part& it, std::uint32_t thousandths)
{
    add_counts(*itself_.counts, it.key_results);
    *itself_.measured += it.measured;
    *itself_.of += it.of;
    const auto progress = it.progress.get();
    if (!progress) return;
    has_progress_ = true;
    mean_.add(thousandths, *progress);
    if (it.has_pace) itself_.expected = expected_progress(context_);
}

figures plan_roll_up::result() &&
{
    if (has_progress_) itself_.progress = mean_.value();
    return std::move(itself_);
}

}  // namespace okra::document
