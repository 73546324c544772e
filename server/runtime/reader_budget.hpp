// The bytes that readers alone keep alive: frames that no ring and no current snapshot holds any more, or that were
// made for one reader. A frame is charged once and gives back what it took when it is destroyed. Owned by the services;
// any thread.
#pragma once

#include <atomic>
#include <cstddef>

namespace okra::runtime {

class reader_budget {
public:
    explicit reader_budget(std::size_t bytes_max) : bytes_max_{bytes_max} {}
    reader_budget(const reader_budget&) = delete;
    reader_budget& operator=(const reader_budget&) = delete;

    [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }

    // Readers get nothing of their own any more, and those that do not read give back what they hold.
    [[nodiscard]] bool is_used_up() const { return used() >= bytes_max_; }
    // Old snapshots are taken from all readers, also from those that read them.
    [[nodiscard]] bool is_far_exceeded() const { return used() / 2 >= bytes_max_; }

private:
    friend class frame;

    void charge(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
    void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

    const std::size_t bytes_max_;
    std::atomic<std::size_t> used_{0};
};

}  // namespace okra::runtime
