// What all parts of a running server share. Lives as long as the server; its members are safe to use from any worker.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/runtime/bounds.hpp"
#include "server/runtime/frame.hpp"
#include "server/runtime/loader.hpp"
#include "server/runtime/metrics.hpp"
#include "server/runtime/reader_budget.hpp"
#include "server/runtime/workspace_list.hpp"
#include "server/runtime/write_quota.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

class commit_worker;
class worker;

struct services {
    services(storage::log& the_log, metrics& the_figures, const bounds& to_keep)
        : log{the_log}, figures{the_figures}, keep{to_keep}, unread{to_keep.unread_bytes}
    {
    }

    storage::log& log;
    metrics& figures;
    const bounds keep;
    reader_budget unread;
    loader load;
    commit_worker* committer = nullptr;
    std::vector<std::unique_ptr<worker>>* workers = nullptr;
    std::string epoch;
    std::string server_name;
    const frame_ptr pong = frame::of(wire::pong{});
    write_quotas quotas;
    workspace_titles titles;
    std::atomic<bool> storage_works{true};
    std::atomic<bool> draining{false};
    std::atomic<bool> checks_itself{false};  // a document is replayed to compare it with what was told of it
    std::atomic<std::uint64_t> greetings{0};
    std::atomic<std::size_t> documents_put_away{0};
    // Memory of changes that were decoded on one worker and have not come to their document's.
    std::atomic<std::size_t> under_way_bytes{0};

    // Nothing more is to be read from clients until documents' workers have caught up.
    [[nodiscard]] bool is_congested() const
    {
        return under_way_bytes.load(std::memory_order_relaxed) >= keep.under_way_bytes;
    }

    // The worker that owns a document, for as long as the server runs.
    [[nodiscard]] worker& home_of(std::string_view document) const;
    // The worker a session was accepted on; its number tells.
    [[nodiscard]] worker& worker_of_session(std::uint64_t number) const;

    // Wherever the session is; if it has ended, nobody hears.
    void send(wire::session_number to, const wire::server_message& message) const;

    // If far too much is unread: on all workers, and at once, readers give back what others have newer.
    void relieve_if_needed() const;
};

// Workers in the order of their numbers: whatever goes to several of them goes in one order in every run.
struct by_number {
    [[nodiscard]] bool operator()(const worker* left, const worker* right) const;
};

}  // namespace okra::runtime
