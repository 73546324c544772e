// What a plan's figures take from its workspace: the cycle's dates and the organisation's thresholds.
#pragma once

#include <string_view>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"

namespace okra::room {

// For the plans of `cycle`. A cycle that is unknown, removed or has no dates gives none: its plans have no pace.
[[nodiscard]] document::derive_context plan_context(const document::document& workspace, std::string_view cycle,
                                                    document::day_number today);

}  // namespace okra::room
