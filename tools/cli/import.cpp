#include "tools/cli/import.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "protocol/document/schema.hpp"
#include "tools/cli/made_id.hpp"

namespace okra::cli {

namespace {

using document::create_op;

struct team {
    std::string id;
    std::map<std::string, std::size_t> spellings;    // of its name, with how often
    std::map<std::size_t, std::size_t> cascaded_by;  // team → how often
    std::optional<std::size_t> parent;
    import_place place;  // where it is met first
};

// "1. Sales Systems" is a place in somebody's list.
std::string_view without_list_number(std::string_view name)
{
    const auto dot = name.find(". ");
    if (dot == 0 || dot == std::string_view::npos || dot > 2) return name;
    const auto number = name.substr(0, dot);
    const auto is_digit = [](char it) { return it >= '0' && it <= '9'; };
    return std::ranges::all_of(number, is_digit) ? trimmed(name.substr(dot + 2)) : name;
}

// Finds the teams, and writes the rows of each document.
class importer {
public:
    importer(const import_file& file, std::string workspace)
        : file_{file}, workspace_{std::move(workspace)}, cycle_{id_beside("cycle", file.cycle, {"workspace"})}
    {
        for (const auto& it : file_.objectives) find_teams(it, std::nullopt);
        find_parents();
    }

    [[nodiscard]] import_plan write()
    {
        plans_.resize(teams_.size());
        std::map<std::pair<std::size_t, std::string_view>, std::size_t> twins;
        for (const auto& it : file_.objectives) write_objective(it, twins[{team_of_.at(&it), it.title}]++, {}, {});
        import_plan out{
            .documents = {}, .teams = teams_.size(), .objectives = objectives_, .key_results = key_results_};
        out.documents.push_back({workspace_ + "/workspace", workspace_rows()});
        for (std::size_t index = 0; index < teams_.size(); ++index) {
            if (plans_[index].empty()) continue;
            out.documents.push_back(
                {fmt::format("{}/plan/{}/{}", workspace_, teams_[index].id, cycle_), std::move(plans_[index])});
        }
        return out;
    }

private:
    // A name may read like something else's id: a team called "Workspace".
    static std::string id_beside(std::string_view kind, std::string_view name, const std::set<std::string>& taken)
    {
        auto id = readable_id(kind, name);
        return taken.contains(id) ? made_id(kind, {name}) : id;
    }

    void find_teams(const import_node& it, std::optional<std::size_t> above)
    {
        const auto own = it.owner.empty() ? *above : team_named(it);
        team_of_.emplace(&it, own);
        // A key result of another owner is help, not a cascade.
        if (it.is_objective && above && *above != own) ++teams_[own].cascaded_by[*above];
        for (const auto& child : it.children) find_teams(child, own);
    }

    std::size_t team_named(const import_node& it)
    {
        const std::string name{without_list_number(it.owner)};
        const auto id = id_beside("team", name, {"workspace", cycle_});
        const auto [entry, added] = team_with_id_.try_emplace(id, teams_.size());
        if (added) teams_.push_back({id, {}, {}, {}, it.place});
        ++teams_[entry->second].spellings[name];
        return entry->second;
    }

    // The spelling that is used most.
    [[nodiscard]] static std::string name_of(const team& it)
    {
        const auto less_used = [](const auto& a, const auto& b) { return a.second < b.second; };
        return std::max_element(it.spellings.begin(), it.spellings.end(), less_used)->first;
    }

    // Each team under the one that cascades most to it, unless that one stands under it already.
    void find_parents()
    {
        for (std::size_t index = 0; index < teams_.size(); ++index) {
            std::vector<std::pair<std::size_t, std::size_t>> candidates;  // how often, team
            for (const auto& [team, count] : teams_[index].cascaded_by) candidates.emplace_back(count, team);
            std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
                return a.first != b.first ? a.first > b.first : a.second < b.second;
            });
            for (const auto& [count, above] : candidates) {
                if (is_under(above, index) || depth_of(above) + height_of(index) > team_depth_max) continue;
                teams_[index].parent = above;
                break;
            }
        }
    }

    [[nodiscard]] bool is_under(std::size_t it, std::size_t above) const
    {
        for (std::optional<std::size_t> at = it; at; at = teams_[*at].parent) {
            if (*at == above) return true;
        }
        return false;
    }

    [[nodiscard]] std::size_t depth_of(std::size_t it) const
    {
        std::size_t depth = 0;
        for (std::optional<std::size_t> at = it; at; at = teams_[*at].parent) ++depth;
        return depth;
    }

    [[nodiscard]] std::size_t height_of(std::size_t above) const
    {
        std::size_t height = 0;
        for (std::size_t it = 0; it < teams_.size(); ++it) {
            if (is_under(it, above)) height = std::max(height, depth_of(it) - depth_of(above) + 1);
        }
        return height;
    }

    // `aligned_to` names the entity above: team/cycle/entity. `context` is what the id is told by, beside the title.
    void write_objective(const import_node& it, std::size_t twin, const std::string& aligned_to,
                         std::string_view context)
    {
        const auto plan = team_of_.at(&it);
        const auto id = id_of(it, twin, context);
        ++objectives_;
        auto op = entity(it, id, "plan");
        if (!aligned_to.empty()) op.fields.push_back({"aligned_to", std::vector<std::string>{aligned_to}});
        plans_[plan].push_back({std::move(op), it.place});
        // Its key results first: so they stand in one change with it, whatever else goes into this plan.
        std::map<std::string_view, std::size_t> twins;
        std::vector<std::pair<const import_node*, std::size_t>> cascaded;
        for (const auto& child : it.children) {
            const auto place = twins[child.title]++;
            if (child.is_objective) {
                cascaded.emplace_back(&child, place);
            } else {
                write_key_result(child, place, id, plan);
            }
        }
        for (const auto& [child, place] : cascaded) write_objective(*child, place, reference(plan, id), id);
        for (const auto& child : it.children) {
            if (!child.is_objective) write_cascade(child, plan);
        }
    }

    void write_key_result(const import_node& it, std::size_t twin, const std::string& objective, std::size_t plan)
    {
        const auto id = id_of(it, twin, objective);
        ++key_results_;
        key_result_ids_.emplace(&it, id);
        plans_[plan].push_back({entity(it, id, objective), it.place});
    }

    void write_cascade(const import_node& key_result, std::size_t plan)
    {
        const auto& id = key_result_ids_.at(&key_result);
        std::map<std::string_view, std::size_t> twins;
        for (const auto& child : key_result.children) {
            write_objective(child, twins[child.title]++, reference(plan, id), id);
        }
    }

    // By what it says and what it stands under: a row that is moved in the file, or has others before it, stays itself.
    [[nodiscard]] std::string id_of(const import_node& it, std::size_t twin, std::string_view context) const
    {
        const auto kind = it.is_objective ? "o" : "k";
        const auto owner = it.is_objective ? teams_[team_of_.at(&it)].id : std::string{};
        return made_id(kind, {context, owner, it.title, twin == 0 ? "" : std::to_string(twin)});
    }

    [[nodiscard]] create_op entity(const import_node& it, std::string id, std::string parent) const
    {
        create_op out{std::move(id),
                      it.is_objective ? "objective" : "key_result",
                      std::move(parent),
                      document::place_last{},
                      {},
                      {}};
        out.fields.push_back({"title", it.title});
        out.fields.push_back({"owner", person_of(teams_[team_of_.at(&it)])});
        if (!it.outcome.empty()) out.fields.push_back({"learned", it.outcome});
        if (it.score) out.fields.push_back({"score", *it.score});
        return out;
    }

    [[nodiscard]] std::string reference(std::size_t plan, const std::string& id) const
    {
        return fmt::format("{}/{}/{}", teams_[plan].id, cycle_, id);
    }

    [[nodiscard]] static std::string person_of(const team& it) { return made_id("person", {name_of(it)}); }

    [[nodiscard]] std::vector<import_row> workspace_rows() const
    {
        std::vector<import_row> out;
        const import_place place{"cycle", file_.cycle};
        create_op cycle{cycle_, "cycle", "workspace", document::place_last{}, {{"name", file_.cycle}}, {}};
        if (!file_.start.empty()) cycle.fields.push_back({"start", file_.start});
        if (!file_.end.empty()) cycle.fields.push_back({"end", file_.end});
        cycle.fields.push_back({"state", std::string{"active"}});
        out.push_back({document::edit_op{"workspace", "name", {document::text_insert{workspace_}}}, place});
        out.push_back({std::move(cycle), place});
        std::set<std::size_t> written;
        for (std::size_t index = 0; index < teams_.size(); ++index) write_team(index, written, out);
        return out;
    }

    // Parents come first.
    void write_team(std::size_t index, std::set<std::size_t>& written, std::vector<import_row>& out) const
    {
        if (!written.insert(index).second) return;
        const auto& it = teams_[index];
        if (it.parent) write_team(*it.parent, written, out);
        const std::string parent = it.parent ? teams_[*it.parent].id : "workspace";
        const auto person = person_of(it);
        const auto last = document::place_last{};
        out.push_back({create_op{it.id, "team", parent, last, {{"name", name_of(it)}}, {}}, it.place});
        out.push_back({create_op{person, "person", "workspace", last, {{"name", name_of(it)}}, {}}, it.place});
        create_op lead{made_id("member", {it.id, person}), "member", it.id, last, {{"person", person}}, {}};
        lead.fields.push_back({"role", std::string{"lead"}});
        out.push_back({std::move(lead), it.place});
    }

    // Room for what stands in a team.
    static constexpr std::size_t team_depth_max = 12;

    const import_file& file_;
    std::string workspace_;
    std::string cycle_;
    std::vector<team> teams_;
    std::map<std::string, std::size_t> team_with_id_;
    std::map<const import_node*, std::size_t> team_of_;
    std::map<const import_node*, std::string> key_result_ids_;
    std::vector<std::vector<import_row>> plans_;  // by team
    std::size_t objectives_ = 0;
    std::size_t key_results_ = 0;
};

}  // namespace

import_plan plan_import(const import_file& file, const std::string& workspace)
{
    return importer{file, workspace}.write();
}

}  // namespace okra::cli
