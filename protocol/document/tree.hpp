// The entities of one document: found by id, linked to parent and children, siblings in order. Structure only: what may
// stand where is decided above. Owned by one document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "protocol/document/document.hpp"

namespace okra::document {

struct node final : entity {
    node* up = nullptr;                // null for the root
    std::vector<const entity*> below;  // all of them nodes; ordered by (position, id), tombstones included
    // Its term of the document's hash; absent: not computed since it was altered. A new one counts as nothing.
    std::optional<std::uint64_t> hash = 0;
};

class tree {
public:
    // With nothing but the root.
    explicit tree(const document_schema& schema);

    [[nodiscard]] node& root() const { return *root_; }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    // Null when there is none. HOT PATH: one hash look-up.
    [[nodiscard]] node* find(std::string_view id) const;

    // `it.id` must be new; `it.parent` is set from `parent`.
    node& add(entity it, node& parent);

    // Undoes `add`. `it` must have no children, and is gone afterwards.
    void take_out(node& it);

    // Moves `it` with its subtree; `parent` must not be under it.
    void place(node& it, node& parent, std::string position);

    // Neither removed nor under something removed.
    [[nodiscard]] static bool is_live(const node& it);
    // `it` itself, or somewhere below it.
    [[nodiscard]] static bool is_within(const node& it, const node& ancestor);
    // Steps from the root.
    [[nodiscard]] static std::size_t depth(const node& it);
    struct extent {
        std::size_t levels = 1;  // of the subtree: 1 without children
        std::size_t entities = 1;
    };
    [[nodiscard]] static extent extent_of(const node& it);
    // The longest chain of entities of `it`'s kind that goes up from `it`, and down from it, itself counted.
    [[nodiscard]] static std::size_t nesting_up(const node& it, const kind_schema& kind);
    [[nodiscard]] static std::size_t nesting_down(const node& it, const kind_schema& kind);
    // Where `it` stands among its siblings.
    [[nodiscard]] static std::size_t index_of(const node& it);

private:
    static void link(node& it, node& parent);
    static void unlink(node& it);

    // A view into the node's own id. With its hash, so that a table that grows need not look into each node for it: of
    // a large document that takes longer than the change that makes it grow.
    struct key {
        explicit key(std::string_view of) : id{of}, hash{std::hash<std::string_view>{}(of)} {}
        friend bool operator==(const key& left, const key& right) { return left.id == right.id; }
        std::string_view id;
        std::size_t hash;
    };
    struct key_hash {
        using is_avalanching = void;
        std::size_t operator()(const key& it) const { return it.hash; }
    };

    boost::unordered_flat_map<key, std::unique_ptr<node>, key_hash> nodes_;
    node* root_;
};

[[nodiscard]] inline const node& as_node(const entity& it)
{
    return static_cast<const node&>(it);
}

}  // namespace okra::document
