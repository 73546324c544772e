// A document at one revision as frames, shared by everybody who joins at it. Made by the document's actor; readers on
// any worker hold it until they have taken all of it. Never changed but by `retire`.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "server/runtime/frame.hpp"

namespace okra::runtime {

class snapshot {
public:
    struct contents {
        revision at;
        std::vector<frame_ptr> parts;  // the document
        // All figures, and null for what has none any more: for a tail, whose reader may have figures of what was
        // removed meanwhile.
        std::vector<frame_ptr> figures;
    };

    explicit snapshot(contents it) : contents_{std::move(it)}, bytes_{sum_of(contents_)}
    {
        bytes_alive_.fetch_add(bytes_, std::memory_order_relaxed);
    }
    ~snapshot() { bytes_alive_.fetch_sub(bytes_, std::memory_order_relaxed); }
    snapshot(const snapshot&) = delete;
    snapshot& operator=(const snapshot&) = delete;

    [[nodiscard]] revision at() const { return contents_.at; }
    [[nodiscard]] const std::vector<frame_ptr>& parts() const { return contents_.parts; }
    [[nodiscard]] const std::vector<frame_ptr>& figures() const { return contents_.figures; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    // Of all snapshots that exist, whoever holds them.
    [[nodiscard]] static std::size_t bytes_alive() { return bytes_alive_.load(std::memory_order_relaxed); }

    // Nobody joins from it any more: those who read it keep it alive.
    void retire(reader_budget& budget) const
    {
        retired_.store(true, std::memory_order_relaxed);
        for (const auto* frames : {&contents_.parts, &contents_.figures}) {
            for (const frame_ptr& it : *frames) it->charge_to(budget);
        }
    }
    [[nodiscard]] bool is_retired() const { return retired_.load(std::memory_order_relaxed); }

private:
    [[nodiscard]] static std::size_t sum_of(const contents& of)
    {
        std::size_t sum = 0;
        for (const auto* frames : {&of.parts, &of.figures}) {
            for (const frame_ptr& it : *frames) sum += it->size();
        }
        return sum;
    }

    static inline std::atomic<std::size_t> bytes_alive_{0};

    const contents contents_;
    const std::size_t bytes_;
    mutable std::atomic<bool> retired_{false};
};

using snapshot_ptr = std::shared_ptr<const snapshot>;

}  // namespace okra::runtime
