#include "tests/simulation/options.hpp"

#include <array>

#include <fmt/format.h>

#include "protocol/base/prng.hpp"

namespace okra::simulation {

namespace {

template <typename Value, std::size_t Count>
Value any_of(prng& random, const std::array<Value, Count>& choices)
{
    return choices[random.below(Count)];
}

// Half of all worlds do not have this kind of fault at all.
unsigned rate(prng& random, unsigned most)
{
    return random.one_in(2) ? 0 : static_cast<unsigned>(1 + random.below(most));
}

span_ms every(prng& random, std::int64_t least)
{
    if (random.one_in(2)) return {};
    return {least, least * any_of<std::int64_t>(random, std::array<std::int64_t, 3>{2, 5, 20})};
}

std::string text(const span_ms& it)
{
    return it.most == 0 ? "never" : fmt::format("{}-{}ms", it.least, it.most);
}

// The tail is long beside what a reader may have at a time.
void draw_deaf_readers(options& it, prng& random)
{
    it.deaf = 4 + random.below(8);
    it.history = 300;
    it.pipe_bytes = 2'000;
    it.gather_bytes = 4'000;
    it.keep.piece_bytes = 100 + random.below(3'000);
    it.keep.tail_revisions = runtime::bounds{}.tail_revisions;
}

}  // namespace

options draw(std::uint64_t seed)
{
    prng random{seed ^ 0x0b5e55edULL};
    options it;
    it.seed = seed;
    it.workers = 1 + random.below(3);
    it.plans = 1 + random.below(2);
    it.model_clients = 2 + random.below(4);
    it.web_clients = random.one_in(2) ? 0 : 1 + random.below(3);
    it.viewers = random.below(3);
    // Who hurries is watched for a few minutes, who takes their time for longer.
    struct pace {
        span_ms think;
        std::int64_t length_ms;
    };
    const auto pace_of =
        any_of(random, std::array<pace, 6>{pace{{20, 400}, 60'000}, pace{{200, 4'000}, 240'000},
                                           pace{{1'000, 20'000}, 600'000}, pace{{1'000, 20'000}, 900'000},
                                           pace{{5'000, 60'000}, 900'000}, pace{{10'000, 120'000}, 1'200'000}});
    it.think = pace_of.think;
    it.length_ms = pace_of.length_ms;

    options::faults& of = it.per_mille;
    of.bad_change = rate(random, 30);
    of.send_twice = rate(random, 100);
    of.forbidden = rate(random, 20);
    of.tab_closes = rate(random, 5);
    of.tab_dies = rate(random, 30);
    of.storage_trouble = rate(random, 100);
    of.cut = rate(random, 40);
    of.half_open = rate(random, 500);
    of.slow_reader = rate(random, 50);
    of.stall = rate(random, 5);
    of.write_fails = rate(random, 20);
    of.write_stays = rate(random, 1'000);
    of.snapshot_lost = rate(random, 1'000);
    of.crash_at_write = rate(random, 20);
    it.crash_every = every(random, 10'000);
    it.drain_every = every(random, 20'000);
    it.clock_jumps_every = every(random, 30'000);
    it.restart = {50, any_of<std::int64_t>(random, std::array<std::int64_t, 3>{100, 1'000, 20'000})};

    it.latency = any_of(random, std::array<span_ms, 3>{span_ms{0, 1}, span_ms{1, 60}, span_ms{20, 900}});
    it.sync = any_of(random, std::array<span_ms, 3>{span_ms{0, 1}, span_ms{1, 10}, span_ms{5, 2'000}});
    it.repair = {100, any_of<std::int64_t>(random, std::array<std::int64_t, 2>{1'000, 10'000})};
    it.pipe_bytes = any_of<std::size_t>(random, std::array<std::size_t, 3>{2'000, 20'000, 1'000'000});
    it.gather_bytes = any_of<std::size_t>(random, std::array<std::size_t, 3>{500, 4'000, 65'536});
    if (random.one_in(2)) {
        it.keep.ring_frames = 1 + random.below(20);
        it.keep.ring_bytes = 200 + random.below(5'000);
    }
    if (random.one_in(2)) it.keep.snapshot_age_ms = static_cast<std::int64_t>(random.below(3'000));
    if (random.one_in(2)) it.keep.tail_revisions = random.below(30);
    if (random.one_in(2)) it.keep.store_snapshot_every = 1 + random.below(30);
    if (random.one_in(2)) it.keep.idle_before_unload_ms = static_cast<std::int64_t>(random.below(10'000));
    if (random.one_in(2)) {
        it.keep.lane.at_once_us = static_cast<std::int64_t>(random.below(40));
        it.keep.lane.memory_max = 2'000 + random.below(40'000);
    }
    if (random.one_in(2)) {
        it.keep.small_append_bytes = random.below(400);
        it.keep.large_bytes_per_write = random.below(1'000);
    }
    if (random.one_in(2)) it.keep.rings_bytes = 1'000 + random.below(20'000);
    if (random.one_in(2)) it.keep.unread_bytes = 1 + random.below(10'000);
    if (random.one_in(2)) it.keep.piece_bytes = 100 + random.below(3'000);
    if (random.one_in(4)) it.keep.tail_bytes = 1'000 + random.below(20'000);
    if (random.one_in(2)) it.keep.part_bytes = 100 + random.below(2'000);
    if (random.one_in(2)) it.keep.commit_bytes = 100 + random.below(1'000);
    if (random.one_in(2)) it.restless = 1 + random.below(2);
    if (random.one_in(2)) it.keep.idle_documents = random.below(4);
    if (random.one_in(2)) it.keep.replay_turn_us = -1;
    if (random.one_in(4)) it.keep.store_snapshot_after_us = -1;
    if (random.one_in(2)) it.keep.store_snapshot_at_end_us = 0;
    of.misled = rate(random, 100);
    if (random.one_in(8)) draw_deaf_readers(it, random);
    return it;
}

std::string describe(const options& it)
{
    const options::faults& of = it.per_mille;
    return fmt::format(
        "seed {} length {}s workers {} plans {} model {} web {} viewers {} restless {} deaf {} think {} latency {} "
        "sync {} "
        "repair {} "
        "restart {} "
        "pipe {} gather {} crash {} drain {} clock {} ring {}/{}B rings {}B unread {}B piece {}B tail {}/{}B part {}B "
        "commit {}B snapshot-age {}ms store-every {} unload {}ms idle {} replay-turn {}us store-after {}us "
        "store-at-end {}us "
        "at-once {}us waiting {}B small-append {}B large-appends {}B "
        "per mille: bad {} twice {} forbidden {} misled {} closes {} dies {} storage {} cut {} half-open {} slow {} "
        "stall {} "
        "write-fails {} stays {} snapshot-lost {} crash-at-write {}",
        it.seed, it.length_ms / 1000, it.workers, it.plans, it.model_clients, it.web_clients, it.viewers, it.restless,
        it.deaf, text(it.think), text(it.latency), text(it.sync), text(it.repair), text(it.restart), it.pipe_bytes,
        it.gather_bytes, text(it.crash_every), text(it.drain_every), text(it.clock_jumps_every), it.keep.ring_frames,
        it.keep.ring_bytes, it.keep.rings_bytes, it.keep.unread_bytes, it.keep.piece_bytes, it.keep.tail_revisions,
        it.keep.tail_bytes, it.keep.part_bytes, it.keep.commit_bytes, it.keep.snapshot_age_ms,
        it.keep.store_snapshot_every, it.keep.idle_before_unload_ms, it.keep.idle_documents, it.keep.replay_turn_us,
        it.keep.store_snapshot_after_us, it.keep.store_snapshot_at_end_us, it.keep.lane.at_once_us,
        it.keep.lane.memory_max, it.keep.small_append_bytes, it.keep.large_bytes_per_write, of.bad_change,
        of.send_twice, of.forbidden, of.misled, of.tab_closes, of.tab_dies, of.storage_trouble, of.cut, of.half_open,
        of.slow_reader, of.stall, of.write_fails, of.write_stays, of.snapshot_lost, of.crash_at_write);
}

}  // namespace okra::simulation
