// One run of okra-check from beginning to end.
#pragma once

#include <string>

#include "tools/check/report.hpp"
#include "tools/check/setting.hpp"

namespace okra::check {

[[nodiscard]] report run(const check_options& options);

}  // namespace okra::check
