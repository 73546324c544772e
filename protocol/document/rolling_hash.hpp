// The hash by which replicas find out whether they are equal (SPEC AU1): the hashes of all entities, one over the other
// by exclusive or, so that a change of one entity is a change of one term. Terms are computed when the hash is asked
// for, not with each op: a key pressed in a long text costs a flag. Private to protocol/document, but for `hash_of` and
// `is_unset`; owned by one document.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "protocol/document/tree.hpp"

namespace okra::document {

// One entity's term. Two entities that no client could tell apart have the same.
[[nodiscard]] std::uint64_t hash_of(const entity& it);

// Whether the value of a field is as good as an absent one (OD4): null, an empty text, an empty set, a counter at 0.
[[nodiscard]] bool is_unset(const kind_schema& kind, std::string_view field, const initial_value& value);

class rolling_hash {
public:
    // `it` is new, or altered since `value` was asked for last. HOT PATH: called with every op.
    void touch(node& it)
    {
        if (!it.hash) return;
        sum_ ^= *it.hash;
        it.hash.reset();
        stale_.push_back(&it);
    }

    // `it` is about to be taken out.
    void drop(const node& it);

    // Hashes what was touched, each once, however often that was.
    [[nodiscard]] std::uint64_t value();

private:
    std::uint64_t sum_ = 0;  // of the terms that are known
    std::vector<node*> stale_;
};

}  // namespace okra::document
