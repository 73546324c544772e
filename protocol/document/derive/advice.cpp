#include "protocol/document/derive/advice.hpp"

#include "protocol/document/derive/field_reader.hpp"

namespace okra::document {

namespace {

constexpr std::string_view ends_before_start = "cycle_ends_before_start";

bool is_reversed(std::optional<day_number> start, std::optional<day_number> end)
{
    return start && end && *end < *start;
}

bool is_before_cycle(day_number day, const derive_context& context)
{
    return context.cycle_start && day < *context.cycle_start;
}

bool is_outside_cycle(day_number day, const derive_context& context)
{
    if (is_reversed(context.cycle_start, context.cycle_end)) return false;  // nothing lies in it
    return is_before_cycle(day, context) || (context.cycle_end && day > *context.cycle_end);
}

// A key result that had another metric before may still have a `done`, which means nothing in it any more.
bool is_over(const entity& it)
{
    const std::string_view state = string_field(it, "state");
    const bool can_be_done = it.kind->name != "key_result" || string_field(it, "metric") == "yes_no";
    return state == "abandoned" || state == "closed" || state == "done" || state == "dropped" ||
           (can_be_done && flag_field(it, "done").value_or(false));
}

void advise_cycles_below(const document& workspace, const entity& parent, figure_table& table)
{
    for (const entity* it : workspace.children_of(parent)) {
        if (it->removed || it->kind->name != "cycle") continue;
        if (is_reversed(parse_date(string_field(*it, "start")), parse_date(string_field(*it, "end")))) {
            table[it->id].advice.emplace_back(ends_before_start);
        }
        advise_cycles_below(workspace, *it, table);
    }
}

}  // namespace

advice advise(const entity& it, const derive_context& context)
{
    advice told;
    const auto due = is_over(it) ? std::nullopt : parse_date(string_field(it, "due"));
    if (due && is_outside_cycle(*due, context)) told.emplace_back("due_outside_cycle");
    const auto date = parse_date(string_field(it, "date"));
    if (date && is_before_cycle(*date, context)) told.emplace_back("dated_before_cycle");
    const std::string_view roll_up = string_field(it, "roll_up");
    if (!roll_up.empty() && roll_up != "own") told.emplace_back("roll_up_of_own");
    return told;
}

advice advise_plan(const derive_context& context)
{
    if (!is_reversed(context.cycle_start, context.cycle_end)) return {};
    return {std::string{ends_before_start}};
}

figure_table advise_cycles(const document& workspace)
{
    figure_table table;
    advise_cycles_below(workspace, workspace.root(), table);
    return table;
}

}  // namespace okra::document
