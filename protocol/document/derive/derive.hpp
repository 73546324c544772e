// Derived figures (product maths): progress, weights, pace, status, counts. Computed here and nowhere else, from the
// document and a context that the server supplies; sent beside the ops, never stored. Pure; owned by one room.
//   progress.hpp  one key result          weights.hpp  shares of siblings
//   status.hpp    pace, confidence, worst  roll_up.hpp  objective and plan
//   advice.hpp    what is doubtful         plan_parts.hpp  what a plan takes from its objectives
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol/document/date.hpp"
#include "protocol/document/derive/figures.hpp"
#include "protocol/document/derive/plan_parts.hpp"
#include "protocol/document/document.hpp"

namespace okra::document {

// Of a plan: all live objectives, key results and the root, and below them what there is advice about, by id. Of a
// workspace: the cycles that there is advice about.
[[nodiscard]] figure_table derive(const document& it, const derive_context& context);

// Whether an entity of this kind can have figures: one that has none any more is told to whoever may still hold them.
[[nodiscard]] bool may_have_figures(std::string_view kind);

// Keeps a table up to date with little work: recomputes only the objectives that ops can have altered, and what sums
// them up: of each of the others some numbers are looked at. Returns what differs (no value: the entity has no figures
// any more), ordered by id.
class figure_keeper {
public:
    using delta = std::vector<std::pair<entity_id, std::optional<figures>>>;

    // For a document or a context that is new. The difference to the table before. All else is about that document.
    [[nodiscard]] delta reset(const document& it, const derive_context& context);

    // `ops` are effective and were applied to `it`: what they altered is noted. HOT PATH: text edits, votes and sets
    // cost a switch each.
    void note(const document& it, const std::vector<operation>& ops);
    // Something is noted that the table does not show yet.
    [[nodiscard]] bool is_behind() const { return !touched_.empty() || cycles_touched_; }
    // Brings the table up to what was noted.
    [[nodiscard]] delta catch_up(const document& it);

    [[nodiscard]] delta update(const document& it, const std::vector<operation>& ops)
    {
        note(it, ops);
        return catch_up(it);
    }

    [[nodiscard]] const figure_table& table() const { return table_; }

private:
    struct fresh_row {
        std::string_view id;  // outlives it
        figures now;
        figures* known = nullptr;              // where they are kept, if that is known
        plan_parts::row* objective = nullptr;  // whose they are, if they are an objective's
    };
    struct objective_below {
        std::vector<const entity*> told;     // of which there are figures
        std::vector<const entity*> members;  // in owners_
    };

    void touch(const entity& objective);
    [[nodiscard]] delta refresh(const document& it, std::vector<entity_id> gone);
    [[nodiscard]] delta refresh_cycles(const document& it);
    // `fresh` in place of the rows in `gone` and of its own.
    [[nodiscard]] delta replace(std::vector<entity_id> gone, std::vector<fresh_row> fresh);
    [[nodiscard]] std::vector<entity_id> all_ids() const;
    void forget(const entity& objective, std::vector<entity_id>& gone);
    void summarise(const document& it, const entity& objective, std::vector<fresh_row>& fresh);

    derive_context context_;
    figure_table table_;  // rows stay where they are
    plan_parts parts_;
    // Both by entities, which stay where they are while their document is the same; looked up only, so that their order
    // is of no account. The second tells the objective that an entity counted towards when that was last summarised:
    // where it was before a move.
    std::unordered_map<const entity*, objective_below> below_;  // of objectives below which there is something
    std::unordered_map<const entity*, const entity*> owners_;
    std::vector<const entity*> touched_;  // objectives that were noted, each once, in the order of the ops
    entity_set is_touched_;
    bool cycles_touched_ = false;
};

// As who is told of them keeps them.
void apply(figure_table& table, const figure_keeper::delta& news);

}  // namespace okra::document
