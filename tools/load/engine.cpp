#include "tools/load/engine.hpp"

#include <algorithm>
#include <map>
#include <queue>

#include <fmt/format.h>

namespace okra::load {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t joining_at_once_max = 128;
constexpr auto join_patience = 60s;
constexpr auto standstill = 3s;        // a drain gives up when nothing has arrived for so long
constexpr std::size_t ping_turns = 8;  // everybody pings once in this many seconds, well within a heartbeat

}  // namespace

engine::engine(engine_options options) : options_{std::move(options)}
{
    parts_.random = prng{options_.seed + options_.first_room};
    for (std::size_t index = 0; index < options_.rooms; ++index) {
        const auto number = options_.first_room + index;
        rooms_.push_back(make_room(options_.speaks,
                                   {.name = fmt::format("{}/plan/{}-{}/load", options_.workspace, options_.run, number),
                                    .editors = options_.editors_per_room,
                                    .server = options_.server}));
    }
}

void engine::take_seat(room& in, participant_options options)
{
    auto who = in.seat(parts_, std::move(options));
    auto* edits = who->as_editor();
    seats_.push_back({&in, std::move(who), edits});
}

void engine::seat_editors(room& in)
{
    // With viewers, half of the replicas are theirs.
    const auto replicas =
        options_.viewers_per_room > 0 ? (options_.replicas_per_room + 1) / 2 : options_.replicas_per_room;
    for (std::size_t index = 0; index < options_.editors_per_room; ++index) {
        take_seat(in, {.client = in.client_id(index), .whole = index < replicas, .editor = index});
    }
}

void engine::seat_viewers(room& in, std::size_t from, std::size_t count)
{
    for (std::size_t index = from; index < from + count; ++index) {
        take_seat(in, {.client = in.client_id(options_.editors_per_room + index),
                       .view = options_.view,
                       .whole = index < options_.replicas_per_room / 2});
    }
}

result<void, client::failure> engine::assemble()
{
    for (const auto& it : rooms_) seat_editors(*it);
    for (const auto& it : rooms_) seat_viewers(*it, 0, options_.viewers_per_room);
    if (auto joined = join_all(0); !joined) return joined.error();
    return options_.editors_per_room > 0 ? create_documents() : result<void, client::failure>{};
}

result<void, client::failure> engine::add_viewers(std::size_t count_per_room)
{
    const auto from = seats_.size();
    for (const auto& it : rooms_) seat_viewers(*it, options_.viewers_per_room, count_per_room);
    options_.viewers_per_room += count_per_room;
    return join_all(from);
}

result<void, client::failure> engine::join_all(std::size_t from)
{
    using stage = participant::stage;
    const auto deadline = clock::now() + join_patience;
    std::size_t next = from;
    std::size_t done = from;  // everybody before is ready
    while (done < seats_.size()) {
        while (next < seats_.size() && next - done < joining_at_once_max) {
            seats_[next].who->join(seats_[next].in->server());
            ++next;
        }
        serve(clock::now() + 10ms);
        while (done < next && seats_[done].who->at() == stage::ready) ++done;
        if (done < next && seats_[done].who->at() == stage::broken) {
            return client::failure{"a participant cannot join: " + seats_[done].who->broken_because()};
        }
        if (clock::now() > deadline) return client::failure{"participants do not get to join in time"};
    }
    return {};
}

result<void, client::failure> engine::create_documents()
{
    // Editors come first in `seats_`, room by room.
    for (std::size_t index = 0; index < rooms_.size(); ++index) {
        seats_[index * options_.editors_per_room].edits->create_document();
    }
    drain();
    for (const auto& it : rooms_) {
        if (it->head() == revision{}) return client::failure{"the documents could not be created"};
    }
    return {};
}

void engine::serve(clock::time_point until)
{
    const auto now = clock::now();
    if (now >= next_ping_) {
        next_ping_ = now + 1s;
        ping_turn_ = (ping_turn_ + 1) % ping_turns;
        for (std::size_t index = ping_turn_; index < seats_.size(); index += ping_turns) seats_[index].who->ping();
    }
    parts_.sockets.serve(std::min(until, next_ping_));
}

void engine::idle(clock::time_point until)
{
    while (clock::now() < until) serve(until);
}

tally engine::run(const step_options& step, clock::time_point start)
{
    const auto seconds = [](std::chrono::duration<double> it) {
        return std::chrono::duration_cast<clock::duration>(it);
    };
    parts_.counts = {};
    parts_.counts.from = start + seconds(step.warmup);
    parts_.counts.until = parts_.counts.from + seconds(step.length);

    // Editors type evenly, each with a phase of its own.
    const auto period = std::chrono::duration<double>{1 / step.operations_per_editor_per_second};
    std::priority_queue<due, std::vector<due>, std::greater<>> schedule;
    for (std::size_t index = 0; index < seats_.size(); ++index) {
        if (seats_[index].edits != nullptr) schedule.push({start + seconds(period * parts_.random.unit()), index});
    }
    while (!schedule.empty()) {
        auto next = schedule.top();
        if (next.at > clock::now()) {
            serve(next.at);
            continue;
        }
        schedule.pop();
        submit_due(next);
        next.at += seconds(period);
        if (next.at < parts_.counts.until) schedule.push(next);
    }
    drain();
    return parts_.counts;
}

void engine::submit_due(const due& it)
{
    const auto& seat = seats_[it.seat];
    if (parts_.counts.counts(it.at)) {
        const auto others = options_.editors_per_room + options_.viewers_per_room - 1;
        ++parts_.counts.submitted;
        parts_.counts.deliveries_expected += others;
    }
    seat.edits->submit(it.at);
}

bool engine::settled() const
{
    return std::all_of(seats_.begin(), seats_.end(), [](const seat& it) {
        if (it.who->at() != participant::stage::ready) return true;  // counted as disconnected
        return it.who->last() == it.in->head() && (it.edits == nullptr || !it.edits->has_pending());
    });
}

std::uint64_t engine::arrivals() const
{
    std::uint64_t sum = 0;
    for (const auto& it : seats_) sum += it.who->last().value;
    return sum;
}

void engine::drain()
{
    auto moved_at = clock::now();
    auto before = arrivals();
    while (!settled() && clock::now() - moved_at < standstill) {
        const auto until = clock::now() + 10ms;
        while (clock::now() < until) serve(until);
        if (const auto now = arrivals(); now != before) {
            before = now;
            moved_at = clock::now();
        }
    }
}

result<void, client::failure> engine::seat_joiners(const std::vector<room*>& in)
{
    const auto from = seats_.size();
    const auto number = options_.editors_per_room + options_.viewers_per_room + from;  // nobody else's
    for (auto* it : in) take_seat(*it, {.client = it->client_id(number), .view = true, .whole = true});
    if (auto joined = join_all(from); !joined) return joined.error();
    drain();  // a snapshot may be a little old; what is newer follows it
    return {};
}

result<agreement, client::failure> engine::verify()
{
    drain();
    agreement out;
    out.document = rooms_.front()->name();
    const auto seats_before = seats_.size();
    std::vector<room*> compared;
    std::map<const room*, std::uint64_t> hashes;
    for (const auto& it : seats_) {
        if (it.who->at() != participant::stage::ready || it.who->last() != it.in->head()) ++out.behind;
        const auto hash = it.who->state_hash();
        if (!hash) continue;
        ++out.replicas;
        const auto [first, is_first] = hashes.try_emplace(it.in, *hash);
        if (is_first) compared.push_back(it.in);
        if (first->second != *hash) ++out.different;
    }
    // Somebody who comes now must be given the same.
    if (auto joined = seat_joiners(compared); !joined) return joined.error();
    for (auto index = seats_before; index < seats_.size(); ++index) {
        if (seats_[index].who->state_hash() != hashes.at(seats_[index].in)) ++out.different;
    }
    seats_.resize(seats_before);
    return out;
}

result<survival, client::failure> engine::survey()
{
    seats_.clear();
    std::vector<room*> all;
    for (const auto& it : rooms_) all.push_back(it.get());
    if (auto joined = seat_joiners(all); !joined) return joined.error();
    survival out;
    for (const auto& it : seats_) {
        out.seen += it.in->operations_seen();
        out.gone += it.in->operations_gone(*it.who);
    }
    return out;
}

}  // namespace okra::load
