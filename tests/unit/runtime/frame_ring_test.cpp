#include "server/runtime/frame_ring.hpp"

#include <span>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace okra;
using namespace okra::runtime;

namespace {

const bounds keep;
reader_budget unread{keep.unread_bytes};

frame_ptr commit(std::uint64_t before, std::uint64_t last, std::size_t bytes = 10)
{
    return frame::make({{before}, {last}}, bytes, [&](std::string& out) { out.append(bytes, 'x'); });
}

frame_ptr presence()
{
    return frame::make({}, 0, [](std::string& out) { out += "{}"; });
}

}  // namespace

TEST_CASE("[CM3] a reader goes on behind the last commit it has seen", "[frame_ring]")
{
    frame_ring ring{keep, unread};
    ring.push(commit(0, 1));
    ring.push(presence());
    ring.push(commit(1, 3));
    ring.push(presence());
    CHECK(ring.first_after({0}) == ring.begin());
    CHECK(ring.first_after({1}) == ring.begin() + 1);
    CHECK(ring.first_after({3}) == ring.begin() + 3);
}

TEST_CASE("[CM3] a revision in the middle of a frame is not a place to go on from", "[frame_ring]")
{
    frame_ring ring{keep, unread};
    ring.push(commit(0, 1));
    ring.push(commit(1, 3));
    CHECK_FALSE(ring.first_after({2}));
}

TEST_CASE("[CM3] what has fallen off the ring is known by its floor", "[frame_ring]")
{
    frame_ring ring{keep, unread};
    const std::uint64_t first = ring.begin();
    for (std::uint64_t number = 0; number < keep.ring_frames + 5; ++number) ring.push(commit(number, number + 1));
    CHECK(ring.begin() == first + 5);
    CHECK(ring.floor() == revision{5});
    CHECK_FALSE(ring.first_after({4}));
    CHECK(ring.first_after({5}) == first + 5);
}

TEST_CASE("[OD5] a frame of figures that has fallen off is known by the revision before it", "[frame_ring]")
{
    frame_ring ring{bounds{.ring_frames = 2}, unread};
    ring.restart({3});
    CHECK(ring.figures_after() == revision{3});
    ring.push(commit(3, 4));
    ring.push(presence());
    ring.push(commit(4, 5));
    CHECK(ring.figures_after() == revision{3});  // the commit of 4 has fallen off, which brought its figures along
    ring.push(commit(5, 6));
    CHECK(ring.figures_after() == revision{4});
}

TEST_CASE("a ring is bounded in bytes, but keeps its newest frame", "[frame_ring]")
{
    frame_ring ring{keep, unread};
    ring.push(commit(0, 1, keep.ring_bytes));
    ring.push(commit(1, 2, keep.ring_bytes));
    CHECK(ring.end() - ring.begin() == 1);
    CHECK(ring.floor() == revision{1});
}

TEST_CASE("[CM3] a restarted ring leaves every reader behind", "[frame_ring]")
{
    frame_ring ring{keep, unread};
    ring.push(commit(0, 1));
    const std::uint64_t cursor = ring.end();
    ring.restart({7});
    CHECK(cursor < ring.begin());
    CHECK_FALSE(ring.first_after({1}));
    CHECK(ring.first_after({7}) == ring.end());
}

TEST_CASE("[CM3] a ring that follows another takes what it lacks of its frames, and no more", "[frame_ring]")
{
    const std::vector<frame_ptr> recent{commit(0, 1), commit(1, 2), commit(2, 3)};
    frame_ring ring{keep, unread};
    ring.push(recent[2]);
    const std::uint64_t begin = ring.begin();
    ring.complete(recent);
    CHECK(ring.begin() == begin - 2);
    CHECK(ring.at(begin - 2) == recent[0]);
    CHECK(ring.at(begin) == recent[2]);
    CHECK(ring.bytes() == 3 * recent[0]->size());
    ring.complete(std::span{recent}.last(2));
    CHECK(ring.begin() == begin - 2);
}

TEST_CASE("a frame that fell off a ring is charged to its readers for as long as they hold it", "[frame_ring]")
{
    reader_budget budget{1000};
    frame_ring ring{bounds{.ring_frames = 1}, budget};
    frame_ptr read = commit(0, 1);
    ring.push(read);
    CHECK(budget.used() == 0);
    ring.push(commit(1, 2));
    CHECK(budget.used() == read->size());
    ring.push(commit(2, 3));  // nobody reads the one before
    CHECK(budget.used() == read->size());
    read.reset();
    CHECK(budget.used() == 0);
}

TEST_CASE("a frame's header stands directly before its payload, whatever its length", "[frame]")
{
    for (const std::size_t length : {0U, 1U, 125U, 126U, 65'535U, 65'536U}) {
        const frame_ptr it = frame::make({}, 0, [&](std::string& out) { out.append(length, 'x'); });
        const auto* bytes = static_cast<const unsigned char*>(it->buffer().data());
        CHECK(bytes[0] == 0x81);
        const std::size_t header = length < 126 ? 2 : length < 65'536 ? 4 : 10;
        CHECK(it->size() == header + length);
        if (length != 0) CHECK(bytes[header] == 'x');
    }
}
