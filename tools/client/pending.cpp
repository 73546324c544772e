#include "tools/client/pending.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "tools/client/relocation.hpp"

namespace okra::client {

namespace {

using document::edit_op;
using document::text_edit;

bool same_text(const edit_op& a, const edit_op& b)
{
    return a.id == b.id && a.field == b.field;
}

std::string_view initial_text(const document::create_op& it, std::string_view field)
{
    for (const auto& given : it.fields) {
        if (given.field != field) continue;
        if (const auto* text = std::get_if<std::string>(&given.value)) return *text;
    }
    return {};
}

std::string apply_clamped(std::string_view text, const text_edit& edit)
{
    return document::apply(text, document::clamp(edit, document::code_point_count(text)));
}

// The texts that a list of ops touches, as they are between one op and the
// next.
class running_texts {
public:
    using source = std::function<std::string(std::string_view id, std::string_view field)>;
    explicit running_texts(source before) : before_{std::move(before)} {}

    const std::string& of(const edit_op& it)
    {
        const auto [entry, first] = texts_.try_emplace({it.id, it.field});
        if (first) {
            const auto created = created_.find(it.id);
            entry->second = created == created_.end() ? before_(it.id, it.field)
                                                      : std::string{initial_text(*created->second, it.field)};
        }
        return entry->second;
    }

    // `op` must outlive this.
    void follow(const document::operation& op)
    {
        if (const auto* created = std::get_if<document::create_op>(&op)) created_[created->id] = created;
        if (const auto* edit = std::get_if<edit_op>(&op)) {
            auto text = apply_clamped(of(*edit), edit->edit);
            texts_[{edit->id, edit->field}] = std::move(text);
        }
    }

private:
    source before_;
    std::map<std::pair<std::string, std::string>, std::string> texts_;
    std::map<std::string, const document::create_op*> created_;
};

}  // namespace

void rebase(op_list& pending, op_list& remote, authors of)
{
    const auto side = document::side_of(of.pending, of.remote);
    for (auto& remote_op : remote) {
        auto* theirs = std::get_if<edit_op>(&remote_op);
        if (theirs == nullptr) continue;
        for (auto& pending_op : pending) {
            auto* ours = std::get_if<edit_op>(&pending_op);
            if (ours == nullptr || !same_text(*ours, *theirs)) continue;
            text_edit ours_after = document::transform(ours->edit, theirs->edit, side);
            theirs->edit = document::transform(theirs->edit, ours->edit, document::opposite(side));
            ours->edit = std::move(ours_after);
        }
    }
}

void follow(std::deque<op_list>& on_top, const op_list& placed, const op_list& committed,
            const document::document& confirmed)
{
    if (on_top.empty()) return;
    const auto of_text = [](const edit_op& text, const op_list& ops) {
        text_edit all;
        for (const auto& op : ops) {
            const auto* edit = std::get_if<edit_op>(&op);
            if (edit != nullptr && same_text(*edit, text)) all = document::compose(std::move(all), edit->edit);
        }
        return all;
    };
    std::vector<const edit_op*> seen;
    for (const auto& op : placed) {
        const auto* text = std::get_if<edit_op>(&op);
        if (text == nullptr || std::ranges::any_of(seen, [&](const edit_op* it) { return same_text(*it, *text); }))
            continue;
        seen.push_back(text);
        const text_edit expected = of_text(*text, placed);
        const text_edit actual = of_text(*text, committed);
        if (expected == actual) continue;
        relocation moved{expected, actual, document::code_point_count(text_of(confirmed, text->id, text->field))};
        for (op_list& ops : on_top) {
            for (auto& above : ops) {
                auto* edit = std::get_if<edit_op>(&above);
                if (edit != nullptr && same_text(*edit, *text)) edit->edit = moved.carry(edit->edit);
            }
        }
    }
}

void append_coalesced(op_list& ops, op_list more)
{
    for (auto& op : more) {
        auto* last = ops.empty() ? nullptr : std::get_if<edit_op>(&ops.back());
        const auto* next = std::get_if<edit_op>(&op);
        if (last != nullptr && next != nullptr && same_text(*last, *next)) {
            last->edit = document::deletions_first(document::compose(last->edit, next->edit));
        } else {
            ops.push_back(std::move(op));
        }
    }
}

void fit_edits(op_list& ops, const std::function<std::string(std::string_view, std::string_view)>& text_before)
{
    running_texts texts{text_before};
    for (auto& op : ops) {
        auto* edit = std::get_if<edit_op>(&op);
        if (edit != nullptr) {
            edit->edit =
                document::deletions_first(document::clamp(edit->edit, document::code_point_count(texts.of(*edit))));
        }
        texts.follow(op);
    }
}

op_list inverse_edits(const document::document& confirmed, const op_list& ops)
{
    running_texts texts{[&](std::string_view id, std::string_view field) { return text_of(confirmed, id, field); }};
    op_list inverses;
    for (const auto& op : ops) {
        if (const auto* edit = std::get_if<edit_op>(&op)) {
            const auto& text = texts.of(*edit);
            const auto applied = document::clamp(edit->edit, document::code_point_count(text));
            inverses.push_back(
                edit_op{edit->id, edit->field, document::deletions_first(document::invert(text, applied))});
        }
        texts.follow(op);
    }
    std::reverse(inverses.begin(), inverses.end());
    return inverses;
}

std::string text_of(const document::document& it, std::string_view id, std::string_view field)
{
    const auto* entity = it.find(id);
    if (entity == nullptr) return {};
    const auto found = entity->fields.find(field);
    if (found == entity->fields.end()) return {};
    const auto* text = std::get_if<std::string>(&found->second.value);
    return text == nullptr ? std::string{} : *text;
}

std::string with_edits(std::string text, const op_list& ops, std::string_view id, std::string_view field)
{
    for (const auto& op : ops) {
        if (const auto* created = std::get_if<document::create_op>(&op); created != nullptr && created->id == id) {
            text = initial_text(*created, field);
        } else if (const auto* edit = std::get_if<edit_op>(&op);
                   edit != nullptr && edit->id == id && edit->field == field) {
            text = apply_clamped(text, edit->edit);
        }
    }
    return text;
}

}  // namespace okra::client
