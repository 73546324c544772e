#include "server/runtime/worker.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "server/runtime/server_runtime.hpp"
#include "storage/memory_log.hpp"

using namespace okra;

TEST_CASE("what a due task asks of its own worker is done at once, so that it comes before what others ask later",
          "[runtime]")
{
    storage::memory_log log{"epoch1"};
    runtime::server_runtime stepped{log, {.threads = 2, .server_name = "okra test"}};
    runtime::worker& own = stepped.worker_at(0);
    runtime::worker& other = stepped.worker_at(1);
    std::vector<std::string> done;
    own.post([&] { own.run([&] { done.emplace_back("a later task"); }); });
    own.after(std::chrono::milliseconds{0}, [&] {
        own.run([&] { done.emplace_back("its own"); });
        other.run([&] { done.emplace_back("another worker's"); });
        done.emplace_back("the due task");
    });
    while (own.step() || other.step()) {
    }
    CHECK(done == std::vector<std::string>{"its own", "the due task", "a later task", "another worker's"});
}
