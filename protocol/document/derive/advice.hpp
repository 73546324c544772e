// What is doubtful and stands all the same: told beside it, never refused, for nobody drafts in the right order. Pure.
//   due_outside_cycle        key result, milestone, initiative that is still open: due before the cycle or after it
//   dated_before_cycle       check-in: reports on a time before the cycle
//   roll_up_of_own           objective, key result: wants to sum what is aligned to it, and counts what it has itself
//   weights_scaled           key result, objective: the pinned weights of the siblings do not sum to 1
//   cycle_ends_before_start  cycle (of a workspace), plan: so there is no pace
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/document/derive/figures.hpp"
#include "protocol/document/document.hpp"

namespace okra::document {

using advice = std::vector<std::string>;

inline constexpr std::string_view weights_scaled = "weights_scaled";

// Of one entity of a plan, by itself; without what its siblings' weights and its own state have to do with it.
[[nodiscard]] advice advise(const entity& it, const derive_context& context);

// Of a plan, from its cycle.
[[nodiscard]] advice advise_plan(const derive_context& context);

// The cycles of a workspace that something is to be said about.
[[nodiscard]] figure_table advise_cycles(const document& workspace);

}  // namespace okra::document
