// OKRA_ASSERT states what must hold if the code is right. It stays on in release builds and ends the process: recovery
// replays the log, so stopping is safe and going on is not. Nothing that a client can send may reach one.
#pragma once

namespace okra {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace okra

#define OKRA_ASSERT(condition) \
    ((condition) ? static_cast<void>(0) : ::okra::assertion_failed(#condition, __FILE__, __LINE__))
