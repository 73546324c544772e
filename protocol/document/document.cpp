#include "protocol/document/document.hpp"

#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/document/authority.hpp"
#include "protocol/document/date.hpp"
#include "protocol/document/document_state.hpp"
#include "protocol/document/name.hpp"
#include "protocol/document/order_key.hpp"
#include "protocol/document/replica.hpp"
#include "protocol/document/validate.hpp"

namespace okra::document {

namespace {

void append_subtree(std::vector<const entity*>& out, const node& it)
{
    out.push_back(&it);
    for (const entity* child : it.below) append_subtree(out, as_node(*child));
}

refusal damaged(refusal_code code, std::string_view id)
{
    std::string message{"snapshot: "};
    message += id;
    return {code, std::move(message), std::nullopt};
}

// Why an entity of a snapshot cannot stand in a document, by itself.
std::optional<refusal> check_loaded(const entity& it)
{
    if (it.kind == nullptr) return damaged(refusal_code::unknown_kind, it.id);
    if (!is_id(it.id)) return damaged(refusal_code::invalid_value, it.id);
    for (const auto& [name, state] : it.fields) {
        const field_schema* field = it.kind->find(name);
        if (field == nullptr) return damaged(refusal_code::unknown_field, name);
        if (auto why = check_type(*field, state.value)) return why;
    }
    return std::nullopt;
}

std::uint64_t string_bytes_of(const entity& it)
{
    std::uint64_t bytes = 0;
    for (const auto& [name, field] : it.fields) bytes += string_bytes(field.value);
    return bytes;
}

refusal at_op(refusal why, std::size_t index)
{
    why.op_index = static_cast<std::uint32_t>(index);
    return why;
}

}  // namespace

document::document(const document_schema& schema) : state_{std::make_unique<state>(schema)} {}
document::~document() = default;
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;

const document_schema& document::schema() const
{
    return *state_->schema;
}

revision document::head() const
{
    return state_->head;
}

const entity* document::find(std::string_view id) const
{
    return state_->entities.find(id);
}

bool document::is_live(const entity& it) const
{
    const node* found = state_->entities.find(it.id);
    OKRA_ASSERT(found != nullptr);
    return tree::is_live(*found);
}

const entity& document::root() const
{
    return state_->entities.root();
}

std::vector<const entity*> document::children(std::string_view parent) const
{
    const node* found = state_->entities.find(parent);
    return found == nullptr ? std::vector<const entity*>{} : found->below;
}

std::span<const entity* const> document::children_of(const entity& parent)
{
    return as_node(parent).below;
}

std::vector<const entity*> document::in_tree_order() const
{
    std::vector<const entity*> all;
    all.reserve(state_->entities.size());
    append_subtree(all, state_->entities.root());
    return all;
}

result<committed_change, refusal> document::accept(const change& incoming, std::int64_t at_ms)
{
    if (incoming.base > state_->head) {
        return refusal{refusal_code::base_ahead, "the base is a revision that does not exist yet", std::nullopt};
    }
    if (incoming.ops.size() > limits::ops_per_change) {
        return refusal{refusal_code::too_many_ops, "more ops than a change may have", std::nullopt};
    }
    transaction work{*state_, incoming.client};
    authority rules{work, incoming.base, latest_today(at_ms)};
    committed_change committed{incoming.client, incoming.seq, at_ms, {}};
    committed.ops.reserve(incoming.ops.size());
    for (std::size_t index = 0; index < incoming.ops.size(); ++index) {
        if (index + 1 == incoming.ops.size()) work.expect_last_op();
        auto verdict = rules.judge(incoming.ops[index]);
        if (!verdict) return at_op(std::move(verdict).error(), index);
        committed.ops.push_back(*std::move(verdict));
    }
    work.commit(committed.ops);
    return committed;
}

result<void, refusal> document::replay(const committed_change& committed)
{
    transaction work{*state_, committed.client};
    replica copy{work};
    for (std::size_t index = 0; index < committed.ops.size(); ++index) {
        if (index + 1 == committed.ops.size()) work.expect_last_op();
        if (auto why = copy.apply(committed.ops[index])) return at_op(*std::move(why), index);
    }
    work.commit(committed.ops);
    return {};
}

revision document::history_floor() const
{
    return state_->history.floor();
}

result<void, refusal> document::load(revision head, std::vector<entity> entities)
{
    auto loaded = std::make_unique<state>(*state_->schema);
    loaded->head = head;
    loaded->history.start_at(head);
    for (entity& it : entities) {
        if (auto why = check_loaded(it)) return *std::move(why);
        loaded->text_bytes += string_bytes_of(it);
        if (it.parent.empty()) {
            node& root = loaded->entities.root();
            if (it.id != root.id || it.kind != root.kind) return damaged(refusal_code::parent_missing, it.id);
            root.fields = std::move(it.fields);  // its term is not computed yet
            continue;
        }
        if (!is_order_key(it.position)) return damaged(refusal_code::invalid_value, it.id);
        if (loaded->entities.find(it.id) != nullptr) return damaged(refusal_code::id_exists, it.id);
        node* parent = loaded->entities.find(it.parent);
        if (parent == nullptr) return damaged(refusal_code::parent_missing, it.id);
        loaded->hash.touch(loaded->entities.add(std::move(it), *parent));
    }
    state_ = std::move(loaded);
    return {};
}

std::size_t document::entity_count() const
{
    return state_->entities.size();
}

std::uint64_t document::text_bytes() const
{
    return state_->text_bytes;
}

std::uint64_t document::hash() const
{
    return state_->hash.value();
}

}  // namespace okra::document
