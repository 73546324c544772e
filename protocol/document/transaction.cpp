#include "protocol/document/transaction.hpp"

#include <ranges>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/document/validate.hpp"

namespace okra::document {

transaction::transaction(document::state& it, const client_id& author)
    : state_{it}, author_{author}, next_{it.head.next()}, text_bytes_before_{it.text_bytes}
{
}

transaction::~transaction()
{
    if (committed_) return;
    for (note& entry : std::views::reverse(journal_)) {
        std::visit([this](auto& it) { take_back(it); }, entry);
    }
    state_.text_bytes = text_bytes_before_;
}

node& transaction::create(entity it, node& parent)
{
    for (const auto& [name, field] : it.fields) state_.text_bytes += string_bytes(field.value);
    node& added = state_.entities.add(std::move(it), parent);
    state_.hash.touch(added);
    stamp_arrival(added);
    if (keeps_journal_) journal_.emplace_back(created{&added});
    return added;
}

void transaction::place(node& it, node& parent, std::string position)
{
    if (keeps_journal_) journal_.emplace_back(placed{&it, it.up, it.position, it.arrived_at, it.arrived_by});
    state_.entities.place(it, parent, std::move(position));
    state_.hash.touch(it);
    stamp_arrival(it);
}

void transaction::mark_removed(node& it, bool removed)
{
    if (keeps_journal_) journal_.emplace_back(marked{&it, it.removed, it.arrived_at, it.arrived_by});
    it.removed = removed;
    state_.hash.touch(it);
    if (!removed) stamp_arrival(it);
}

void transaction::assign(node& it, const field_schema& field, initial_value value)
{
    if (keeps_journal_) note_field(it, field);
    const auto [at, is_new] = it.fields.try_emplace(std::string{field.name});
    state_.text_bytes += string_bytes(value);
    state_.text_bytes -= string_bytes(at->second.value);
    at->second = {std::move(value), next_, author_};
    state_.hash.touch(it);
}

void transaction::edit(node& it, const field_schema& field, const text_edit& edit)
{
    auto at = it.fields.find(field.name);
    if (at == it.fields.end()) {
        if (keeps_journal_) note_field(it, field);
        at = it.fields.emplace(std::string{field.name}, field_state{std::string{}, {}, {}}).first;
    }
    field_state& text = at->second;
    auto& content = std::get<std::string>(text.value);
    if (keeps_journal_) {
        journal_.emplace_back(edited{&it, &field, invert(content, edit), text.set_at, text.set_by});
    }
    state_.text_bytes -= content.size();
    apply_in_place(content, edit);
    state_.text_bytes += content.size();
    state_.hash.touch(it);
    text.set_at = next_;
    text.set_by = author_;
}

void transaction::commit(const std::vector<operation>& ops)
{
    for (const operation& op : ops) {
        const auto* edit = std::get_if<edit_op>(&op);
        if (edit == nullptr || edit->edit.empty()) continue;
        const node* where = state_.entities.find(edit->id);
        state_.history.record(next_, {where, where->kind->find(edit->field)}, author_, edit->edit);
    }
    state_.head = next_;
    committed_ = true;
}

void transaction::note_field(node& it, const field_schema& field)
{
    const auto at = it.fields.find(field.name);
    journal_.emplace_back(
        assigned{&it, &field, at == it.fields.end() ? std::nullopt : std::optional<field_state>{at->second}});
}

void transaction::stamp_arrival(node& it)
{
    it.arrived_at = next_;
    it.arrived_by = author_;
}

// What is taken back below was touched when it was altered, and no hash was asked for since.
void transaction::take_back(created& it)
{
    state_.hash.drop(*it.it);
    state_.entities.take_out(*it.it);
}

void transaction::take_back(placed& it)
{
    state_.entities.place(*it.it, *it.parent, std::move(it.position));
    it.it->arrived_at = it.arrived_at;
    it.it->arrived_by = std::move(it.arrived_by);
}

void transaction::take_back(marked& it)
{
    it.it->removed = it.removed;
    it.it->arrived_at = it.arrived_at;
    it.it->arrived_by = std::move(it.arrived_by);
}

void transaction::take_back(assigned& it)
{
    const auto at = it.it->fields.find(it.field->name);
    OKRA_ASSERT(at != it.it->fields.end());
    if (it.before) {
        at->second = *std::move(it.before);
    } else {
        it.it->fields.erase(at);
    }
}

void transaction::take_back(edited& it)
{
    field_state& text = it.it->fields.find(it.field->name)->second;
    apply_in_place(std::get<std::string>(text.value), it.inverse);
    text.set_at = it.set_at;
    text.set_by = std::move(it.set_by);
}

}  // namespace okra::document
