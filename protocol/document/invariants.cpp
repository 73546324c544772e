#include "protocol/document/invariants.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "protocol/document/name.hpp"
#include "protocol/document/order_key.hpp"
#include "protocol/document/rolling_hash.hpp"
#include "protocol/document/validate.hpp"

namespace okra::document {

namespace {

class inspector {
public:
    explicit inspector(const document& it) : document_{it} {}

    std::vector<std::string> run()
    {
        check_root();
        for (const entity* it : document_.in_tree_order()) {
            // Once each from the root: so there is no orphan and no cycle.
            if (!seen_.insert(it->id).second) report(*it, "is met twice");
            check_entity(*it);
            check_children(*it);
            check_fields(*it);
            hash_ ^= hash_of(*it);
        }
        if (seen_.size() != document_.entity_count()) lines_.emplace_back("entities out of reach of the root");
        if (text_bytes_ != document_.text_bytes()) lines_.emplace_back("text_bytes is not the sum of the strings");
        if (hash_ != document_.hash()) lines_.emplace_back("the rolling hash is not the one computed anew");
        return std::move(lines_);
    }

private:
    void report(const entity& it, std::string_view what)
    {
        std::string line{it.id};
        line += ": ";
        line += what;
        lines_.push_back(std::move(line));
    }

    void check_root()
    {
        const entity& root = document_.root();
        if (root.id != document_.schema().root) report(root, "the root has a wrong id");
        if (root.removed) report(root, "the root is removed");
        if (!root.parent.empty() || !root.position.empty()) report(root, "the root has a parent or position");
    }

    void check_entity(const entity& it)
    {
        if (document_.find(it.id) != &it) report(it, "is not found by its id");
        if (it.kind == nullptr || document_.schema().find(it.kind->name) != it.kind)
            report(it, "kind not of the schema");
        if (it.arrived_at > document_.head()) report(it, "arrived after the head");
        if (&it == &document_.root()) return;
        if (!is_id(it.id)) report(it, "not an id");
        if (!is_order_key(it.position)) report(it, "position is not an order key");
        const entity* parent = document_.find(it.parent);
        if (parent == nullptr) {
            report(it, "has no parent");
        } else if (!it.kind->may_stand_under(parent->kind->name)) {
            report(it, "stands under a forbidden parent");
        }
        check_depth(it);
    }

    void check_depth(const entity& it)
    {
        std::size_t depth = 0;
        std::size_t nested = 1;
        bool in_chain = true;
        for (const entity* at = document_.find(it.parent); at != nullptr; at = document_.find(at->parent)) {
            ++depth;
            in_chain = in_chain && at->kind == it.kind;
            if (in_chain) ++nested;
            if (depth > limits::tree_depth) break;
        }
        if (depth > limits::tree_depth) report(it, "stands too deep");
        if (it.kind->depth_max > 0 && nested > it.kind->depth_max) report(it, "is nested too deep in its kind");
    }

    void check_children(const entity& it)
    {
        const auto children = document_.children_of(it);
        for (std::size_t index = 0; index < children.size(); ++index) {
            const entity& child = *children[index];
            if (child.parent != it.id) report(child, "is listed under another parent than it names");
            if (index == 0) continue;
            const entity& before = *children[index - 1];
            if (child.position < before.position) report(child, "stands before a sibling with a lower position");
            if (child.position == before.position) report(child, "has a sibling's position");
        }
    }

    void check_fields(const entity& it)
    {
        for (const auto& [name, state] : it.fields) {
            const field_schema* field = it.kind->find(name);
            if (field == nullptr) {
                report(it, "has a field that the schema does not know");
                continue;
            }
            if (auto why = check_initial(*field, state.value)) report(it, why->message);
            if (const auto* members = std::get_if<std::vector<std::string>>(&state.value)) {
                const bool ordered = std::ranges::adjacent_find(*members, std::greater_equal{}) == members->end();
                if (!ordered) report(it, "has a set that is not sorted or has a member twice");
            }
            if (const auto* text = std::get_if<std::string>(&state.value); text != nullptr && !is_utf8(*text)) {
                report(it, "has a string that is not UTF-8");
            }
            if (state.set_at > document_.head()) report(it, "has a field set after the head");
            text_bytes_ += string_bytes(state.value);
        }
    }

    const document& document_;
    std::set<std::string, std::less<>> seen_;
    std::uint64_t text_bytes_ = 0;
    std::uint64_t hash_ = 0;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> broken_invariants(const document& it)
{
    return inspector{it}.run();
}

}  // namespace okra::document
