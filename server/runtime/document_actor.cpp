#include "server/runtime/document_actor.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/memory.hpp"
#include "server/runtime/session.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

namespace {

constexpr std::chrono::milliseconds reload_interval{500};

// When there was no memory for a document: what others hold is not given back sooner.
constexpr std::chrono::milliseconds too_large_interval{5000};

// Presence is gathered this long, unless a commit takes it along sooner: below what the eye notices.
constexpr std::chrono::milliseconds presence_interval{40};

refusal not_available()
{
    return {refusal_code::unavailable, "changes cannot be saved at the moment", {}};
}

refusal no_more_refusals()
{
    return {refusal_code::unavailable, "nothing more is written here today, not even what is refused", {}};
}

}  // namespace

document_actor::document_actor(std::string document, worker& home)
    : name_{std::move(document)},
      parsed_{document::parse_name(name_).value()},
      home_{home},
      shared_{home.shared()},
      written_{shared_.quotas.counter_of(name_)},
      written_in_workspace_{shared_.quotas.counter_of(parsed_.workspace())},
      written_to_server_{shared_.quotas.counter_of(whole_server)},
      idle_since_ms_{steady_clock_ms()}
{
}

document_actor::~document_actor() = default;

refusal document_actor::no_memory()
{
    return {refusal_code::unavailable, "the server has no memory for this document at the moment", {}};
}

void document_actor::start(std::uint64_t session)
{
    load(session);
    if (parsed_.cycle.empty()) {
        document::derive_context context;
        context.today = today();
        on_context(context);
        return;
    }
    // A plan's figures need its cycle's dates, which the workspace knows.
    const std::string workspace = std::string{parsed_.workspace()} + "/workspace";
    worker& supplier = shared_.home_of(workspace);
    supplier.run([&supplier, workspace, plan = name_, cycle = parsed_.cycle, home = &home_, session] {
        supplier.actor(workspace, session).supply_context(plan, *home, cycle);
    });
}

void document_actor::load(std::uint64_t session)
{
    state_ = loading_state{};
    load_wanted_ = std::make_shared<std::atomic<bool>>(true);
    const loading_task task{.session = session,
                            .incarnation = incarnation_,
                            .wanted = load_wanted_,
                            .load = std::make_shared<document_load>(shared_.log, parsed_)};
    shared_.load.post(loader::kind::document, session, [self = shared_from_this(), task] { self->load_some(task); });
}

// On a loader's thread, in turns with the loads of other sessions.
void document_actor::load_some(const loading_task& task)
{
    if (!*task.wanted) return;
    std::optional<load_result> loaded;
    bool is_too_large = false;
    try {
        loaded =
            task.load->go_on({.us = shared_.keep.replay_turn_us, .still_wanted = [&] { return task.wanted->load(); }});
        if (!loaded) keep_progress(*task.load);
    } catch (const std::bad_alloc&) {
        is_too_large = true;
        shared_.figures.allocations_failed.Increment();
    }
    if (!*task.wanted) return;
    if (!loaded && !is_too_large) {
        return shared_.load.post_rest(loader::kind::document, task.session,
                                      [self = shared_from_this(), task] { self->load_some(task); });
    }
    home_.post([self = shared_from_this(), incarnation = task.incarnation, loaded = std::move(loaded)]() mutable {
        if (incarnation != self->incarnation_) return;
        if (loaded) {
            self->on_loaded(std::move(*loaded));
        } else {
            self->on_too_large();
        }
    });
}

// A long replay that is given up, or ends with the process, is not done again from its beginning.
void document_actor::keep_progress(document_load& load) const
{
    const auto progress = load.take_progress(shared_.keep.store_snapshot_after_us);
    if (!progress || !shared_.storage_works) return;
    if (const auto saved = shared_.log.put_snapshot(name_, *progress); !saved) {
        log::warning("snapshot_not_saved", {{"document", name_}, {"reason", saved.error().message}});
    }
}

// All who wanted it have left. While an append is on its way, or the log does not work, it stays: only here is it known
// when it may be loaded again.
void document_actor::drop_load()
{
    if (awaits_storage_ || awaits_append_) return;
    *load_wanted_ = false;
    ++incarnation_;
    shared_.figures.loads_dropped.Increment();
    leave_memory();
}

void document_actor::load_again_after(std::chrono::milliseconds interval)
{
    home_.after(interval, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->load(loader::nobody);
    });
}

void document_actor::on_loaded(load_result loaded)
{
    if (loaded) {
        stored_snapshot_at_ = loaded->snapshot_at;
        replay_us_ = loaded->replay_us;
        loaded_ = std::move(loaded->content);
        become_live_if_complete();
        return;
    }
    const storage::failure& why = loaded.error();
    if (why.code != storage::errc::damaged) {
        log::warning("document_not_loaded", {{"document", name_}, {"reason", why.message}});
        load_again_after(reload_interval);
        return;
    }
    log::error("document_quarantined", {{"document", name_}, {"reason", why.message}});
    shared_.figures.documents_quarantined.Increment();
    state_ = quarantined_state{told_to_clients(why)};
    admit_waiting();
    take_contexts();
    end_use_soon();
}

// Who waits is not kept waiting: others may leave, and make room for it.
void document_actor::on_too_large()
{
    log::error("document_not_loaded", {{"document", name_}, {"reason", "there is no memory for it"}});
    for (const join_request& it : std::exchange(waiting_, {})) refuse_join(it, no_memory());
    load_again_after(too_large_interval);
}

void document_actor::become_live_if_complete()
{
    if (!loaded_ || !context_) return;
    home_.fanout_of(name_).restart(loaded_->head());
    state_ = live_state{room::room{name_, std::move(*loaded_), *context_}};
    loaded_.reset();
    admit_waiting();
    take_contexts();
    store_snapshot_if_due();
    tell_title();
    end_use_soon();
}

// What is in doubt is told so, and everybody joins again from what they have: it may turn out to have been written.
void document_actor::fail(const storage::failure& why, append of_it)
{
    log::error("document_reloads", {{"document", name_}, {"reason", why.message}});
    live_state* const it = live();
    OKRA_ASSERT(it != nullptr);
    const std::vector<room::direct_message> answers = it->authority.abandon();
    ++incarnation_;
    retire_snapshot();
    unstored_snapshot_.reset();
    settled_.reset();
    audit_wanted_ = false;
    unpublished_audit_.reset();
    untold_contexts_.reset();
    contexts_from_.reset();
    audits_.clear();
    marked_ = false;
    members_.clear();
    state_ = loading_state{};
    awaits_storage_ = !shared_.storage_works;
    awaits_append_ = of_it == append::under_way;
    if (!awaits_storage_ && !awaits_append_) load(loader::nobody);
    for (const room::direct_message& answer : answers) shared_.send(answer.session, answer.message);
    for (const auto& [reader_home, count] : std::exchange(readers_by_worker_, {})) {
        reader_home->run([at = reader_home, name = name_] {
            if (fanout* readers = at->find_fanout(name)) readers->restart({});
        });
    }
}

// ---- changes ----

// Whoever has joined anew since, perhaps to view only, does not go on with what was sent before.
bool document_actor::may_change(const sender& from) const
{
    const auto found = members_.find(from.session);
    return found != members_.end() && found->second.where.attempt == from.attempt && !found->second.view;
}

void document_actor::submit(const sender& from, const wire::change& it)
{
    const memory::indispensable rest;
    live_state* const now = live();
    const bool works = shared_.storage_works && !shared_.draining;
    if (now == nullptr || !may_change(from) || !works) {
        shared_.send(from.session,
                     wire::refused{.document = name_,
                                   .seq = it.what.seq,
                                   .why = now != nullptr && works ? worker::not_opened() : not_available(),
                                   .final = false});
        return;
    }
    if (auto why = check_quota()) return refuse(from, it.what.client, it.what.seq, *std::move(why));
    std::optional<wire::server_message> answer;
    try {
        const memory::expendable scope;
        answer = now->authority.submit(from.session, it.what, wall_clock_ms());
    } catch (const std::bad_alloc&) {
        lose(from.session);
        return;
    }
    if (answer) shared_.send(from.session, *answer);
    mark_decided();
}

// There was no memory for a change, which the room may have applied in part: what is on disk is whole.
void document_actor::lose(wire::session_number from)
{
    shared_.figures.allocations_failed.Increment();
    fail({storage::errc::unavailable, "there is no memory for a change"},
         live()->authority.is_writing() ? append::under_way : append::back);
    worker& author_home = shared_.worker_of_session(from);
    author_home.run([&author_home, from] {
        if (session* found = author_home.find_session(from))
            found->end("overloaded", "the server has no memory for this", heartbeat_ms);
    });
}

std::optional<refusal> document_actor::check_quota() const
{
    const auto is_used_up = [](const daily_bytes& written, std::uint64_t limit) {
        return limit != 0 && written.of(today()) >= limit;
    };
    if (is_used_up(*written_, shared_.keep.document_bytes_per_day)) {
        return refusal{refusal_code::quota_exceeded, "this document takes no more today", {}};
    }
    if (is_used_up(*written_in_workspace_, shared_.keep.workspace_bytes_per_day)) {
        return refusal{refusal_code::quota_exceeded, "this workspace takes no more today", {}};
    }
    if (is_used_up(*written_to_server_, shared_.keep.server_bytes_per_day)) {
        return refusal{refusal_code::quota_exceeded, "this server takes no more today", {}};
    }
    return {};
}

// What is refused for good is written, too: it may take an eighth more than what is accepted.
bool document_actor::may_write_refusal() const
{
    const auto has_room = [](const daily_bytes& written, std::uint64_t limit) {
        return limit == 0 || written.of(today()) < limit + limit / 8;
    };
    return has_room(*written_, shared_.keep.document_bytes_per_day) &&
           has_room(*written_in_workspace_, shared_.keep.workspace_bytes_per_day) &&
           has_room(*written_to_server_, shared_.keep.server_bytes_per_day);
}

void document_actor::refuse(const sender& from, const document::client_id& client, sequence seq, refusal why)
{
    live_state* const now = live();
    if (now == nullptr || !may_change(from)) {
        shared_.send(from.session, wire::refused{.document = name_, .seq = seq, .why = std::move(why), .final = false});
        return;
    }
    const auto answer = may_write_refusal()
                            ? now->authority.refuse(from.session, client, seq, std::move(why))
                            : now->authority.refuse_for_now(from.session, client, seq, no_more_refusals());
    if (answer) shared_.send(from.session, *answer);
    mark_decided();
}

void document_actor::mark_decided()
{
    const room::room& authority = live()->authority;
    // While an append is in flight, its return takes the next one along.
    if (marked_ || authority.is_writing() || !authority.has_decided()) return;
    marked_ = true;
    home_.mark_decided(*this);
}

std::optional<commit_job> document_actor::take_job()
{
    marked_ = false;
    live_state* const now = live();
    if (now == nullptr || now->authority.is_writing() || !now->authority.has_decided()) return {};
    commit_job job{
        .owner = shared_from_this(), .incarnation = incarnation_, .append = now->authority.take_append(), .failed = {}};
    const std::uint64_t bytes = storage::written_bytes(job.append);
    for (daily_bytes* it : {written_.get(), written_in_workspace_.get(), written_to_server_.get()}) {
        it->add(bytes, today());
    }
    return job;
}

// Before anything more is decided, where one batch ends and the next has not begun; of a large append perhaps behind
// the next changes. So each of these looks where it is, and does its part later if it must.
void document_actor::follow_up()
{
    live_state* const now = live();
    if (now == nullptr) return;
    {
        const memory::indispensable scope;  // they follow from what is decided
        now->authority.derive_figures();
    }
    try {
        const memory::expendable scope;
        build_snapshot_if_wanted();
    } catch (const std::bad_alloc&) {  // who waits for it tries again when this append is back
        shared_.figures.allocations_failed.Increment();
    }
    audit_if_wanted();
    take_contexts();
}

void document_actor::settle(commit_job& done)
{
    if (done.incarnation != incarnation_) {
        if (!std::exchange(awaits_append_, false)) return;
        awaits_storage_ |= !shared_.storage_works;
        if (!awaits_storage_) load(loader::nobody);
        return;
    }
    if (done.failed) {
        fail(*done.failed, append::back);
        return;
    }
    settled_ = settled_batch{.batch = live()->authority.committed(), .records = std::move(done.append.records)};
}

// HOT PATH: one frame for everybody, built once from the records as they are in the log.
void document_actor::publish_settled()
{
    if (!settled_) return;
    settled_batch done = std::move(*settled_);
    settled_.reset();
    if (!done.records.empty()) {
        publish_records(done);
        audit_soon();
    } else if (!done.batch.derived.empty()) {
        publish(frame::of(
            wire::derived{.document = name_, .at = done.batch.last, .figures = std::move(done.batch.derived)}));
    }
    publish_audit_if_durable();
    for (const room::direct_message& answer : done.batch.answers) shared_.send(answer.session, answer.message);
    store_snapshot_if_due();
    if (!waiting_.empty()) admit_waiting();
    tell_contexts_if_durable();
    take_contexts();
    tell_title();
    end_use_soon();
}

void document_actor::tell_title()
{
    const live_state* const now = live();
    if (!parsed_.cycle.empty() || now == nullptr) return;
    const document::document& content = now->authority.content();
    if (content.head() == now->authority.durable()) shared_.titles.tell(parsed_.workspace(), content);
}

// In one frame, or in several of commit_bytes: figures and presence come with the last.
void document_actor::publish_records(settled_batch& done)
{
    revision last{done.batch.last.value - done.records.size()};
    revision before = last;
    std::string changes;
    for (std::string& record : done.records) {
        if (changes.empty()) {
            changes = std::move(record);
        } else if (changes.size() + record.size() <= shared_.keep.commit_bytes) {
            changes += ',';
            changes += record;
        } else {
            publish(frame::of_commit(name_, {before, last}, changes));
            before = last;
            changes = std::move(record);
        }
        last = last.next();
    }
    publish(
        frame::of_commit(name_, {before, last}, changes, done.batch.derived, live()->authority.present.take_news()));
}

void document_actor::store_snapshot_if_due()
{
    const room::room& authority = live()->authority;
    const document::document& content = authority.content();
    const std::uint64_t due_after = std::max<std::uint64_t>(shared_.keep.store_snapshot_every, content.entity_count());
    const bool is_due = content.head().value >= stored_snapshot_at_.value + due_after ||
                        (content.head() > stored_snapshot_at_ && replay_us_ > shared_.keep.store_snapshot_after_us);
    if (!unstored_snapshot_ && is_due) {
        replay_us_ = 0;
        unstored_snapshot_ = storage::stored_snapshot{.at = content.head(), .entities = stamped_entities(content)};
    }
    // It may be ahead of what is durable; a snapshot must not be.
    if (!unstored_snapshot_ || unstored_snapshot_->at > authority.durable()) return;
    stored_snapshot_at_ = unstored_snapshot_->at;
    shared_.committer->save_snapshot(name_, std::move(*unstored_snapshot_));
    unstored_snapshot_.reset();
}

// Nothing is decided any more, and what was is durable, unless the log failed.
void document_actor::store_snapshot_at_end()
{
    const live_state* const now = live();
    if (now == nullptr || replay_us_ < shared_.keep.store_snapshot_at_end_us) return;
    const document::document& content = now->authority.content();
    if (content.head() == stored_snapshot_at_ || content.head() > now->authority.durable()) return;
    stored_snapshot_at_ = content.head();
    shared_.committer->save_snapshot(name_, {.at = content.head(), .entities = stamped_entities(content)});
}

// ---- presence ----

void document_actor::place(wire::session_number from, std::optional<wire::presence_place> at)
{
    live_state* const now = live();
    if (now == nullptr) return;
    now->authority.present.place(from, std::move(at));
    publish_presence_soon();
}

void document_actor::publish_presence_soon()
{
    if (presence_scheduled_) return;
    presence_scheduled_ = true;
    home_.after(presence_interval, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->presence_scheduled_ = false;
        live_state* const now = self->live();
        if (now == nullptr || !now->authority.present.has_news()) return;
        self->publish(
            frame::of(wire::presence_news{.document = self->name_, .people = now->authority.present.take_news()}));
    });
}

// ---- out ----

void document_actor::publish(const frame_ptr& it)
{
    shared_.figures.frames_published.Increment();
    fanout& own = home_.fanout_of(name_);
    for (const auto& [reader_home, count] : readers_by_worker_) {
        if (reader_home == &home_) continue;
        reader_home->post([at = reader_home, name = name_, number = own.published(), it] {
            fanout* const readers = at->find_fanout(name);
            if (readers == nullptr) return;
            readers->receive(number, it);
            at->shrink_rings_if_needed();
        });
    }
    own.publish(it);
    home_.shrink_rings_if_needed();
}

void document_actor::on_storage_recovered()
{
    if (std::exchange(awaits_storage_, false) && !awaits_append_) load(loader::nobody);
}

}  // namespace okra::runtime
