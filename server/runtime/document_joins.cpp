// The half of document_actor that lets readers in: with a snapshot, or with the tail they miss.
#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/wire/encode.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/session.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

namespace {

// A large snapshot may be older by a millisecond for so many bytes, so that building them, 50 µs for these, never takes
// more than a twentieth of the worker's time.
constexpr std::size_t snapshot_bytes_per_ms = 16 << 10;

// Below what fills a socket's buffer at once, above what makes many small frames.
constexpr std::size_t part_bytes = 128 << 10;

}  // namespace

void document_actor::join(join_request it)
{
    std::visit(overloaded{[&](const loading_state&) { waiting_.push_back(std::move(it)); },
                          [&](const quarantined_state& bad) { refuse_join(it, bad.why); },
                          [&](const live_state&) { admit(std::move(it)); }},
               state_);
}

void document_actor::admit_waiting()
{
    for (join_request& it : std::exchange(waiting_, {})) join(std::move(it));
}

void document_actor::admit(join_request it)
{
    room::room& authority = live()->authority;
    if (!it.view && !authority.knows(it.client)) {
        look_up_outcome(std::move(it));
        return;
    }
    if (!it.view && authority.in_doubt(it.client)) {
        waiting_.push_back(std::move(it));
        return;
    }

    const bool same_history = it.resume && it.resume->epoch == shared_.epoch && it.resume->at <= authority.durable();
    const frame_ring& ring = home_.fanout_of(name_).ring();
    if (same_history && it.resume->at > ring.figures_after()) {
        if (const auto frame_number = ring.first_after(it.resume->at)) {
            join_with_tail(std::move(it), *frame_number);
            return;
        }
    }
    // A reader's view never goes back: neither behind what it has, nor behind its own last change.
    revision at_least = same_history ? it.resume->at : revision{};
    if (!it.view) at_least = std::max(at_least, authority.last_commit(it.client));
    const snapshot_frames* ready = durable_snapshot(at_least);
    if (ready == nullptr) {
        waiting_.push_back(std::move(it));
        return;
    }
    const bool tail_fits = same_history && it.resume->at <= ready->at &&
                           ready->at.value - it.resume->at.value <= shared_.keep.tail_revisions;
    if (tail_fits) {
        join_with_old_tail(std::move(it), ready->at);
    } else {
        join_with_snapshot(it, *ready);
    }
}

// The exactly-once table's row of a client that is not here yet.
void document_actor::look_up_outcome(join_request it)
{
    ++lookups_;
    boost::asio::post(shared_.loaders, [self = shared_from_this(), it = std::move(it)]() mutable {
        auto found = self->shared_.log.last_outcome(self->name_, it.client);
        self->home_.post([self, it = std::move(it), found = std::move(found)]() mutable {
            --self->lookups_;
            if (!found) {
                self->refuse_join(it, {refusal_code::unavailable, found.error().message, {}});
                return;
            }
            if (live_state* now = self->live()) now->authority.remember(it.client, *found);
            self->join(std::move(it));
        });
    });
}

const document_actor::snapshot_frames* document_actor::durable_snapshot(revision at_least)
{
    const room::room& authority = live()->authority;
    if (snapshot_) {
        if (snapshot_->at > authority.durable()) return nullptr;
        const bool fresh = snapshot_->at == authority.durable() ||
                           (snapshot_->at >= at_least && steady_clock_ms() < snapshot_->fresh_until_ms);
        if (fresh && home_.fanout_of(name_).ring().first_after(snapshot_->at)) return &*snapshot_;
        snapshot_.reset();
    }
    snapshot_wanted_ = true;
    build_snapshot_if_wanted();
    return snapshot_ && snapshot_->at <= authority.durable() ? &*snapshot_ : nullptr;
}

// Only where one batch ends and the next has not begun: from there the ring's frames go on.
void document_actor::build_snapshot_if_wanted()
{
    const room::room& authority = live()->authority;
    if (!snapshot_wanted_ || authority.has_decided()) return;
    snapshot_wanted_ = false;

    const document::document& content = authority.content();
    snapshot_frames built{.at = content.head(), .parts = {}, .figures = {}, .fresh_until_ms = 0};
    const std::vector<const document::entity*> entities = content.in_tree_order();
    std::size_t next = 0;
    std::size_t bytes = 0;
    while (next < entities.size()) {
        const auto index = static_cast<std::uint32_t>(built.parts.size());
        built.parts.push_back(frame::make({}, 0, [&](std::string& out) {
            next = wire::encode_part(out, {.document = name_,
                                           .at = built.at,
                                           .index = index,
                                           .entities = entities,
                                           .first = next,
                                           .bytes_max = part_bytes,
                                           .figures = authority.figures()});
        }));
        bytes += built.parts.back()->size();
    }
    // For a tail, whose reader may still have figures of what was removed meanwhile.
    document::figure_keeper::delta all;
    for (const auto& [id, figures] : authority.figures()) all.emplace_back(id, figures);
    for (const document::entity* it : entities) {
        if (!authority.figures().contains(it->id) && !content.is_live(*it)) all.emplace_back(it->id, std::nullopt);
    }
    built.figures = frame::of(wire::derived{.document = name_, .at = built.at, .figures = std::move(all)});
    built.fresh_until_ms =
        steady_clock_ms() + shared_.keep.snapshot_age_ms + static_cast<std::int64_t>(bytes / snapshot_bytes_per_ms);
    snapshot_ = std::move(built);
}

void document_actor::join_with_snapshot(join_request it, const snapshot_frames& from)
{
    shared_.figures.joins_snapshot.Increment();
    const auto next_frame = home_.fanout_of(name_).ring().first_after(from.at);
    OKRA_ASSERT(next_frame.has_value());
    finish_join(it, wire::open_mode::snapshot, from.at, from.parts, *next_frame);
}

void document_actor::join_with_tail(join_request it, std::uint64_t first_frame)
{
    shared_.figures.joins_tail.Increment();
    const revision at = it.resume->at;
    finish_join(it, wire::open_mode::tail, at, {}, first_frame);
}

// The tail begins before the ring, or where it began: the figures as they are at `until`, and up to there from the log;
// then the ring goes on.
void document_actor::join_with_old_tail(join_request it, revision until)
{
    ++lookups_;
    boost::asio::post(
        shared_.loaders, [self = shared_from_this(), it = std::move(it), until, incarnation = incarnation_]() mutable {
            auto tail = load_tail(self->shared_.log, self->name_, it.resume->at, until);
            self->home_.post([self, it = std::move(it), until, incarnation, tail = std::move(tail)]() mutable {
                --self->lookups_;
                if (!tail) {
                    self->refuse_join(it, {refusal_code::unavailable, tail.error().message, {}});
                    return;
                }
                const auto next_frame = self->home_.fanout_of(self->name_).ring().first_after(until);
                const bool still_fits = incarnation == self->incarnation_ && self->live() != nullptr && next_frame &&
                                        self->snapshot_ && self->snapshot_->at == until;
                if (!still_fits) {
                    self->join(std::move(it));  // the world went on meanwhile
                    return;
                }
                self->shared_.figures.joins_tail.Increment();
                // First, so that whoever has a part of the tail when its connection breaks has the figures of before
                // it.
                tail->insert(tail->begin(), self->snapshot_->figures);
                const revision at = it.resume->at;
                self->finish_join(it, wire::open_mode::tail, at, std::move(*tail), *next_frame);
            });
        });
}

void document_actor::finish_join(const join_request& it, wire::open_mode mode, revision at,
                                 std::vector<frame_ptr> first, std::uint64_t next_frame)
{
    room::room& authority = live()->authority;
    if (!it.view) {
        if (!authority.knows(it.client)) {  // it left while it waited, and was forgotten
            look_up_outcome(it);
            return;
        }
        if (authority.in_doubt(it.client)) {  // it has gone on writing while its tail was read
            waiting_.push_back(it);
            return;
        }
        if (!take_over(it)) return;
        authority.present.join(it.from.number, it.client, it.name);
        publish_presence_soon();
    }
    if (members_.insert_or_assign(it.from.number, member{it.from, it.client, it.view}).second) {
        ++readers_by_worker_[it.from.home];
    }

    audit_soon();

    wire::opened opened{.document = name_,
                        .epoch = shared_.epoch,
                        .at = at,
                        .mode = mode,
                        .parts = mode == wire::open_mode::snapshot ? static_cast<std::uint32_t>(first.size()) : 0,
                        .recovered = mode == wire::open_mode::tail,
                        .seq = {},
                        .client = it.client,
                        .last = {},
                        .people = authority.present.all(),
                        .you = it.from.number};
    if (!it.view) std::tie(opened.seq, opened.last) = authority.last_outcome(it.client);

    const frame_ring& ring = home_.fanout_of(name_).ring();
    for (std::uint64_t number = next_frame; number < ring.end(); ++number) first.push_back(ring.at(number));

    worker& reader_home = *it.from.home;
    reader_home.run(
        [&reader_home, name = name_, from = it.from, told = frame::of(opened), first = std::move(first), at]() mutable {
            if (session* found = reader_home.find_session(from.number)) {
                found->on_joined(name, from.attempt, told, std::move(first), at);
            }
        });
}

void document_actor::refuse_join(const join_request& it, const refusal& why)
{
    shared_.figures.count_refusal(why.code);
    worker& reader_home = *it.from.home;
    const frame_ptr told = frame::of(wire::refused{.document = name_, .seq = {}, .why = why, .final = false});
    reader_home.run([&reader_home, name = name_, from = it.from, told] {
        if (session* found = reader_home.find_session(from.number)) found->on_join_refused(name, from.attempt, told);
    });
}

// A client lives in one session; when it comes back before its old connection was noticed dead, the old one goes. That
// may be the one that asks: it had fallen behind, and catches up when the new one is here already.
bool document_actor::take_over(const join_request& it)
{
    const auto replace = [](const session_address& where) {
        where.home->run([where] {
            if (session* found = where.home->find_session(where.number)) {
                found->end("replaced", "this client is connected elsewhere", {});
            }
        });
    };
    std::vector<session_address> older;
    for (const auto& [number, other] : members_) {
        if (other.view || other.client != it.client || number == it.from.number) continue;
        if (other.where.greeting > it.from.greeting) {
            replace(it.from);
            return false;
        }
        older.push_back(other.where);
    }
    for (const session_address& where : older) {
        remove_member(where);
        replace(where);
    }
    return true;
}

void document_actor::leave(const session_address& from)
{
    std::erase_if(waiting_, [&](const join_request& it) {
        return it.from.number == from.number && it.from.attempt <= from.attempt;
    });
    const auto found = members_.find(from.number);
    if (found == members_.end() || found->second.where.attempt != from.attempt) return;
    const document::client_id client = found->second.client;
    const bool view = found->second.view;
    remove_member(from);
    if (live_state* now = live(); now != nullptr && !view) now->authority.forget(client);
}

void document_actor::remove_member(const session_address& where)
{
    if (members_.erase(where.number) == 0) return;
    idle_since_ms_ = steady_clock_ms();
    if (live_state* now = live()) {
        now->authority.present.leave(where.number);
        if (now->authority.present.has_news()) publish_presence_soon();
    }
    const auto readers = readers_by_worker_.find(where.home);
    if (readers != readers_by_worker_.end() && --readers->second == 0) readers_by_worker_.erase(readers);
}

}  // namespace okra::runtime
