#include "tools/check/scratch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "protocol/base/assert.hpp"
#include "protocol/document/date.hpp"
#include "server/room/context.hpp"
#include "tools/cli/session.hpp"
#include "tools/client/text_difference.hpp"

namespace okra::check::scratch {

namespace {

using client::failure;
using client::op_list;

constexpr std::string_view title = "Scratch plan of okra-check: it is emptied after each run";
constexpr std::string_view team = "okra-check";
// Room for what a run adds; beyond it the day's plan counts as full.
constexpr std::size_t entities_kept_free = 100;

struct item {
    std::string_view id;
    std::string_view kind;
    std::string_view parent;
    std::string_view title;
    std::vector<document::named_initial_value> figures;
};

const std::vector<item>& items()
{
    using text = std::string;
    static const std::vector<item> all{
        {objective, "objective", "plan", "Everybody edits this", {{"commitment", text{"committed"}}}},
        {other_objective, "objective", "plan", "And this", {{"weight", 0.25}}},
        {typed_in,
         "key_result",
         objective,
         "Typed at the same place: ",
         {{"metric", text{"number"}}, {"start", 0.0}, {"target", 100.0}, {"current", 10.0}}},
        {moved,
         "key_result",
         objective,
         "Moved",
         {{"metric", text{"percent"}}, {"start", 0.0}, {"target", 1.0}, {"current", 0.5}, {"confidence", 5.0}}},
        {measured, "key_result", objective, "Measured by milestones", {{"metric", text{"milestones"}}}},
        {removed, "key_result", other_objective, "Removed and restored", {{"metric", text{"yes_no"}}, {"done", false}}},
    };
    return all;
}

bool is_item(std::string_view id)
{
    return std::ranges::any_of(items(), [&](const item& it) { return it.id == id; });
}

void retitle(const document::document& in, std::string_view id, std::string_view to, op_list& out)
{
    const auto now = client::text_of(in, id, "title");
    if (now == to) return;
    out.push_back(document::edit_op{std::string{id}, "title", client::difference(now, to)});
}

// What runs have put into sets and counters.
void empty(const document::entity& it, op_list& out)
{
    for (const auto& [name, state] : it.fields) {
        if (const auto* members = std::get_if<std::vector<std::string>>(&state.value)) {
            for (const auto& member : *members) out.push_back(document::exclude_op{it.id, name, member});
        }
        const auto* field = it.kind->find(name);
        const auto* count = std::get_if<double>(&state.value);
        if (field->type == document::field_type::counter && count != nullptr && *count != 0) {
            out.push_back(document::add_op{it.id, name, -static_cast<std::int64_t>(*count)});
        }
    }
}

void furnish(const document::document& in, const item& it, op_list& out)
{
    const std::string id{it.id};
    const auto* found = in.find(it.id);
    if (found == nullptr) {
        auto fields = it.figures;
        fields.push_back({"title", std::string{it.title}});
        out.push_back(document::create_op{
            id, std::string{it.kind}, std::string{it.parent}, document::place_last{}, std::move(fields), {}});
        return;
    }
    if (found->parent != it.parent) {
        out.push_back(document::move_op{id, std::string{it.parent}, document::place_last{}, {}});
    }
    if (found->removed) out.push_back(document::restore_op{id});
    for (const auto& [field, value] : it.figures) {
        document::set_op set{id, field, document::null_value{}, {}};
        if (const auto* number = std::get_if<double>(&value)) set.value = *number;
        if (const auto* text = std::get_if<std::string>(&value)) set.value = *text;
        if (const auto* yes = std::get_if<bool>(&value)) set.value = *yes;
        out.push_back(std::move(set));
    }
    retitle(in, it.id, it.title, out);
    empty(*found, out);
}

// What earlier runs made; under what is removed, too, for that comes back.
op_list remove_leftovers(const document::document& in)
{
    op_list out;
    for (const auto* it : in.in_tree_order()) {
        const bool is_ours = it->parent.empty() || is_item(it->id);
        const bool stands_in_ours = it->parent == in.root().id || is_item(it->parent);
        if (!is_ours && stands_in_ours && !it->removed) out.push_back(document::remove_op{it->id});
    }
    return out;
}

op_list remove_all(const document::document& in)
{
    op_list out;
    for (const auto* it : in.children_of(in.root())) {
        if (!it->removed) out.push_back(document::remove_op{it->id});
    }
    return out;
}

result<void, failure> commit(cli::session& by, op_list ops)
{
    while (!ops.empty()) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(ops.size(), document::limits::ops_per_change));
        const auto done =
            by.commit({std::make_move_iterator(ops.begin()), std::make_move_iterator(ops.begin() + count)});
        if (!done) return done.error();
        ops.erase(ops.begin(), ops.begin() + count);
    }
    return {};
}

result<cli::session, failure> connect(const check_options& options, std::string_view role, bool view)
{
    return cli::session::connect({.server = options.server,
                                  .workspace = options.workspace,
                                  .name = fmt::format("{} {}", tool_name, role),
                                  .view = view});
}

result<void, failure> open(cli::session& it, const std::string& plan)
{
    if (auto opened = it.open(plan); !opened) return opened;
    return it.catch_up();
}

// Opens the plan when no other run is in it. One that has just ended may still be listed.
result<void, failure> open_alone(cli::session& it, const std::string& plan, const check_options& options)
{
    const auto deadline = client::clock::now() + options.patience;
    while (true) {
        if (auto opened = open(it, plan); !opened) return opened;
        const auto runs = std::ranges::count_if(
            it.people(), [](const wire::person& person) { return person.name.starts_with(tool_name); });
        if (runs <= 1) return {};
        if (client::clock::now() > deadline) {
            return failure{
                fmt::format("another {} is at work in {}: wait for it, or name another --workspace", tool_name, plan)};
        }
    }
}

std::chrono::sys_days this_day()
{
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

document::document copy_of(const document::document& it)
{
    std::vector<document::entity> entities;
    for (const auto* entity : it.in_tree_order()) entities.push_back(*entity);
    document::document out{it.schema()};
    const auto loaded = out.load(it.head(), std::move(entities));
    OKRA_ASSERT(loaded.has_value());
    return out;
}

}  // namespace

std::string today()
{
    return document::format_date(static_cast<document::day_number>(this_day().time_since_epoch().count()));
}

std::string plan_name(const std::string& workspace, int days_ago)
{
    const auto day = static_cast<document::day_number>(this_day().time_since_epoch().count()) - days_ago;
    return fmt::format("{}/plan/{}/{}", workspace, team, document::format_date(day));
}

result<document::document, failure> prepare(const check_options& options, const std::string& plan)
{
    auto session = connect(options, "preparation", false);
    if (!session) return session.error();
    if (auto opened = session->open(plan_name(options.workspace, 1)); !opened) return opened.error();
    if (auto done = commit(*session, remove_all(session->replica().confirmed())); !done) return done.error();

    if (auto opened = open_alone(*session, plan, options); !opened) return opened.error();
    const auto& content = session->replica().confirmed();
    if (content.entity_count() + entities_kept_free > document::limits::entities_per_document) {
        return failure{
            fmt::format("{} is full with what earlier runs of this day removed: name another --workspace", plan)};
    }
    auto ops = remove_leftovers(content);
    for (const auto& it : items()) furnish(content, it, ops);
    retitle(content, content.root().id, title, ops);
    if (auto done = commit(*session, std::move(ops)); !done) return done.error();
    return copy_of(content);
}

result<void, failure> clean(const check_options& options, const std::string& plan)
{
    auto session = connect(options, "cleaning", false);
    if (!session) return session.error();
    if (auto opened = open(*session, plan); !opened) return opened;
    return commit(*session, remove_all(session->replica().confirmed()));
}

result<document::derive_context, failure> read_context(const check_options& options, const std::string& plan)
{
    auto session = connect(options, "context", true);
    if (!session) return session.error();
    if (auto opened = session->open(options.workspace + "/workspace"); !opened) return opened.error();
    const auto day = static_cast<document::day_number>(this_day().time_since_epoch().count());
    return room::plan_context(session->replica().confirmed(), document::parse_name(plan)->cycle, day);
}

}  // namespace okra::check::scratch
