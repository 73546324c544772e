// One document: a tree of entities, changed only through `accept` (the authority: validates, transforms, amends) and
// `replay` (a replica or recovery: effective ops, known to be good). Owned by one room, touched by one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/numbers.hpp"
#include "protocol/base/result.hpp"
#include "protocol/document/errors.hpp"
#include "protocol/document/operation.hpp"
#include "protocol/document/schema.hpp"

namespace okra::document {

// A field's value and who set it last. Texts are strings, counters doubles with integral values, sets sorted vectors.
struct field_state {
    initial_value value;
    revision set_at;
    client_id set_by;
    friend bool operator==(const field_state&, const field_state&) = default;
};

struct entity {
    entity_id id;
    const kind_schema* kind = nullptr;  // static storage
    entity_id parent;                   // empty for the root
    std::string position;
    bool removed = false;  // a tombstone's root; descendants are not marked
    revision arrived_at;   // when it last came under its parent: create, move, restore
    client_id arrived_by;
    // Only those that were set. A register that was unset again stays here as null_value with its stamps (OP2 needs
    // them); on the wire it is absent (OD4).
    std::map<std::string, field_state, std::less<>> fields;
};

class document {
public:
    struct state;  // private to protocol/document

    explicit document(const document_schema& schema);
    ~document();
    document(document&&) noexcept;
    document& operator=(document&&) noexcept;

    [[nodiscard]] const document_schema& schema() const;
    [[nodiscard]] revision head() const;

    // Null when there is none. Removed ones are found too.
    [[nodiscard]] const entity* find(std::string_view id) const;
    [[nodiscard]] bool is_live(const entity& it) const;
    [[nodiscard]] const entity& root() const;

    // Children in order, tombstones included.
    [[nodiscard]] std::vector<const entity*> children(std::string_view parent) const;
    // The same without a copy or a look-up; `parent` must be an entity of this document, not a copy of one. Good until
    // the next change.
    [[nodiscard]] static std::span<const entity* const> children_of(const entity& parent);

    // All entities, parents before their children, siblings in order: the order of snapshots and dumps.
    [[nodiscard]] std::vector<const entity*> in_tree_order() const;

    // HOT PATH: Validates, transforms over what was committed after `base`, amends and applies. On success the head
    // advances by one and the effective ops come back; on refusal nothing has changed. No I/O, no clock: `at_ms` is
    // given.
    [[nodiscard]] result<committed_change, refusal> accept(const change& incoming, std::int64_t at_ms);

    // Applies an effective change as the next revision. It was accepted once, so a failure means damaged data, told as
    // refusal.
    [[nodiscard]] result<void, refusal> replay(const committed_change& committed);

    // The oldest base that `accept` can still transform from.
    [[nodiscard]] revision history_floor() const;

    // Takes over the whole state from a snapshot (`in_tree_order` of the document it was taken from; a parent must come
    // before its children). Damaged data is told as refusal, and then the document is as it was. The history starts
    // anew: the floor is `head`.
    [[nodiscard]] result<void, refusal> load(revision head, std::vector<entity> entities);

    // Counts against the limits of schema.json: entities with the root and tombstones; the bytes of all strings in
    // fields.
    [[nodiscard]] std::size_t entity_count() const;
    [[nodiscard]] std::uint64_t text_bytes() const;

    // The hash of the whole state (SPEC AU1); equal replicas have equal ones. Hashes anew only what was altered since
    // the last call: by no means to be called with every change of a long text.
    [[nodiscard]] std::uint64_t hash() const;

private:
    std::unique_ptr<state> state_;
};

}  // namespace okra::document
