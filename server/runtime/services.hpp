// What all parts of a running server share. Lives as long as the server; its members are safe to use from any worker.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "protocol/document/derive/derive.hpp"
#include "server/runtime/metrics.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

class commit_worker;
class worker;

struct services {
    services(storage::log& the_log, metrics& the_figures, boost::asio::thread_pool& the_loaders)
        : log{the_log}, figures{the_figures}, loaders{the_loaders}
    {
    }

    storage::log& log;
    metrics& figures;
    boost::asio::thread_pool& loaders;
    commit_worker* committer = nullptr;
    std::vector<std::unique_ptr<worker>>* workers = nullptr;
    std::string epoch;
    std::string server_name;
    std::int64_t snapshot_age_ms = 0;
    std::chrono::milliseconds audit_interval{};
    std::atomic<bool> storage_works{true};
    std::atomic<bool> draining{false};

    // The worker that owns a document, for as long as the server runs.
    [[nodiscard]] worker& home_of(std::string_view document) const;
    // The worker a session was accepted on; its number tells.
    [[nodiscard]] worker& worker_of_session(std::uint64_t number) const;
};

[[nodiscard]] inline std::int64_t wall_clock_ms()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// For intervals: never jumps.
[[nodiscard]] inline std::int64_t steady_clock_ms()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// Today where the server stands: teams that share a server share its calendar.
[[nodiscard]] inline document::day_number today()
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    using namespace std::chrono;
    const sys_days day = year{local.tm_year + 1900} / month{static_cast<unsigned>(local.tm_mon + 1)} /
                         std::chrono::day{static_cast<unsigned>(local.tm_mday)};
    return static_cast<document::day_number>(day.time_since_epoch().count());
}

}  // namespace okra::runtime
