// What a connection costs in this layer: run with `okra_net_tests "[bench]"`. Hidden, and without a check of time.
#include <chrono>
#include <malloc.h>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tests/support/websocket_client.hpp"
#include "tests/unit/net/echo_server.hpp"

namespace okra::test {

namespace {

// Heap in use; of the whole process, so that what the test itself allocates has to be subtracted.
std::size_t heap_bytes()
{
    const auto it = ::mallinfo2();
    return it.uordblks + it.hblkhd;
}

double milliseconds_since(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

// A client that costs next to nothing in this process: a socket and its upgrade.
std::unique_ptr<tcp_client> raw_client(std::uint16_t port)
{
    auto it = std::make_unique<tcp_client>(port);
    REQUIRE(ask(*it, upgrade_request(port)).status == 101);
    return it;
}

}  // namespace

TEST_CASE("heap per idle connection", "[.][bench]")
{
    constexpr int count = 400;  // within the usual limit of 1,024 descriptors, both ends being here
    echo_server server;
    std::vector<std::unique_ptr<tcp_client>> clients;
    clients.reserve(2 * count);
    for (int index = 0; index < count / 4; ++index) clients.push_back(raw_client(server.port()));
    session_events::wait_for(server.events().connected, static_cast<int>(clients.size()));
    const std::size_t before = heap_bytes();
    for (int index = 0; index < count; ++index) clients.push_back(raw_client(server.port()));
    session_events::wait_for(server.events().connected, static_cast<int>(clients.size()));
    fmt::print(
        "heap per idle connection, an echo session (some 150 bytes) and the client's end (some 30) included: {} "
        "bytes\n",
        (heap_bytes() - before) / count);
}

TEST_CASE("round trips, one message at a time", "[.][bench]")
{
    constexpr int count = 20'000;
    echo_server server;
    websocket_client client{server.port()};
    const auto begin = std::chrono::steady_clock::now();
    for (int index = 0; index < count; ++index) {
        client.send("echo x");
        REQUIRE(client.next());
    }
    fmt::print("{:.1f} µs a round trip\n", milliseconds_since(begin) * 1000 / count);
}

TEST_CASE("10,000 frames to one reader", "[.][bench]")
{
    constexpr int count = 10'000;
    echo_server server;
    websocket_client client{server.port()};
    const auto begin = std::chrono::steady_clock::now();
    client.send(fmt::format("flood {} 300", count));
    for (int index = 0; index < count; ++index) REQUIRE(client.next());
    fmt::print("{:.1f} ms for 10,000 frames of 300 bytes in gather writes\n", milliseconds_since(begin));
}

TEST_CASE("10,000 frames, each to another reader", "[.][bench]")
{
    constexpr int readers = 400;
    constexpr int rounds = 25;
    echo_server server;
    std::vector<std::unique_ptr<websocket_client>> clients;
    for (int index = 0; index < readers; ++index) {
        clients.push_back(std::make_unique<websocket_client>(server.port()));
    }
    std::chrono::steady_clock::duration spent{};
    for (int round = 0; round < rounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        for (const auto& it : clients) it->send("flood 1 300");
        for (const auto& it : clients) REQUIRE(it->next());
        spent += std::chrono::steady_clock::now() - begin;
    }
    fmt::print("{:.1f} ms for 10,000 frames of 300 bytes to {} readers, each asked for by a message, both ends here\n",
               std::chrono::duration<double, std::milli>(spent).count(), readers);
}

}  // namespace okra::test
