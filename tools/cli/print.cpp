#include "tools/cli/print.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "protocol/base/overloaded.hpp"
#include "protocol/base/printable.hpp"

namespace okra::cli {

namespace {

// The field that stands for the whole entity in a line.
constexpr std::array<std::string_view, 4> heading_fields{"title", "name", "body", "text"};

std::string in_words(const document::initial_value& value)
{
    return std::visit(
        overloaded{
            [](const document::null_value&) { return std::string{"—"}; },
            [](bool it) { return std::string{it ? "yes" : "no"}; }, [](double it) { return fmt::format("{}", it); },
            [](const std::string& it) { return printable(it); },
            [](const std::vector<std::string>& it) { return printable(fmt::format("{}", fmt::join(it, ", "))); }},
        value);
}

std::string in_words(const document::register_value& value)
{
    return std::visit([](const auto& it) { return in_words(document::initial_value{it}); }, value);
}

bool is_heading(std::string_view field)
{
    return std::find(heading_fields.begin(), heading_fields.end(), field) != heading_fields.end();
}

std::string heading_of(const document::entity& it)
{
    for (const auto field : heading_fields) {
        if (const auto found = it.fields.find(field); found != it.fields.end()) return in_words(found->second.value);
    }
    return {};
}

std::string_view name_of(document::status it)
{
    switch (it) {
        case document::status::none:
            return "none yet";
        case document::status::on_track:
            return "on track";
        case document::status::at_risk:
            return "at risk";
        case document::status::off_track:
            return "off track";
        case document::status::stale:
            return "stale";
        case document::status::closed:
            return "closed";
    }
    return {};
}

std::string describe_figures(const document::figures& it)
{
    std::string out = it.progress ? fmt::format("{:.0f} %", *it.progress * 100) : "—";
    if (it.weight) out += fmt::format(", weight {:.3f}", *it.weight);
    if (it.measured && it.of) out += fmt::format(", {} of {} measured", *it.measured, *it.of);
    if (it.shown) out += fmt::format(", {}", name_of(*it.shown));
    if (!it.error.empty()) out += fmt::format(", {}", printable(it.error));
    for (const std::string& word : it.advice) out += fmt::format(", {}", printable(word));
    return out;
}

void describe_entity(const document::document& in, const document::figure_table& figures, const document::entity& it,
                     std::size_t depth, std::string& out)
{
    const std::string indent(2 * depth, ' ');
    out += fmt::format("{}{} {}  [{}]", indent, it.kind->name, heading_of(it), printable(it.id));
    if (const auto found = figures.find(it.id); found != figures.end()) {
        out += fmt::format("  ({})", describe_figures(found->second));
    }
    out += '\n';
    for (const auto& [name, field] : it.fields) {
        const auto words = in_words(field.value);
        if (!is_heading(name) && !words.empty()) out += fmt::format("{}    {}: {}\n", indent, name, words);
    }
    if (depth >= document::limits::tree_depth) return;  // a server that nests deeper is not believed
    for (const auto* child : in.children(it.id)) {
        if (!child->removed) describe_entity(in, figures, *child, depth + 1, out);
    }
}

std::string describe_edit(const document::text_edit& edit)
{
    std::string out;
    for (const auto& component : edit) {
        std::visit(overloaded{[&](const document::text_skip& it) { out += fmt::format(" skip {}", it.count); },
                              [&](const document::text_insert& it) {
                                  out += fmt::format(" insert \"{}\"", printable(it.text));
                              },
                              [&](const document::text_delete& it) { out += fmt::format(" delete {}", it.count); }},
                   component);
    }
    return out;
}

std::string describe_commit(const wire::commit& it)
{
    std::string out;
    std::uint64_t at = it.last.value - it.changes.size();
    for (const auto& change : it.changes) {
        out += fmt::format("revision {} by {} (seq {})\n", ++at, printable(change.client), change.seq.value);
        for (const auto& op : change.ops) out += fmt::format("  {}\n", describe(op));
    }
    for (const auto& [id, figures] : it.derived) {
        out +=
            fmt::format("  figures of {}: {}\n", printable(id), figures ? describe_figures(*figures) : "none any more");
    }
    out.pop_back();
    return out;
}

std::string describe_people(const wire::presence_delta& it)
{
    std::vector<std::string> parts;
    for (const auto& person : it.people) {
        const auto where = person.at ? fmt::format("at {} {}", person.at->entity, person.at->field) : "nowhere";
        parts.push_back(printable(fmt::format("{} is {}", person.name, where)));
    }
    for (const auto session : it.gone) parts.push_back(fmt::format("session {} has left", session));
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

std::string describe_document(const document::document& it, const document::figure_table& figures)
{
    std::string out = fmt::format("revision {}, {} entities\n", it.head().value, it.entity_count());
    describe_entity(it, figures, it.root(), 0, out);
    return out;
}

std::string describe(const document::operation& op)
{
    return printable(std::visit(
        overloaded{[](const document::create_op& it) {
                       return fmt::format("create {} {} under {}", it.kind, it.id, it.parent);
                   },
                   [](const document::set_op& it) {
                       const auto over =
                           it.over ? fmt::format(", over {}'s {}", it.over->client, in_words(it.over->value)) : "";
                       return fmt::format("set {}.{} to {}{}", it.id, it.field, in_words(it.value), over);
                   },
                   [](const document::add_op& it) { return fmt::format("add {} to {}.{}", it.by, it.id, it.field); },
                   [](const document::include_op& it) {
                       return fmt::format("include {} in {}.{}", it.value, it.id, it.field);
                   },
                   [](const document::exclude_op& it) {
                       return fmt::format("exclude {} from {}.{}", it.value, it.id, it.field);
                   },
                   [](const document::edit_op& it) {
                       return fmt::format("edit {}.{}:{}", it.id, it.field, describe_edit(it.edit));
                   },
                   [](const document::move_op& it) { return fmt::format("move {} under {}", it.id, it.parent); },
                   [](const document::remove_op& it) { return fmt::format("remove {}", it.id); },
                   [](const document::restore_op& it) { return fmt::format("restore {}", it.id); }},
        op));
}

std::string describe(const wire::server_message& message)
{
    return std::visit(
        overloaded{
            [](const wire::commit& it) { return describe_commit(it); },
            [](const wire::presence_news& it) { return describe_people(it.people); },
            [](const wire::notice& it) { return printable(fmt::format("notice {}: {}", it.code, it.message)); },
            [](const wire::bye& it) { return printable(fmt::format("goodbye {}: {}", it.code, it.message)); },
            [](const wire::derived& it) { return fmt::format("figures of {} entities changed", it.figures.size()); },
            [](const auto&) { return std::string{}; }},
        message);
}

}  // namespace okra::cli
