// What is gone after kill -9 (modes.hpp: measure_kill).
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "tools/load/modes.hpp"

namespace okra::load {

namespace {

constexpr std::chrono::duration<double> typed_beyond_the_kill{0.2};
constexpr std::chrono::seconds restart_patience{30};

bool is_listening_within(const target& server, std::chrono::seconds patience)
{
    sockaddr address{};
    std::memcpy(&address, &server.endpoint, sizeof address);
    for (const auto deadline = clock::now() + patience; clock::now() < deadline;) {
        const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool listens = connect(probe, &address, sizeof server.endpoint) == 0;
        close(probe);
        if (listens) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return false;
}

}  // namespace

verdict measure_kill(const mode_options& options)
{
    if (!options.server_pid) return client::failure{"whom to kill: --server-pid"};
    const auto server = resolve(options.fleet.server);
    if (!server) return server.error();
    auto all = fleet::assemble(options.fleet);
    if (!all) return all.error();
    const std::chrono::duration<double> length{options.seconds};
    std::jthread killer{[&] {
        std::this_thread::sleep_for(length);
        ::kill(static_cast<pid_t>(*options.server_pid), SIGKILL);
    }};
    (void)all->run(
        {.operations_per_editor_per_second = options.rate, .warmup = {}, .length = length + typed_beyond_the_kill});
    killer.join();
    // Who started the server waits for this line to start it again.
    fmt::print("{}\n", options.json ? R"({"killed":true})" : "killed");
    std::fflush(stdout);
    if (!is_listening_within(*server, restart_patience)) return client::failure{"the server does not come back"};
    const auto found = all->survey();
    if (!found) return found.error();
    fmt::print(fmt::runtime(options.json ? R"({{"seen":{},"gone":{}}})" : "seen by others {}, gone after the kill {}"),
               found->seen, found->gone);
    fmt::print("\n");
    return found->gone == 0;
}

}  // namespace okra::load
