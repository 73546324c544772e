// A server over a log in memory, which runs while the test does. Joins get the newest snapshot, unless `keep` says
// otherwise.
#pragma once

#include <cstddef>

#include "server/runtime/server_runtime.hpp"
#include "storage/memory_log.hpp"

namespace okra::tests {

struct running_server {
    explicit running_server(std::size_t threads = 2, const runtime::bounds& keep = {.snapshot_age_ms = 0})
        : runtime{log, {.threads = threads, .server_name = "okra test", .keep = keep}}
    {
        runtime.start();
    }

    storage::memory_log log{"epoch1"};
    runtime::server_runtime runtime;
};

}  // namespace okra::tests
