// What a plan takes from each of its objectives, in their order, close together: with each change all of them are
// looked through, as the weights of all depend on each. Owned by one figure_keeper; about one document.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "protocol/document/derive/figures.hpp"
#include "protocol/document/derive/roll_up.hpp"
#include "protocol/document/document.hpp"

namespace okra::document {

using entity_set = boost::unordered_flat_set<const entity*>;

class plan_parts {
public:
    // Of one child of the root. Of a removed objective, or what is none, it is empty.
    struct row {
        plan_part part;
        weight_share share;
        figures* told = nullptr;  // where they are kept
        bool is_fresh = false;    // its figures are to be told in any case
    };

    void clear();

    // Brings the rows into the order of the root's children. Only objectives in `touched` have come or moved, which may
    // cost them their row. To find that nothing moved, or that some came at the end, takes a look at two lists.
    void follow(std::span<const entity* const> children, const entity_set& touched);

    // Good until the next `follow`. Where one is found, the next is looked for first behind it.
    [[nodiscard]] row& of(const entity& objective);

    // Shares out the weights; `reweighed` gets the entities of the rows that have another share than before, and are
    // not fresh. What comes back are the plan's own figures.
    [[nodiscard]] figures roll_up(const derive_context& context, std::vector<const entity*>& reweighed);

private:
    std::vector<const entity*> order_;
    std::vector<row> rows_;  // one for each
    std::size_t next_ = 0;
};

}  // namespace okra::document
