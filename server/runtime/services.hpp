// What all parts of a running server share. Lives as long as the server; its members are safe to use from any worker.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "server/runtime/bounds.hpp"
#include "server/runtime/metrics.hpp"
#include "server/runtime/write_quota.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

class commit_worker;
class worker;

struct services {
    services(storage::log& the_log, metrics& the_figures, boost::asio::io_context& the_loaders)
        : log{the_log}, figures{the_figures}, loaders{the_loaders}
    {
    }

    storage::log& log;
    metrics& figures;
    boost::asio::io_context& loaders;
    commit_worker* committer = nullptr;
    std::vector<std::unique_ptr<worker>>* workers = nullptr;
    std::string epoch;
    std::string server_name;
    bounds keep;
    write_quotas quotas;
    std::atomic<bool> storage_works{true};
    std::atomic<bool> draining{false};
    std::atomic<std::uint64_t> greetings{0};

    // The worker that owns a document, for as long as the server runs.
    [[nodiscard]] worker& home_of(std::string_view document) const;
    // The worker a session was accepted on; its number tells.
    [[nodiscard]] worker& worker_of_session(std::uint64_t number) const;
};

// Workers in the order of their numbers: whatever goes to several of them goes in one order in every run.
struct by_number {
    [[nodiscard]] bool operator()(const worker* left, const worker* right) const;
};

}  // namespace okra::runtime
