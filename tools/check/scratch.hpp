// The plan that a run works in: WORKSPACE/plan/okra-check/DAY. One a day, because a document keeps the ids of what was
// removed from it: one for ever would fill up, one for each run would leave a heap of them. What stands in it has ids
// of its own, is restored at the beginning of a run and removed at the end, so that a day's plan grows by a few
// entities a run only.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"
#include "tools/check/setting.hpp"
#include "tools/client/failure.hpp"

namespace okra::check::scratch {

// What is edited: two objectives, the first with three key results, the second with one.
inline constexpr const char* objective = "o1";
inline constexpr const char* other_objective = "o2";
inline constexpr const char* typed_in = "k1";  // never removed: everybody types into its title
inline constexpr const char* moved = "k2";     // between the objectives
inline constexpr const char* measured = "k3";  // by milestones
inline constexpr const char* removed = "k4";   // and restored

// At most so many entities are made in a run, whatever its length.
inline constexpr std::size_t creates_max = 8;

// The day's plan; `days_ago`: an earlier one.
[[nodiscard]] std::string plan_name(const std::string& workspace, int days_ago = 0);
[[nodiscard]] std::string today();  // YYYY-MM-DD, UTC

// Removes what killed runs left, also on the day before, and makes everything ready. Gives the content that the run
// begins with. Fails when another run is at work.
[[nodiscard]] result<document::document, client::failure> prepare(const check_options& options,
                                                                  const std::string& plan);

// Leaves nothing in the plan but its title.
[[nodiscard]] result<void, client::failure> clean(const check_options& options, const std::string& plan);

// What the plan's figures depend on beyond the plan: from the workspace.
[[nodiscard]] result<document::derive_context, client::failure> read_context(const check_options& options,
                                                                             const std::string& plan);

}  // namespace okra::check::scratch
