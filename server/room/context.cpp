#include "server/room/context.hpp"

#include <cstdint>

namespace okra::room {

namespace {

const document::initial_value* field_of(const document::entity& it, std::string_view name)
{
    const auto found = it.fields.find(name);
    return found == it.fields.end() ? nullptr : &found->second.value;
}

std::optional<document::day_number> date_of(const document::entity& it, std::string_view name)
{
    const document::initial_value* value = field_of(it, name);
    const std::string* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    return text == nullptr ? std::nullopt : document::parse_date(*text);
}

template <typename Number>
void take_number(const document::entity& it, std::string_view name, Number& into)
{
    const document::initial_value* value = field_of(it, name);
    if (value == nullptr) return;
    if (const double* number = std::get_if<double>(value)) into = static_cast<Number>(*number);
}

}  // namespace

document::derive_context plan_context(const document::document& workspace, std::string_view cycle,
                                      document::day_number today)
{
    document::derive_context context;
    context.today = today;
    const document::entity& root = workspace.root();
    take_number(root, "check_in_days", context.check_in_days);
    take_number(root, "pace_on_track_gap", context.pace_on_track_gap);
    take_number(root, "pace_at_risk_gap", context.pace_at_risk_gap);
    take_number(root, "confidence_green", context.confidence_green);
    take_number(root, "confidence_amber", context.confidence_amber);

    const document::entity* found = workspace.find(cycle);
    if (found == nullptr || found->kind->name != "cycle" || !workspace.is_live(*found)) return context;
    context.cycle_start = date_of(*found, "start");
    context.cycle_end = date_of(*found, "end");
    return context;
}

}  // namespace okra::room
