// How much memory a decoded change takes: a few bytes of JSON may become some forty in memory, so what is kept of them
// is bounded by this and not by what came over the wire.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

#include "protocol/wire/messages.hpp"

namespace okra::runtime {

// Its own size, and what its members hold on the heap, without what the allocator adds.
[[nodiscard]] std::size_t memory_bytes(const wire::change& it);

// A change on its way from the worker that decoded it to its document's: counted in `total`, which outlives it, until
// it has arrived or is destroyed. Handed on between threads, used by one at a time.
class counted_under_way {
public:
    counted_under_way(std::atomic<std::size_t>& total, std::size_t bytes) : total_{&total}, bytes_{bytes}
    {
        total.fetch_add(bytes, std::memory_order_relaxed);
    }
    ~counted_under_way() { arrived(); }
    counted_under_way(counted_under_way&& it) noexcept : total_{it.total_}, bytes_{std::exchange(it.bytes_, 0)} {}
    counted_under_way(const counted_under_way&) = delete;
    counted_under_way& operator=(const counted_under_way&) = delete;
    counted_under_way& operator=(counted_under_way&&) = delete;

    void arrived() { total_->fetch_sub(std::exchange(bytes_, 0), std::memory_order_relaxed); }

private:
    std::atomic<std::size_t>* total_;
    std::size_t bytes_;
};

}  // namespace okra::runtime
