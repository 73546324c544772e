#include "tests/crash/edits.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace okra::crash {

namespace {

using document::entity;
using document::entity_id;
using document::text_delete;
using document::text_insert;
using document::text_skip;

constexpr std::uint64_t title_length_wanted = 80;
constexpr std::size_t paste_bytes = 30'000;
const std::array<std::string, 5> insertions{"a", "bc", "目标", "🙂", "one two"};

entity_id objective_of(std::size_t editor)
{
    return fmt::format("o{}", editor + 1);
}

const entity& any_child(const document::document& in, std::string_view parent, prng& random)
{
    const auto children = in.children(parent);
    return *children[random.below(children.size())];
}

document::text_edit skip(std::uint64_t count, document::text_component then)
{
    return document::normalise({text_skip{count}, std::move(then)});
}

client::op_list type(const client::replica& it, const entity_id& id, prng& random)
{
    const auto length = document::code_point_count(it.shown_text(id, "title"));
    // Deleting is as likely as inserting at the wanted length; sometimes it reaches beyond the end.
    const bool deletes = random.below(2 * title_length_wanted) < length;
    const std::uint64_t at = random.below(length + 1);
    if (deletes) return {document::edit_op{id, "title", skip(at, text_delete{1 + random.below(4)})}};
    return {document::edit_op{id, "title", skip(at, text_insert{insertions[random.below(insertions.size())]})}};
}

client::op_list set(const entity& of, prng& random)
{
    const auto value = static_cast<double>(random.below(101));
    if (of.kind->name == "key_result") return {document::set_op{of.id, "current", value, {}}};
    return {document::set_op{of.id, "weight", value / 100, {}}};
}

}  // namespace

void contents::add(const client::op_list& ops)
{
    for (const auto& op : ops) {
        if (const auto* added = std::get_if<document::add_op>(&op)) votes += added->by;
        if (const auto* made = std::get_if<document::create_op>(&op)) created.insert(made->id);
    }
}

client::op_list first_plan()
{
    client::op_list ops;
    for (std::size_t number = 0; number <= editors_max; ++number) {
        ops.push_back(document::create_op{fmt::format("o{}", number),
                                          "objective",
                                          "plan",
                                          document::place_last{},
                                          {{"title", fmt::format("Objective {}", number)}},
                                          {}});
    }
    return ops;
}

bool has_first_plan(const document::document& it)
{
    return it.find(objective_of(editors_max - 1)) != nullptr;
}

std::int64_t votes_in(const document::document& it)
{
    const auto& fields = it.find("o0")->fields;
    const auto votes = fields.find("votes");
    return votes == fields.end() ? 0 : static_cast<std::int64_t>(std::get<double>(votes->second.value));
}

client::op_list edit_source::next(const client::replica& it, prng& random)
{
    const document::document& plan = it.confirmed();
    const entity& any = any_child(plan, "plan", random);
    const entity& other = any_child(plan, "plan", random);
    const auto below = plan.children(any.id);
    const entity& target = below.empty() || random.one_in(2) ? any : *below[random.below(below.size())];
    const bool is_fixed = target.id == "o0";
    switch (random.below(40)) {
        case 0:
            return create(it, random);
        case 1:
        case 2:
        case 3:
            return set(target, random);
        case 4:
        case 5:
            if (target.kind->name != "key_result")
                return {document::move_op{target.id, "plan", entity_id{other.id}, {}}};
            return {document::move_op{target.id, other.id, document::place_first{}, {}}};
        case 6:
            if (!is_fixed) return {document::remove_op{target.id}};
            return set(target, random);
        case 7:
            return {document::restore_op{target.id}};
        case 8:
            return {document::include_op{any.id, "contributors", fmt::format("p{}", random.below(9))}};
        case 9:
            return {document::exclude_op{any.id, "contributors", fmt::format("p{}", random.below(9))}};
        case 10:
        case 11:
        case 12:
        case 13:
            return {document::add_op{"o0", "votes", 1 + static_cast<std::int64_t>(random.below(3))}};
        case 14: {
            // Two ops in one change: both or none.
            auto ops = type(it, "o0", random);
            ops.push_back(document::add_op{"o0", "votes", 1});
            return ops;
        }
        default:
            return type(it, target.id, random);
    }
}

client::op_list edit_source::create(const client::replica& it, prng& random)
{
    const entity_id id = fmt::format("{}-{}", client_, ++created_);
    const bool is_objective = random.one_in(4);
    const entity_id parent = is_objective ? "plan" : any_child(it.confirmed(), "plan", random).id;
    document::create_op made{
        id, is_objective ? "objective" : "key_result", parent, document::place_first{}, {{"title", std::string{"New"}}},
        {}};
    return {std::move(made), document::edit_op{id, "title", skip(3, text_insert{"!"})}};
}

client::op_list edit_source::paste(const client::replica& it, prng& random) const
{
    const entity_id id = objective_of(editor_);
    std::string text(paste_bytes, ' ');
    for (char& letter : text) letter = static_cast<char>('a' + random.below(26));
    document::text_edit edit{text_insert{std::move(text)}};
    const auto length = document::code_point_count(it.shown_text(id, "description"));
    if (length > 0) edit.push_back(text_delete{length});
    return {document::edit_op{id, "description", std::move(edit)}};
}

}  // namespace okra::crash
