#include "protocol/document/tree.hpp"

#include <algorithm>
#include <tuple>

#include "protocol/base/assert.hpp"

namespace okra::document {

namespace {

bool stands_before(const entity* a, const entity* b)
{
    return std::tie(a->position, a->id) < std::tie(b->position, b->id);
}

}  // namespace

tree::tree(const document_schema& schema)
{
    auto root = std::make_unique<node>();
    root->id = schema.root;
    root->kind = schema.find(schema.root);
    OKRA_ASSERT(root->kind != nullptr);
    root_ = root.get();
    nodes_.emplace(key{root_->id}, std::move(root));
}

node* tree::find(std::string_view id) const
{
    const auto found = nodes_.find(key{id});
    return found == nodes_.end() ? nullptr : found->second.get();
}

node& tree::add(entity it, node& parent)
{
    auto added = std::make_unique<node>();
    static_cast<entity&>(*added) = std::move(it);
    node& result = *added;
    const bool is_new = nodes_.emplace(key{result.id}, std::move(added)).second;
    OKRA_ASSERT(is_new);
    link(result, parent);
    return result;
}

void tree::take_out(node& it)
{
    OKRA_ASSERT(it.below.empty());
    OKRA_ASSERT(&it != root_);
    unlink(it);
    nodes_.erase(key{it.id});
}

void tree::place(node& it, node& parent, std::string position)
{
    OKRA_ASSERT(!is_within(parent, it));
    unlink(it);
    it.position = std::move(position);
    link(it, parent);
}

bool tree::is_live(const node& it)
{
    for (const node* at = &it; at != nullptr; at = at->up) {
        if (at->removed) return false;
    }
    return true;
}

bool tree::is_within(const node& it, const node& ancestor)
{
    for (const node* at = &it; at != nullptr; at = at->up) {
        if (at == &ancestor) return true;
    }
    return false;
}

std::size_t tree::depth(const node& it)
{
    std::size_t steps = 0;
    for (const node* at = it.up; at != nullptr; at = at->up) ++steps;
    return steps;
}

tree::extent tree::extent_of(const node& it)
{
    extent all;
    for (const entity* child : it.below) {
        const extent below = extent_of(as_node(*child));
        all.levels = std::max(all.levels, below.levels + 1);
        all.entities += below.entities;
    }
    return all;
}

std::size_t tree::nesting_up(const node& it, const kind_schema& kind)
{
    std::size_t count = 0;
    for (const node* at = &it; at != nullptr && at->kind == &kind; at = at->up) ++count;
    return count;
}

std::size_t tree::nesting_down(const node& it, const kind_schema& kind)
{
    if (it.kind != &kind) return 0;
    std::size_t below = 0;
    for (const entity* child : it.below) below = std::max(below, nesting_down(as_node(*child), kind));
    return below + 1;
}

std::size_t tree::index_of(const node& it)
{
    const auto& siblings = it.up->below;
    const auto found = std::lower_bound(siblings.begin(), siblings.end(), &it, stands_before);
    OKRA_ASSERT(found != siblings.end());
    OKRA_ASSERT(*found == &it);
    return static_cast<std::size_t>(found - siblings.begin());
}

void tree::link(node& it, node& parent)
{
    it.up = &parent;
    it.parent = parent.id;
    auto& siblings = parent.below;
    if (siblings.empty() || stands_before(siblings.back(), &it)) return siblings.push_back(&it);
    siblings.insert(std::lower_bound(siblings.begin(), siblings.end(), &it, stands_before), &it);
}

void tree::unlink(node& it)
{
    auto& siblings = it.up->below;
    siblings.erase(siblings.begin() + static_cast<std::ptrdiff_t>(index_of(it)));
    it.up = nullptr;
}

}  // namespace okra::document
