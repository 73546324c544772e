// Derived figures (product maths): progress, weights, pace, status, counts. Computed here and nowhere else, from the
// document and a context that the server supplies; sent beside the ops, never stored. Pure; owned by one room.
//   progress.hpp  one key result          weights.hpp  shares of siblings
//   status.hpp    pace, confidence, worst  roll_up.hpp  objective and plan
//   advice.hpp    what is doubtful
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol/document/date.hpp"
#include "protocol/document/derive/figures.hpp"
#include "protocol/document/derive/roll_up.hpp"
#include "protocol/document/document.hpp"

namespace okra::document {

// Of a plan: all live objectives, key results and the root, and below them what there is advice about, by id. Of a
// workspace: the cycles that there is advice about.
[[nodiscard]] figure_table derive(const document& it, const derive_context& context);

// Whether an entity of this kind can have figures: one that has none any more is told to whoever may still hold them.
[[nodiscard]] bool may_have_figures(std::string_view kind);

// Keeps a table up to date with little work: `update` recomputes only the objectives that the ops can have altered, and
// what sums them up, and returns what differs (no value: the entity has no figures any more), ordered by id.
class figure_keeper {
public:
    using delta = std::vector<std::pair<entity_id, std::optional<figures>>>;

    // For a document or a context that is new. The difference to the table before.
    [[nodiscard]] delta reset(const document& it, const derive_context& context);

    // `ops` are effective and were applied to `it`. HOT PATH: text edits, votes and sets cost a switch each.
    [[nodiscard]] delta update(const document& it, const std::vector<operation>& ops);

    [[nodiscard]] const figure_table& table() const { return table_; }

private:
    using id_set = std::set<entity_id, std::less<>>;

    void mark(const document& it, const operation& op, id_set& objectives) const;
    void mark_owners(const document& it, const entity_id& id, id_set& objectives) const;
    [[nodiscard]] delta refresh(const document& it, const id_set& objectives);
    [[nodiscard]] delta refresh_cycles(const document& it);
    // `fresh` in place of the rows in `gone` and of its own.
    [[nodiscard]] delta replace(const id_set& gone, figure_table fresh);
    void forget(const entity_id& objective, id_set& gone);
    void summarise(const document& it, const entity_id& objective, figure_table& fresh);

    derive_context context_;
    figure_table table_;
    // Looked up only, so its order is of no account.
    std::unordered_map<entity_id, objective_summary> objectives_;
    // The objective that an entity counted towards when it was last summarised: tells where it was before a move.
    std::unordered_map<entity_id, entity_id> owners_;
};

// As who is told of them keeps them.
void apply(figure_table& table, const figure_keeper::delta& news);

}  // namespace okra::document
