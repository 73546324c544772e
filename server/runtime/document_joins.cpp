// The half of document_actor that lets readers in: with a snapshot, or with the tail they miss.
#include <algorithm>
#include <new>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/wire/encode.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/loading.hpp"
#include "server/runtime/memory.hpp"
#include "server/runtime/session.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

namespace {

// A large snapshot may be older by a millisecond for so many bytes, so that building them, 50 µs for these, never takes
// more than a twentieth of the worker's time.
constexpr std::size_t snapshot_bytes_per_ms = 16 << 10;

}  // namespace

void document_actor::join(join_request it)
{
    const memory::indispensable rest;
    begin_use();
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
    const room::room& authority = live()->authority;
    if (!it.view && !authority.knows(it.client)) {
        look_up_outcome(std::move(it));
        return;
    }
    if (!it.view && authority.in_doubt(it.client)) {
        waiting_.push_back(std::move(it));
        return;
    }

    const bool same_history = it.resume && it.resume->epoch == shared_.epoch && it.resume->at <= authority.durable();
    const bool may_have_tail = same_history && !it.wants_snapshot;
    const frame_ring& ring = home_.fanout_of(name_).ring();
    if (may_have_tail && it.resume->at > ring.figures_after()) {
        if (const auto frame_number = ring.first_after(it.resume->at)) {
            shared_.figures.joins_tail.Increment();
            finish_join(it, {.mode = wire::open_mode::tail, .at = it.resume->at, .first = {}, .recent = {}},
                        *frame_number);
            return;
        }
    }
    // A reader's view never goes back: neither behind what it has, nor behind its own last commit.
    revision at_least = same_history ? it.resume->at : revision{};
    if (!it.view) at_least = std::max(at_least, authority.commits_until(it.client));
    snapshot_ptr ready;
    try {
        const memory::expendable scope;
        ready = durable_snapshot(at_least);
    } catch (const std::bad_alloc&) {
        shared_.figures.allocations_failed.Increment();
        if (!it.view) forget_if_absent(it.client);
        refuse_join(it, no_memory());
        return;
    }
    if (!ready) {
        waiting_.push_back(std::move(it));
        return;
    }
    const auto next_frame = ring.first_after(ready->at());
    OKRA_ASSERT(next_frame.has_value());
    const bool tail_fits = may_have_tail && it.resume->at <= ready->at() &&
                           ready->at().value - it.resume->at.value <= shared_.keep.tail_revisions;
    if (tail_fits) {
        // It begins before the ring, or where that began. The figures come first, so that whoever has a part of the
        // tail when its connection breaks has them.
        shared_.figures.joins_tail.Increment();
        finish_join(it, {.mode = wire::open_mode::tail, .at = it.resume->at, .first = ready, .recent = {}},
                    *next_frame);
    } else {
        shared_.figures.joins_snapshot.Increment();
        finish_join(it, {.mode = wire::open_mode::snapshot, .at = ready->at(), .first = ready, .recent = {}},
                    *next_frame);
    }
}

// The exactly-once table's row of a client that is not here yet. An `open` that comes before the answer does not ask
// again.
void document_actor::look_up_outcome(join_request it)
{
    const wire::session_number from = it.from.number;
    const document::client_id client = it.client;
    const bool is_under_way = looking_up_.contains(from);
    looking_up_[from].wanted = std::move(it);
    if (is_under_way) return;
    shared_.load.post(loader::kind::outcome, from, [self = shared_from_this(), from, client] {
        auto found = self->find_outcome(client);
        self->home_.post(
            [self, from, found = std::move(found)]() mutable { self->on_outcome(from, std::move(found)); });
    });
}

// On a loader's thread.
result<std::optional<storage::client_outcome>, storage::failure> document_actor::find_outcome(
    const document::client_id& client) const
{
    try {
        auto found = load_outcome(shared_.log, name_, client);
        if (!found && found.error().code == storage::errc::damaged) {
            note_damage(shared_, name_, "a client's outcome, and the log", found.error().message);
        }
        if (!found) return found.error();
        if (found->row_damaged) note_damage(shared_, name_, "a client's outcome", "the log tells its last commit");
        return std::move(found->outcome);
    } catch (const std::bad_alloc&) {
        shared_.figures.allocations_failed.Increment();
        return storage::failure{storage::errc::unavailable, no_memory().message};
    }
}

void document_actor::on_outcome(wire::session_number from,
                                result<std::optional<storage::client_outcome>, storage::failure> found)
{
    looking_up done = std::move(looking_up_.extract(from).mapped());
    if (!done.wanted) return end_use_soon();
    join_request& it = *done.wanted;
    if (done.is_stale) {
        look_up_outcome(std::move(it));
    } else if (!found) {
        refuse_join(it, told_to_clients(found.error()));
    } else {
        if (live_state* now = live()) now->authority.remember(it.client, *found);
        join(std::move(it));
    }
}

snapshot_ptr document_actor::durable_snapshot(revision at_least)
{
    const room::room& authority = live()->authority;
    if (snapshot_) {
        if (snapshot_->at() > authority.durable()) return nullptr;
        const bool fresh = snapshot_->at() == authority.durable() ||
                           (snapshot_->at() >= at_least && steady_clock_ms() < snapshot_fresh_until_ms_);
        if (fresh && home_.fanout_of(name_).ring().first_after(snapshot_->at())) return snapshot_;
        retire_snapshot();
    }
    snapshot_wanted_ = true;
    build_snapshot_if_wanted();
    return snapshot_ && snapshot_->at() <= authority.durable() ? snapshot_ : nullptr;
}

void document_actor::retire_snapshot()
{
    if (!snapshot_) return;
    std::exchange(snapshot_, nullptr)->retire(shared_.unread);
    shared_.relieve_if_needed();
}

void document_actor::drop_stale_snapshot(std::int64_t now_ms)
{
    const live_state* const now = live();
    if (!snapshot_ || now == nullptr || snapshot_->at() >= now->authority.durable()) return;
    if (now_ms >= snapshot_fresh_until_ms_) retire_snapshot();
}

// Only where one batch ends and the next has not begun: from there the ring's frames go on.
void document_actor::build_snapshot_if_wanted()
{
    room::room& authority = live()->authority;
    if (!snapshot_wanted_ || authority.has_decided()) return;
    snapshot_wanted_ = false;
    {
        const memory::indispensable scope;  // a snapshot may fail, not the figures of what is decided
        authority.derive_figures();
    }
    memory::refuse_if_short();

    const document::document& content = authority.content();
    snapshot::contents built{.at = content.head(), .parts = {}, .figures = {}};
    const std::vector<const document::entity*> entities = content.in_tree_order();
    std::size_t next = 0;
    while (next < entities.size()) {
        const auto index = static_cast<std::uint32_t>(built.parts.size());
        built.parts.push_back(frame::make({}, 0, [&](std::string& out) {
            next = wire::encode_part(out, {.document = name_,
                                           .at = built.at,
                                           .index = index,
                                           .entities = entities,
                                           .first = next,
                                           .bytes_max = shared_.keep.part_bytes,
                                           .figures = authority.figures()});
        }));
    }
    document::figure_keeper::delta all;
    for (const auto& [id, figures] : authority.figures()) all.emplace_back(id, figures);
    for (const document::entity* it : entities) {
        const bool has_none = !authority.figures().contains(it->id);
        if (has_none && document::may_have_figures(it->kind->name)) all.emplace_back(it->id, std::nullopt);
    }
    built.figures.push_back(frame::of(wire::derived{.document = name_, .at = built.at, .figures = std::move(all)}));

    retire_snapshot();
    snapshot_ = std::make_shared<const snapshot>(std::move(built));
    snapshot_fresh_until_ms_ = steady_clock_ms() + shared_.keep.snapshot_age_ms +
                               static_cast<std::int64_t>(snapshot_->bytes() / snapshot_bytes_per_ms);
}

void document_actor::finish_join(const join_request& it, beginning where, std::uint64_t next_frame)
{
    room::room& authority = live()->authority;
    if (!it.view) {
        if (!take_over(it)) return;
        authority.present.join(it.from.number, it.client, it.name);
        publish_presence_soon();
    }
    where.ring_follows = it.from.home == &home_ || readers_by_worker_.contains(it.from.home);
    if (members_.insert_or_assign(it.from.number, member{it.from, it.client, it.view}).second) {
        ++readers_by_worker_[it.from.home];
    }

    audit_soon();

    wire::opened opened{
        .document = name_,
        .epoch = shared_.epoch,
        .at = where.at,
        .mode = where.mode,
        .parts = where.mode == wire::open_mode::snapshot ? static_cast<std::uint32_t>(where.first->parts().size()) : 0,
        .recovered = where.mode == wire::open_mode::tail,
        .seq = {},
        .client = it.client,
        .last = {},
        .people = authority.present.all(),
        .you = it.from.number};
    if (!it.view) std::tie(opened.seq, opened.last) = authority.last_outcome(it.client);

    const fanout& own = home_.fanout_of(name_);
    where.published = own.published();
    for (std::uint64_t number = next_frame; number < own.ring().end(); ++number) {
        where.recent.push_back(own.ring().at(number));
    }

    worker& reader_home = *it.from.home;
    reader_home.run([&reader_home, name = name_, from = it.from, told = frame::of(opened), where = std::move(where)] {
        if (session* found = reader_home.find_session(from.number)) {
            found->on_joined(name, from.attempt, told, where);
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
    end_use_soon();
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
    const auto is_left = [&](const join_request& it) {
        return it.from.number == from.number && it.from.attempt <= from.attempt;
    };
    std::vector<document::client_id> gone;
    for (const join_request& it : waiting_) {
        if (is_left(it) && !it.view) gone.push_back(it.client);
    }
    std::erase_if(waiting_, is_left);
    for (const document::client_id& client : gone) forget_if_absent(client);
    if (const auto under_way = looking_up_.find(from.number); under_way != looking_up_.end()) {
        std::optional<join_request>& wanted = under_way->second.wanted;
        if (wanted && wanted->from.attempt <= from.attempt) wanted.reset();
    }
    const auto found = members_.find(from.number);
    if (found == members_.end() || found->second.where.attempt != from.attempt) return end_use_soon();
    const document::client_id client = found->second.client;
    const bool view = found->second.view;
    remove_member(from);
    if (!view) forget(client);
    end_use_soon();
}

// What is found by those who look it up at the moment may be of before it was here.
void document_actor::forget(const document::client_id& client)
{
    live_state* const now = live();
    if (now == nullptr) return;
    now->authority.forget(client);
    for (auto& [number, it] : looking_up_) it.is_stale |= it.wanted && it.wanted->client == client;
}

// Its outcome was looked up for an `open` that has come to nothing.
void document_actor::forget_if_absent(const document::client_id& client)
{
    const auto is_member = [&](const auto& it) { return !it.second.view && it.second.client == client; };
    const auto waits = [&](const join_request& it) { return !it.view && it.client == client; };
    if (std::ranges::any_of(members_, is_member) || std::ranges::any_of(waiting_, waits)) return;
    forget(client);
}

void document_actor::remove_member(const session_address& where)
{
    if (members_.erase(where.number) == 0) return;
    if (live_state* now = live()) {
        now->authority.present.leave(where.number);
        if (now->authority.present.has_news()) publish_presence_soon();
    }
    const auto readers = readers_by_worker_.find(where.home);
    if (readers != readers_by_worker_.end() && --readers->second == 0) readers_by_worker_.erase(readers);
}

}  // namespace okra::runtime
