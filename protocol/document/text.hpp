// Text that several people edit: edits, and how concurrent ones are brought into one order.
// Semantics: the npm type `ot-text-unicode` (SPEC §6, TX1–TX5). Pure functions; positions count Unicode code points;
// all strings are valid UTF-8 (the decoder has checked).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace okra::document {

struct text_skip {
    std::uint64_t count;
    friend bool operator==(const text_skip&, const text_skip&) = default;
};

struct text_insert {
    std::string text;
    friend bool operator==(const text_insert&, const text_insert&) = default;
};

struct text_delete {
    std::uint64_t count;
    friend bool operator==(const text_delete&, const text_delete&) = default;
};

using text_component = std::variant<text_skip, text_insert, text_delete>;

// An edit: components from the start of the text; what follows the last one stays.
using text_edit = std::vector<text_component>;

// Of two inserts at one place, the left one comes first.
enum class text_side { left, right };

// The side of an edit by `mine` against one by `theirs` (TX3): the client with the smaller id is left, whichever was
// committed first. If the order of commits decided, two people typing at one place at the same time would get their
// letters mixed.
[[nodiscard]] text_side side_of(std::string_view mine, std::string_view theirs);
[[nodiscard]] text_side opposite(text_side it);

[[nodiscard]] std::uint64_t code_point_count(std::string_view text);

// Well-formed: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

// How much of a text an edit reaches over, and by how much it changes its length, in code points.
struct edit_extent {
    std::uint64_t reads = 0;  // skipped or deleted
    std::uint64_t deletes = 0;
    std::uint64_t inserts = 0;
    std::uint64_t inserted_bytes = 0;
};
[[nodiscard]] edit_extent extent_of(const text_edit& edit);

// No empty components, no two neighbours of a kind, no trailing skip.
[[nodiscard]] text_edit normalise(text_edit edit);

// The same with the deletions at each place before the insertions there, as a client writes it (TX6): what replaces
// stands behind what it replaces. In front of it, or between two deletions, it would be cut off from what its author
// types next by others' words that stand right behind.
[[nodiscard]] text_edit deletions_first(text_edit edit);

// `edit` as it must read after `other` has been applied to the text both were written for.
// Both must be canonical.
[[nodiscard]] text_edit transform(text_edit edit, const text_edit& other, text_side side);

// One edit with the effect of `first`, then `second`.
[[nodiscard]] text_edit compose(text_edit first, const text_edit& second);

// Cuts off whatever reaches beyond a text of `length` code points (TX5).
[[nodiscard]] text_edit clamp(text_edit edit, std::uint64_t length);

// Applies a clamped edit. Call it with its namespace: std::apply is found through the arguments too.
[[nodiscard]] std::string apply(std::string_view text, const text_edit& edit);

// The same without a copy of the text when the edit changes it in one place only, as typing does.
void apply_in_place(std::string& text, const text_edit& edit);

// The edit that takes `apply(text, edit)` back to `text`.
[[nodiscard]] text_edit invert(std::string_view text, const text_edit& edit);

// Where a caret at `position` stands after `edit`; with `side` right it stays behind text inserted at its place.
[[nodiscard]] std::uint64_t transform_position(std::uint64_t position, const text_edit& edit, text_side side);

}  // namespace okra::document
