// A reader that falls behind while others go on (SPEC CM3, design §4).
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

TEST_CASE("[CM3] a client that never reads holds nobody up; when it reads it has every revision, in order",
          "[integration]")
{
    // More than the kernel's buffers and the server's ring of frames hold together.
    constexpr std::uint64_t changes = 250;
    const live_server server;
    okra_client deaf{server.port(), "c1", {.tcp = {.receive_buffer_bytes = 4096}}};
    okra_client author{server.port(), "c2"};
    okra_client lively{server.port(), "c3"};
    static_cast<void>(deaf.open(plan));
    static_cast<void>(author.open(plan));
    static_cast<void>(lively.open(plan));

    const std::string text(60'000, 'x');
    for (std::uint64_t seq = 1; seq <= changes; ++seq) {
        const std::string erase = seq == 1 ? "" : R"(,{"d":60000})";
        author.change(plan, seq, seq - 1,
                      fmt::format(R"({{"op":"edit","id":"plan","field":"note","edit":["{}"{}]}})", text, erase));
        REQUIRE(author.next_of<wire::commit>().last == revision{seq});
        REQUIRE(lively.next_of<wire::commit>().last == revision{seq});
    }

    std::uint64_t has = 0;
    while (has < changes) {
        const auto it = deaf.next();
        REQUIRE(it);
        if (const auto* commit = std::get_if<wire::commit>(&*it)) {
            REQUIRE(commit->last.value - commit->changes.size() == has);
            has = commit->last.value;
        } else if (const auto* opened = std::get_if<wire::opened>(&*it)) {
            REQUIRE(opened->at.value >= has);
            if (opened->mode == wire::open_mode::snapshot) has = opened->at.value;
        }
    }
    CHECK(has == changes);
    CHECK(deaf.is_alive());
}

}  // namespace okra::test
