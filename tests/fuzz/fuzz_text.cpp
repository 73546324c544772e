// Text edits and their transformation against the model of text_model.hpp, and the properties that it has no word for.
//
//   input := text edit edit edit caret lists raw     all of them rows of `choices`, but the raw bytes behind
#include <array>
#include <limits>

#include "protocol/document/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/text_model.hpp"
#include "tools/client/pending.hpp"
#include "tools/client/text_difference.hpp"

namespace okra::fuzz {

namespace {

using document::edit_op;
using document::text_delete;
using document::text_edit;
using document::text_insert;
using document::text_side;
using document::text_skip;

constexpr std::array sides{text_side::left, text_side::right};

std::string some_text(choices& in)
{
    constexpr std::array<std::string_view, 8> pieces{"a", "b", "é", "目", "🙂", "\u0301", "xyz", "0123456789"};
    std::string text;
    for (std::size_t left = in.below(7); left > 0; --left) text += pieces[in.below(pieces.size())];
    // Blocks of 64 bytes are counted at once.
    if (in.one_in(8)) {
        for (std::size_t left = in.below(40); left > 0; --left) text += "目a";
    }
    return text;
}

std::uint64_t some_count(choices& in)
{
    const std::size_t it = in.below(64);
    if (it == 63) return 1ULL << 53U;  // the most that the decoder lets through (TX1)
    if (it == 62) return std::numeric_limits<std::uint64_t>::max();
    return it % 12;
}

text_edit some_edit(choices& in)
{
    text_edit edit;
    for (std::size_t left = in.below(8); left > 0; --left) {
        switch (in.below(3)) {
            case 0:
                edit.emplace_back(text_skip{some_count(in)});
                break;
            case 1:
                edit.emplace_back(text_insert{some_text(in)});
                break;
            default:
                edit.emplace_back(text_delete{some_count(in)});
                break;
        }
    }
    return edit;
}

// The counts that a text of `length` can tell apart.
text_edit with_small_counts(text_edit edit, std::size_t length)
{
    for (auto& component : edit) {
        if (auto* skip = std::get_if<text_skip>(&component))
            skip->count = std::min<std::uint64_t>(skip->count, length + 1);
        if (auto* gone = std::get_if<text_delete>(&component))
            gone->count = std::min<std::uint64_t>(gone->count, length + 1);
    }
    return edit;
}

// `raw` in canonical form, fit for `text`.
text_edit check_forms(const text_edit& raw, const std::string& text)
{
    const std::size_t length = characters_of(text).size();
    const text_edit small = with_small_counts(raw, length);
    require(document::normalise(small) == regrouped(small), "normalise");
    require(document::normalise(document::normalise(raw)) == document::normalise(raw), "normalise twice");

    text_edit fit = document::clamp(raw, length);
    const placed_edit placed = place(raw, length);
    require(is_canonical(fit), "clamp gives the canonical form");
    require(document::clamp(fit, length) == fit, "clamp keeps what fits");
    // What reaches beyond the text skips or deletes nothing, so inserts there stand side by side.
    require_same(document::apply(text, fit), joined(applied(characters_of(text), placed)), "clamp and apply");

    const document::edit_extent extent = document::extent_of(fit);
    require(extent.reads <= length, "extent: within the text");
    const std::string after = document::apply(text, fit);
    require(after.size() >= extent.inserted_bytes, "extent: bytes");
    require(document::code_point_count(after) == length - extent.deletes + extent.inserts, "extent: length");
    require(characters_of(after).size() == document::code_point_count(after), "code_point_count");
    require(document::is_utf8(after), "an edit keeps UTF-8");
    std::string in_place = text;
    document::apply_in_place(in_place, fit);
    require_same(in_place, after, "apply_in_place");
    return fit;
}

// TP1 and, beyond it, the very edit that the model gives.
void check_transform(const text_edit& a, const text_edit& b, const std::string& text)
{
    const characters before = characters_of(text);
    const placed_edit placed_a = place(a, before.size());
    const placed_edit placed_b = place(b, before.size());
    for (const text_side side : sides) {
        const text_edit b_after_a = document::transform(b, a, side);
        const placed_edit expected = transformed(placed_b, placed_a, side);
        require(b_after_a == written(expected), "transform");
        const text_edit a_after_b = document::transform(a, b, document::opposite(side));
        require_same(document::apply(document::apply(text, a), b_after_a),
                     document::apply(document::apply(text, b), a_after_b), "TP1: both orders end equal");
    }
}

// An edit that reaches beyond its text is clamped after it was transformed (TX5): it must mean what it meant before.
void check_long_reach(const text_edit& raw, const text_edit& over, const std::string& text)
{
    const std::size_t length = characters_of(text).size();
    const text_edit edit = document::normalise(raw);
    for (const text_side side : sides) {
        const std::string between = document::apply(text, over);
        const text_edit after =
            document::clamp(document::transform(edit, over, side), document::code_point_count(between));
        const placed_edit expected = transformed(place(edit, length), place(over, length), side);
        const characters shown = applied(characters_of(between), expected);
        // Inserts beyond the end stand there in their order, behind whatever `over` has appended, or in front.
        require(document::code_point_count(document::apply(between, after)) == shown.size(), "TX5: length");
        const text_edit whole = document::clamp(edit, length);
        if (edit == whole) require_same(document::apply(between, after), joined(shown), "TX5: what fits");
    }
}

void check_compose(const text_edit& first, const text_edit& second, const std::string& text)
{
    const std::string between = document::apply(text, first);
    const text_edit both = document::compose(first, second);
    require(is_canonical(both), "compose gives the canonical form");
    require(document::extent_of(both).reads <= document::code_point_count(text), "compose: within the text");
    require_same(document::apply(text, both), document::apply(between, second), "compose");
}

void check_deletions_first(const text_edit& edit, const std::string& text)
{
    const text_edit first = document::deletions_first(edit);
    require(is_canonical(first), "TX6: the canonical form");
    for (std::size_t at = 1; at < first.size(); ++at) {
        require(!std::holds_alternative<text_delete>(first[at]) || !std::holds_alternative<text_insert>(first[at - 1]),
                "TX6: deletions first");
    }
    require_same(document::apply(text, first), document::apply(text, edit), "TX6: the same effect");
}

void check_invert(const text_edit& edit, const std::string& text)
{
    const std::string after = document::apply(text, edit);
    const text_edit inverse = document::invert(text, edit);
    require(is_canonical(inverse), "invert gives the canonical form");
    require_same(document::apply(after, inverse), text, "invert undoes");
    require_same(document::apply(text, document::invert(after, inverse)), after, "invert twice");
}

void check_carets(const text_edit& edit, const std::string& text)
{
    const std::size_t length = characters_of(text).size();
    const placed_edit placed = place(edit, length);
    for (std::size_t caret = 0; caret <= length; ++caret) {
        for (const text_side side : sides) {
            require(document::transform_position(caret, edit, side) == moved_caret(caret, placed, side), "caret");
        }
    }
    static_cast<void>(
        document::transform_position(std::numeric_limits<std::uint64_t>::max() / 2, edit, text_side::left));
}

std::string with_all(std::string text, const client::op_list& ops)
{
    for (const auto& op : ops) {
        const text_edit& edit = std::get<edit_op>(op).edit;
        require(document::extent_of(edit).reads <= document::code_point_count(text), "an edit fits its text");
        text = document::apply(text, edit);
    }
    return text;
}

// Some edits, one on top of the other.
client::op_list some_edits(choices& in, std::string text)
{
    client::op_list ops;
    for (std::size_t left = in.below(4); left > 0; --left) {
        const text_edit edit = document::clamp(some_edit(in), document::code_point_count(text));
        text = document::apply(text, edit);
        ops.emplace_back(edit_op{"o1", "title", edit});
    }
    return ops;
}

// TX3, TX4: whole lists of edits by two clients, whose ids tell the sides.
void check_lists(choices& in, const std::string& text)
{
    constexpr std::array<std::string_view, 3> clients{"ann", "ann2", "bob"};
    const std::string_view mine = clients[in.below(clients.size())];
    const std::string_view theirs = clients[in.below(clients.size())];
    require(mine == theirs || document::side_of(mine, theirs) == document::opposite(document::side_of(theirs, mine)),
            "sides of two clients differ");
    require((document::side_of(mine, theirs) == text_side::left) == (mine < theirs), "the smaller id is left");

    client::op_list pending = some_edits(in, text);
    client::op_list remote = some_edits(in, text);
    const std::string shown = with_all(text, pending);
    const std::string committed = with_all(text, remote);
    client::rebase(pending, remote, {mine, theirs});
    require_same(with_all(committed, pending), with_all(shown, remote), "rebase: both orders end equal");

    client::op_list coalesced;
    client::append_coalesced(coalesced, pending);
    require_same(with_all(committed, coalesced), with_all(committed, pending), "append_coalesced");
    const text_edit difference = client::difference(committed, shown);
    require_same(document::apply(committed, difference), shown, "difference");
    require(is_canonical(difference), "difference gives the canonical form");
}

void run(std::string_view input)
{
    choices in{input};
    const std::string text = some_text(in);
    const text_edit raw_a = some_edit(in);
    const text_edit raw_b = some_edit(in);
    const text_edit a = check_forms(raw_a, text);
    const text_edit b = check_forms(raw_b, text);
    check_transform(a, b, text);
    check_long_reach(raw_b, a, text);
    check_compose(a, document::clamp(some_edit(in), document::code_point_count(document::apply(text, a))), text);
    check_invert(a, text);
    check_deletions_first(a, text);
    check_carets(a, text);
    check_lists(in, text);
    require(document::is_utf8(in.rest()) == is_utf8_by_the_table(in.rest()), "is_utf8");
}

}  // namespace

}  // namespace okra::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    okra::fuzz::run(okra::fuzz::as_text(data, size));
    return 0;
}
