#include "server/net/descriptors.hpp"

#include <algorithm>
#include <sys/resource.h>

#include "server/net/limits.hpp"

namespace okra::net {

namespace {

// RocksDB's table files, of which it can keep any number open and is fast with a few hundred.
constexpr std::size_t table_files_max = 512;
constexpr std::size_t table_files_least = 64;
// What it has open besides: write-ahead logs, MANIFEST, folders, and what its background jobs read and write.
constexpr std::size_t storage_others = 48;
// Standard streams, signals, the listener, and what the C library opens for a moment.
constexpr std::size_t process_others = 24;
// An epoll, an event and a timer descriptor.
constexpr std::size_t per_worker = 4;
// Fewer connections than that are no server.
constexpr std::size_t connections_least = 32;

std::size_t set_aside(std::size_t workers)
{
    return storage_others + process_others + per_worker * workers + limits::spare_connections;
}

}  // namespace

std::optional<descriptor_plan> plan_descriptors(std::size_t limit, std::size_t workers)
{
    if (limit < least_descriptors(workers)) return {};
    const std::size_t table_files = std::clamp(limit / 4, table_files_least, table_files_max);
    const std::size_t left = limit - set_aside(workers) - table_files_least;
    // Between the two least numbers, connections come first.
    const std::size_t kept = std::min(table_files, table_files_least + (left - connections_least));
    return descriptor_plan{.table_files = kept, .connections = left - (kept - table_files_least)};
}

std::size_t least_descriptors(std::size_t workers)
{
    return set_aside(workers) + table_files_least + connections_least;
}

std::size_t raise_descriptor_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return static_cast<std::size_t>(::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : soft);
}

}  // namespace okra::net
