#include "tools/check/typing.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "tools/check/scratch.hpp"

namespace okra::check {

namespace {

using client::op_list;

// Far below the limit of a title, with room for what everybody types at the same time.
constexpr std::uint64_t text_length_wanted = 120;

op_list type(prng& random, const client::replica& mine, std::size_t editor)
{
    // More than ASCII: what counts code points wrongly is found out.
    static const std::array<std::string, 6> letters{"a", "é", "目", "🙂", " ", "z"};
    const auto length = document::code_point_count(mine.shown_text(scratch::typed_in, "title"));
    document::text_edit edit;
    if (length > text_length_wanted) {
        edit = {document::text_skip{4}, document::text_delete{text_length_wanted / 2}};
    } else {
        const auto place = random.one_in(3) ? random.below(length + 1) : std::min<std::uint64_t>(length, 6);
        edit = {document::text_skip{place},
                document::text_insert{letters[editor % letters.size()] + letters[random.below(letters.size())]}};
    }
    return {document::edit_op{scratch::typed_in, "title", document::normalise(std::move(edit))}};
}

op_list set(const char* id, const char* field, document::register_value value)
{
    return {document::set_op{id, field, std::move(value), {}}};
}

op_list include_or_exclude(prng& random)
{
    const auto who = "person" + std::to_string(random.below(4));
    if (random.one_in(2)) return {document::exclude_op{scratch::objective, "contributors", who}};
    return {document::include_op{scratch::objective, "contributors", who}};
}

op_list move(prng& random)
{
    document::placement after = document::place_last{};
    if (random.one_in(2)) after = document::place_first{};
    if (random.one_in(3)) after = document::entity_id{scratch::measured};
    const auto* parent = random.one_in(2) ? scratch::objective : scratch::other_objective;
    return {document::move_op{scratch::moved, parent, std::move(after), {}}};
}

op_list remove_or_restore(const client::replica& mine)
{
    const auto* it = mine.confirmed().find(scratch::removed);
    if (it == nullptr || it->removed) return {document::restore_op{scratch::removed}};
    return {document::remove_op{scratch::removed}};
}

}  // namespace

op_list next_edit(prng& random, const client::replica& mine, const typing_options& how)
{
    const auto lot = random.below(20);
    const auto figure = static_cast<double>(random.below(101));
    if (lot < 2) return set(scratch::typed_in, "current", figure);
    if (lot < 3) return set(scratch::moved, "confidence", static_cast<double>(random.below(11)));
    if (lot < 4) {
        return set(scratch::objective, "commitment", std::string{random.one_in(2) ? "committed" : "aspirational"});
    }
    if (lot < 5) return set(scratch::removed, "done", random.one_in(2));
    if (lot < 6) return {document::add_op{scratch::objective, "votes", random.one_in(2) ? 1 : -1}};
    if (lot < 7) return include_or_exclude(random);
    if (lot < 8) return move(random);
    if (lot < 9) return remove_or_restore(mine);
    return type(random, mine, how.editor);
}

op_list next_create(prng& random, std::string id, const typing_options& how)
{
    document::create_op it{std::move(id), "comment", scratch::objective, document::place_first{}, {}, {}};
    const auto lot = random.below(3);
    if (lot == 0) {
        it.kind = "milestone";
        it.parent = scratch::measured;
        it.fields = {{"title", std::string{"made"}}, {"weight", 2.0}, {"done", random.one_in(2)}};
    } else if (lot == 1) {
        it.kind = "check_in";
        it.parent = scratch::typed_in;
        it.fields = {{"date", how.today}, {"value", static_cast<double>(random.below(100))}, {"confidence", 6.0}};
    } else {
        it.fields = {{"body", std::string{"made"}}};
    }
    return {std::move(it)};
}

}  // namespace okra::check
