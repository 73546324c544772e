#include "tests/simulation/actions.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "protocol/document/date.hpp"
#include "protocol/document/text.hpp"

namespace okra::simulation {

namespace {

using document::entity;
using document::field_type;

constexpr std::array<std::string_view, 8> pieces{"a", "bc", "目标", "🙂", "one two", "\n", "é", "关键结果 "};
constexpr std::array<std::string_view, 4> people{"ann", "bo", "chen", "dai"};

// Beyond this there is more to change than to create.
constexpr std::size_t enough_entities = 60;

bool is_note(const entity& it, std::string_view field)
{
    return it.parent.empty() && field == "note";
}

}  // namespace

client::op_list author::some_ops(const document::document& shown)
{
    mark_.clear();
    if (random_.one_in(4) && shown.schema().name == "plan") return {type_mark(shown)};
    std::vector<const entity*> live;
    std::vector<const entity*> removed;
    for (const entity* it : shown.in_tree_order()) {
        if (shown.is_live(*it)) live.push_back(it);
        if (it->removed) removed.push_back(it);
    }
    const entity& any = *live[random_.below(live.size())];
    const entity& other = *live[random_.below(live.size())];
    switch (random_.below(12)) {
        case 0:
        case 1:
            if (live.size() < enough_entities || random_.one_in(4)) return {create(shown)};
            return change_field(any);
        case 2: {
            document::placement after;
            if (random_.one_in(2)) after = document::place_first{};
            if (random_.one_in(3)) after = other.id;
            const auto& parent = random_.one_in(2) ? other.id : any.parent;
            if (any.parent.empty()) return change_field(any);
            return {document::move_op{any.id, parent, after, {}}};
        }
        case 3:
            if (any.parent.empty() || live.size() < 4) return change_field(any);
            return {document::remove_op{any.id}};
        case 4:
            if (removed.empty()) return change_field(any);
            return {document::restore_op{removed[random_.below(removed.size())]->id}};
        case 5: {
            client::op_list several = change_field(any);
            for (auto& op : change_field(other)) several.push_back(std::move(op));
            if (random_.one_in(3)) several.push_back(create(shown));
            return several;
        }
        default:
            return change_field(any);
    }
}

client::op_list author::nonsense(const document::document& shown)
{
    const std::string root{shown.schema().root};
    switch (random_.below(5)) {
        case 0:
            return {document::set_op{root, "no_such_field", 1.0, {}}};
        case 1:
            return {document::set_op{root, "note", std::string{"a text is not set"}, {}}};
        case 2:
            return {document::create_op{fmt::format("{}-n{}", id_, ++made_), "no_such_kind", root, {}, {}, {}}};
        case 3:
            return {document::remove_op{root}};
        default:
            return {document::move_op{"no-such-entity", root, {}, {}}};
    }
}

document::operation author::create(const document::document& shown)
{
    std::vector<std::pair<const document::kind_schema*, const entity*>> places;
    for (const entity* it : shown.in_tree_order()) {
        if (!shown.is_live(*it)) continue;
        for (const document::kind_schema& kind : shown.schema().kinds) {
            if (kind.may_stand_under(it->kind->name)) places.emplace_back(&kind, it);
        }
    }
    const auto& [kind, parent] = places[random_.below(places.size())];
    return create_under(*kind, *parent);
}

document::operation author::create_under(const document::kind_schema& kind, const entity& parent)
{
    document::create_op it{fmt::format("{}-{}", id_, ++made_), std::string{kind.name}, parent.id, {}, {}, {}};
    if (random_.one_in(3)) it.after = document::place_first{};
    for (const document::field_schema& field : kind.fields) {
        if (!random_.one_in(3)) continue;
        document::initial_value value;
        if (field.type == field_type::text) {
            value = some_text();
        } else if (field.type == field_type::set) {
            value = std::vector<std::string>{std::string{people[random_.below(people.size())]}};
        } else if (field.type == field_type::counter) {
            value = static_cast<double>(random_.below(5));
        } else {
            std::visit([&](const auto& given) { value = given; }, value_of(field));
        }
        it.fields.push_back({std::string{field.name}, std::move(value)});
    }
    return it;
}

client::op_list author::change_field(const entity& it)
{
    const document::field_schema& field = it.kind->fields[random_.below(it.kind->fields.size())];
    const std::string name{field.name};
    if (field.once || is_note(it, name)) return {};
    switch (field.type) {
        case field_type::text: {
            const auto found = it.fields.find(name);
            const std::string text =
                found == it.fields.end() ? std::string{} : std::get<std::string>(found->second.value);
            return {document::edit_op{it.id, name, typing(text)}};
        }
        case field_type::set: {
            const std::string who{people[random_.below(people.size())]};
            if (random_.one_in(2)) return {document::include_op{it.id, name, who}};
            return {document::exclude_op{it.id, name, who}};
        }
        case field_type::counter:
            return {document::add_op{it.id, name, random_.one_in(3) ? -1 : 1}};
        case field_type::string:
        case field_type::number:
        case field_type::boolean:
        case field_type::date:
        case field_type::enumeration:
        case field_type::reference:
            return {document::set_op{it.id, name, value_of(field), {}}};
    }
    return {};
}

// Marks stand side by side and nobody tears one, so each can be counted in the end.
document::edit_op author::type_mark(const document::document& shown)
{
    constexpr std::string_view end = "⟩";
    const std::string note = client::text_of(shown, "plan", "note");
    mark_ = fmt::format("⟨{}:{}⟩", id_, ++marks_);
    std::vector<std::uint64_t> places{0};
    std::size_t from = 0;
    for (auto at = note.find(end); at != std::string::npos; at = note.find(end, from)) {
        const std::size_t to = at + end.size();
        places.push_back(places.back() + document::code_point_count(std::string_view{note}.substr(from, to - from)));
        from = to;
    }
    document::text_edit edit{document::text_skip{places[random_.below(places.size())]}, document::text_insert{mark_}};
    return {"plan", "note", document::normalise(std::move(edit))};
}

document::text_edit author::typing(std::string_view text)
{
    const auto length = document::code_point_count(text);
    document::text_edit edit;
    if (const auto skip = random_.below(length + 1); skip > 0) edit.push_back(document::text_skip{skip});
    if (random_.one_in(3)) edit.push_back(document::text_delete{1 + random_.below(4)});  // perhaps beyond the end
    if (edit.size() < 2 || random_.one_in(3)) edit.push_back(document::text_insert{some_text()});
    return document::normalise(std::move(edit));
}

std::string author::some_text()
{
    return std::string{pieces[random_.below(pieces.size())]};
}

document::register_value author::value_of(const document::field_schema& field)
{
    if (random_.one_in(6) && !field.once) return document::null_value{};
    switch (field.type) {
        case field_type::number:
            if (field.max > field.min)
                return field.min + (field.max - field.min) * static_cast<double>(random_.below(5)) / 4;
            return static_cast<double>(random_.below(2'000)) / 10 - 50;
        case field_type::boolean:
            return random_.one_in(2);
        case field_type::date:
            return document::format_date(static_cast<document::day_number>(20'400 + random_.below(300)));
        case field_type::enumeration:
            return std::string{field.values[random_.below(field.values.size())]};
        case field_type::reference:
            return std::string{people[random_.below(people.size())]};
        case field_type::string:
        case field_type::text:
        case field_type::set:
        case field_type::counter:
            return some_text();
    }
    return document::null_value{};
}

}  // namespace okra::simulation
