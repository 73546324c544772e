#include "tools/cli/import.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <simdjson.h>

#include "protocol/document/schema.hpp"
#include "tools/cli/session.hpp"

namespace okra::cli {

namespace {

namespace dom = simdjson::dom;
using client::op_list;
using document::create_op;

struct node {
    bool is_objective = false;
    std::size_t team = 0;
    std::string title;
    std::string outcome;  // the written result
    std::vector<node> children;
};

struct team {
    std::string id;
    std::map<std::string, std::size_t> spellings;    // of its name, with how often
    std::map<std::size_t, std::size_t> cascaded_by;  // team → how often
    std::optional<std::size_t> parent;
};

std::string text_or_empty(const dom::element& object, const char* key)
{
    std::string_view out;
    if (object[key].get(out) != simdjson::SUCCESS) return {};
    return std::string{out};
}

// Words of letters and digits in lower case, joined by "-"; a leading list number ("1. ") is dropped.
std::string slug(std::string_view name)
{
    if (const auto dot = name.find(". "); dot != std::string_view::npos && dot <= 2) name.remove_prefix(dot + 2);
    std::string out;
    for (const char it : name) {
        const bool upper = it >= 'A' && it <= 'Z';
        const bool word = upper || (it >= 'a' && it <= 'z') || (it >= '0' && it <= '9');
        if (word) {
            out += upper ? static_cast<char>(it - 'A' + 'a') : it;
        } else if (!out.empty() && out.back() != '-') {
            out += '-';
        }
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out;
}

// Reads the nodes and finds the teams; then writes one change for each document.
class importer {
public:
    importer(std::string workspace, std::string cycle) : workspace_{std::move(workspace)}, cycle_{std::move(cycle)} {}

    [[nodiscard]] result<void, client::failure> read(const dom::element& root)
    {
        dom::array objectives;
        if (root["objectives"].get(objectives) != simdjson::SUCCESS)
            return client::failure{"there are no \"objectives\""};
        for (const auto element : objectives) {
            auto it = read_node(element, std::nullopt);
            if (!it) return it.error();
            roots_.push_back(std::move(*it));
        }
        find_parents();
        return {};
    }

    [[nodiscard]] import_plan write(const dom::element& root)
    {
        import_plan out;
        plans_.resize(teams_.size());
        for (const auto& it : roots_) write_objective(it, {});
        out.documents.push_back({workspace_ + "/workspace", workspace_ops(root["cycle"])});
        for (std::size_t index = 0; index < teams_.size(); ++index) {
            if (plans_[index].empty()) continue;
            out.documents.push_back(
                {fmt::format("{}/plan/{}/{}", workspace_, teams_[index].id, cycle_), std::move(plans_[index])});
        }
        out.teams = teams_.size();
        out.objectives = objectives_;
        out.key_results = key_results_;
        return out;
    }

private:
    result<node, client::failure> read_node(const dom::element& from, std::optional<std::size_t> above)
    {
        node out;
        out.is_objective = text_or_empty(from, "kind") == "objective";
        out.title = text_or_empty(from, "title");
        out.outcome = text_or_empty(from, "result");
        const auto* title = document::find_schema("plan")->find("objective")->find("title");
        if (document::code_point_count(out.title) > title->max_length) {
            return client::failure{
                fmt::format("a title is longer than {} characters: {}", title->max_length, out.title)};
        }
        if (!out.is_objective && !above) return client::failure{"a key result stands under nothing: " + out.title};
        const auto owner = text_or_empty(from, "owner");
        if (owner.empty() && !above)
            return client::failure{"nobody owns this, and it stands under nothing: " + out.title};
        out.team = owner.empty() ? *above : team_named(owner);
        // A key result of another owner is help, not a cascade.
        if (out.is_objective && above && *above != out.team) ++teams_[out.team].cascaded_by[*above];

        dom::array children;
        if (from["children"].get(children) == simdjson::SUCCESS) {
            for (const auto child : children) {
                auto it = read_node(child, out.team);
                if (!it) return it.error();
                if (!out.is_objective && !it->is_objective) {
                    return client::failure{"a key result stands under a key result: " + it->title};
                }
                out.children.push_back(std::move(*it));
            }
        }
        return out;
    }

    std::size_t team_named(const std::string& name)
    {
        auto id = slug(name);
        // Ids are short; what is cut off is replaced by something that tells the names apart.
        if (id.size() > document::limits::id_length) id = fmt::format("{}-{:04x}", id.substr(0, 27), fold(id));
        const auto [entry, added] = team_of_id_.try_emplace(id, teams_.size());
        if (added) teams_.push_back({id, {}, {}, {}});
        ++teams_[entry->second].spellings[name.substr(std::min(name.find_first_not_of("0123456789. "), name.size()))];
        return entry->second;
    }

    static std::uint32_t fold(std::string_view text)
    {
        std::uint32_t out = 2166136261U;
        for (const char it : text) out = (out ^ static_cast<unsigned char>(it)) * 16777619U;
        return (out >> 16U) ^ (out & 0xffffU);
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
                if (is_under(above, index)) continue;
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

    // `aligned_to` names the entity above: team/cycle/entity.
    void write_objective(const node& it, const std::string& aligned_to)
    {
        auto& ops = plans_[it.team];
        const auto id = fmt::format("o{}", ++objectives_);
        auto op = entity(it, id, "objective", "plan", it.team);
        if (!aligned_to.empty()) op.fields.push_back({"aligned_to", std::vector<std::string>{aligned_to}});
        ops.emplace_back(std::move(op));
        const auto plan = it.team;
        for (const auto& child : it.children) {
            if (child.is_objective) {
                write_objective(child, reference(plan, id));
            } else {
                write_key_result(child, id, plan);
            }
        }
    }

    void write_key_result(const node& it, const std::string& objective, std::size_t plan)
    {
        const auto id = fmt::format("k{}", ++key_results_);
        plans_[plan].emplace_back(entity(it, id, "key_result", objective, it.team));
        for (const auto& child : it.children) write_objective(child, reference(plan, id));
    }

    [[nodiscard]] create_op entity(const node& it, std::string id, std::string kind, std::string parent,
                                   std::size_t owner) const
    {
        create_op out{std::move(id), std::move(kind), std::move(parent), document::place_last{}, {}, {}};
        out.fields.push_back({"title", it.title});
        out.fields.push_back({"owner", person_id(owner)});
        if (!it.outcome.empty()) out.fields.push_back({"learned", it.outcome});
        return out;
    }

    [[nodiscard]] std::string reference(std::size_t plan, const std::string& id) const
    {
        return fmt::format("{}/{}/{}", teams_[plan].id, cycle_, id);
    }

    [[nodiscard]] std::string person_id(std::size_t owner) const { return fmt::format("lead{}", owner + 1); }

    [[nodiscard]] op_list workspace_ops(const dom::element& cycle) const
    {
        op_list out;
        out.emplace_back(document::edit_op{"workspace", "name", {document::text_insert{workspace_}}});
        create_op quarter{
            cycle_, "cycle", "workspace", document::place_last{}, {{"name", text_or_empty(cycle, "name")}}, {}};
        quarter.fields.push_back({"start", text_or_empty(cycle, "start")});
        quarter.fields.push_back({"end", text_or_empty(cycle, "end")});
        quarter.fields.push_back({"state", std::string{"active"}});
        out.emplace_back(std::move(quarter));
        std::set<std::size_t> written;
        for (std::size_t index = 0; index < teams_.size(); ++index) write_team(index, written, out);
        return out;
    }

    // Parents come first.
    void write_team(std::size_t index, std::set<std::size_t>& written, op_list& out) const
    {
        if (!written.insert(index).second) return;
        const auto& it = teams_[index];
        if (it.parent) write_team(*it.parent, written, out);
        const std::string parent = it.parent ? teams_[*it.parent].id : "workspace";
        const auto person = person_id(index);
        out.emplace_back(create_op{it.id, "team", parent, document::place_last{}, {{"name", name_of(it)}}, {}});
        out.emplace_back(create_op{person, "person", "workspace", document::place_last{}, {{"name", name_of(it)}}, {}});
        create_op lead{
            fmt::format("member{}", index + 1), "member", it.id, document::place_last{}, {{"person", person}}, {}};
        lead.fields.push_back({"role", std::string{"lead"}});
        out.emplace_back(std::move(lead));
    }

    std::string workspace_;
    std::string cycle_;
    std::vector<team> teams_;
    std::map<std::string, std::size_t> team_of_id_;
    std::vector<node> roots_;
    std::vector<op_list> plans_;  // by team
    std::size_t objectives_ = 0;
    std::size_t key_results_ = 0;
};

}  // namespace

result<import_plan, client::failure> plan_import(std::string_view json, const std::string& workspace)
{
    dom::parser parser;
    dom::element root;
    dom::element cycle;
    if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS ||
        root["cycle"].get(cycle) != simdjson::SUCCESS) {
        return client::failure{"the file is not a cycle of OKRs in JSON"};
    }
    importer work{workspace, slug(text_or_empty(cycle, "name"))};
    if (auto read = work.read(root); !read) return read.error();
    return work.write(root);
}

}  // namespace okra::cli
