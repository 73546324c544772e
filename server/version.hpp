// The version of this program. OKRA_VERSION comes from the project's version in CMakeLists.txt.
#pragma once

namespace okra {

inline constexpr const char* version = OKRA_VERSION;

}  // namespace okra
