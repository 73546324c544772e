#include "tools/cli/import_file.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "protocol/document/date.hpp"
#include "protocol/document/schema.hpp"
#include "protocol/document/text.hpp"
#include "tools/cli/made_id.hpp"

namespace okra::cli {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t mistakes_max = 20;

class reader {
public:
    [[nodiscard]] import_file read(const dom::element& root)
    {
        import_file out;
        dom::element cycle;
        if (root["cycle"].get(cycle) == simdjson::SUCCESS && cycle.is_object()) {
            read_cycle(cycle, out);
        } else {
            blame({"cycle", {}}, "is missing: {\"name\", \"start\", \"end\"} is wanted");
        }
        dom::array objectives;
        if (root["objectives"].get(objectives) != simdjson::SUCCESS) {
            blame({"objectives", {}}, "is missing: a list is wanted");
            return out;
        }
        std::size_t index = 0;
        for (const auto element : objectives) {
            out.objectives.push_back(read_node(element, nullptr, fmt::format("objectives[{}]", index++)));
        }
        if (out.objectives.empty()) blame({"objectives", {}}, "is empty");
        return out;
    }

    [[nodiscard]] std::optional<client::failure> mistakes() const
    {
        if (found_ == 0) return std::nullopt;
        client::failure told{
            fmt::format("the file has {} mistake{}; nothing was written", found_, found_ == 1 ? "" : "s"), mistakes_};
        if (found_ > mistakes_.size()) told.more.emplace_back("…");
        return told;
    }

private:
    void blame(const import_place& place, std::string_view what)
    {
        if (++found_ <= mistakes_max) mistakes_.push_back(fmt::format("{}: {}", describe(place), what));
    }

    std::string text(const dom::element& object, const char* key, const import_place& place)
    {
        dom::element value;
        if (object[key].get(value) != simdjson::SUCCESS || value.is_null()) return {};
        std::string_view out;
        if (value.get(out) == simdjson::SUCCESS) return std::string{trimmed(out)};
        blame(place, fmt::format("\"{}\" is not a text", key));
        return {};
    }

    void check_length(const std::string& text, std::string_view field, const import_place& place)
    {
        const auto longest = document::find_schema("plan")->find("objective")->find(field)->max_length;
        const auto length = document::code_point_count(text);
        if (length > longest) {
            blame(place, fmt::format("its {} has {} characters, {} are allowed", field == "title" ? "title" : "result",
                                     length, longest));
        }
        if (text.find('\0') != std::string::npos) blame(place, "has the character U+0000");
    }

    void check_name(const std::string& name, std::string_view kind, const import_place& place)
    {
        const auto longest = document::find_schema("workspace")->find(kind)->find("name")->max_length;
        const auto length = document::code_point_count(name);
        if (length > longest) {
            blame(place, fmt::format("the name of its {} has {} characters, {} are allowed",
                                     kind == "person" ? "owner" : kind, length, longest));
        }
        if (name.find('\0') != std::string::npos) blame(place, "has the character U+0000");
    }

    void read_cycle(const dom::element& cycle, import_file& out)
    {
        const import_place place{"cycle", {}};
        out.cycle = text(cycle, "name", place);
        out.start = text(cycle, "start", place);
        out.end = text(cycle, "end", place);
        if (out.cycle.empty()) blame(place, "has no name");
        check_name(out.cycle, "cycle", place);
        for (const std::string& date : {out.start, out.end}) {
            if (!date.empty() && !document::parse_date(date)) {
                blame(place, fmt::format("\"{}\" is no date of the form YYYY-MM-DD", date));
            }
        }
        const auto start = document::parse_date(out.start);
        const auto end = document::parse_date(out.end);
        if (start && end && *end < *start) blame(place, "ends before it starts");
    }

    import_node read_node(const dom::element& from, const import_node* above, std::string path)
    {
        import_node out;
        out.place.path = std::move(path);
        if (!from.is_object()) {
            blame(out.place, "is not an object");
            return out;
        }
        out.title = text(from, "title", out.place);
        out.place.title = out.title;
        out.owner = text(from, "owner", out.place);
        out.outcome = text(from, "result", out.place);
        check_length(out.title, "title", out.place);
        check_length(out.outcome, "learned", out.place);
        check_name(out.owner, "person", out.place);
        read_score(from, out);

        const auto kind = text(from, "kind", out.place);
        out.is_objective = kind == "objective";
        if (kind != "objective" && kind != "key_result") {
            blame(out.place, fmt::format("its kind is \"{}\": \"objective\" or \"key_result\" is wanted", kind));
        } else if (!out.is_objective && above == nullptr) {
            blame(out.place, "a key result that stands under no objective");
        } else if (!out.is_objective && !above->is_objective) {
            blame(out.place, "a key result that stands under a key result");
        }
        if (above == nullptr && out.owner.empty()) blame(out.place, "nobody owns it, and it stands under nothing");
        read_children(from, out);
        return out;
    }

    void read_score(const dom::element& from, import_node& out)
    {
        dom::element score;
        if (from["score"].get(score) != simdjson::SUCCESS || score.is_null()) return;
        double value = 0;
        if (score.get(value) == simdjson::SUCCESS && value >= 0 && value <= 1) {
            out.score = value;
        } else {
            blame(out.place, "its score is not a number from 0 to 1");
        }
    }

    void read_children(const dom::element& from, import_node& out)
    {
        dom::element list;
        if (from["children"].get(list) != simdjson::SUCCESS || list.is_null()) return;
        dom::array children;
        if (list.get(children) != simdjson::SUCCESS) return blame(out.place, "its children are not a list");
        std::size_t index = 0;
        for (const auto child : children) {
            auto path = fmt::format("{}.children[{}]", out.place.path, index++);
            out.children.push_back(read_node(child, &out, std::move(path)));
        }
    }

    std::size_t found_ = 0;
    std::vector<std::string> mistakes_;  // the first
};

}  // namespace

std::string describe(const import_place& place)
{
    return place.title.empty() ? place.path : fmt::format("{} “{}”", place.path, place.title);
}

result<import_file, client::failure> read_import(std::string_view json)
{
    dom::parser parser;
    dom::element root;
    if (const auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS) {
        return client::failure{fmt::format("the file is not JSON: {}", simdjson::error_message(error))};
    }
    if (!root.is_object()) return client::failure{"the file is not an object: {\"cycle\", \"objectives\"} is wanted"};
    reader work;
    import_file out = work.read(root);
    if (auto mistakes = work.mistakes()) return *std::move(mistakes);
    return out;
}

}  // namespace okra::cli
