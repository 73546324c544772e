// How much memory a decoded change takes: a few bytes of JSON may become some forty in memory, so what is kept of them
// is bounded by this and not by what came over the wire. Pure.
#pragma once

#include <cstddef>

#include "protocol/wire/messages.hpp"

namespace okra::runtime {

// Its own size, and what its members hold on the heap, without what the allocator adds.
[[nodiscard]] std::size_t memory_bytes(const wire::change& it);

}  // namespace okra::runtime
