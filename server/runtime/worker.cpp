#include "server/runtime/worker.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "protocol/base/assert.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/memory.hpp"
#include "server/runtime/session.hpp"

namespace okra::runtime {

namespace {

constexpr std::int64_t unloading_turn_us = 2'000;
constexpr std::chrono::milliseconds unloading_rest{20};

// So many documents may wait to be written down and freed elsewhere.
constexpr std::size_t put_away_max = 4;

// A part of what whoever stops the server grants it.
constexpr std::int64_t storing_at_end_us = 500'000;

constexpr std::chrono::seconds housekeeping_interval{5};

// A client comes back between these after a restart, each at its own time, so that they do not all come at once.
constexpr std::uint32_t come_back_min_ms = 200;
constexpr std::uint32_t come_back_max_ms = 3000;

thread_local worker* current_worker = nullptr;

bool is_small(const commit_job& it, const bounds& keep)
{
    return storage::written_bytes(it.append) <= keep.small_append_bytes;
}

// Leaves the small ones in `jobs`, or if there is none, one; gives back the others.
std::vector<commit_job> part_large(std::vector<commit_job>& jobs, const bounds& keep)
{
    const auto stays = [&](const commit_job& it) { return is_small(it, keep); };
    if (jobs.size() == 1 || std::ranges::all_of(jobs, stays)) return {};
    std::vector<commit_job> large;
    for (commit_job& it : std::exchange(jobs, {})) (stays(it) ? jobs : large).push_back(std::move(it));
    if (jobs.empty()) {
        jobs.push_back(std::move(large.front()));
        large.erase(large.begin());
    }
    return large;
}

}  // namespace

worker& services::home_of(std::string_view document) const
{
    return *(*workers)[std::hash<std::string_view>{}(document) % workers->size()];
}

worker& services::worker_of_session(std::uint64_t number) const
{
    return *(*workers)[(number - 1) % workers->size()];
}

void services::send(wire::session_number to, const wire::server_message& message) const
{
    if (const auto* refused = std::get_if<wire::refused>(&message)) figures.count_refusal(refused->why.code);
    worker& reader_home = worker_of_session(to);
    reader_home.run([&reader_home, to, it = frame::of(message)] {
        if (session* found = reader_home.find_session(to)) found->tell(it);
    });
}

void services::relieve_if_needed() const
{
    if (!unread.is_far_exceeded()) return;
    for (const auto& each : *workers) each->post([it = each.get()] { it->relieve_readers(); });
}

bool by_number::operator()(const worker* left, const worker* right) const
{
    return left->number() < right->number();
}

worker::worker(std::size_t index, std::size_t count, services& shared, std::uint64_t seed)
    : index_{index},
      count_{count},
      shared_{shared},
      work_guard_{boost::asio::make_work_guard(context_)},
      lane_{shared.keep.lane},
      idle_{shared.figures},
      day_{today()},
      random_{seed}
{
    schedule_housekeeping();
}

worker::~worker()
{
    stop();
}

void worker::start()
{
    alarm_.emplace(context_);
    set_alarm();
    thread_ = std::thread{[this] {
        current_worker = this;
        while (!run_until_out_of_memory()) {
        }
    }};
}

// True: it was stopped. Nothing comes here but what is not expendable, when the reserve is gone too: then this one task
// is lost, and the others go on.
bool worker::run_until_out_of_memory()
{
    try {
        context_.run();
        return true;
    } catch (const std::bad_alloc&) {
        shared_.figures.allocations_failed.Increment();
        return false;
    }
}

bool worker::step()
{
    current_worker = this;
    const bool did = run_due() || context_.poll_one() != 0;
    current_worker = nullptr;
    return did;
}

std::optional<std::int64_t> worker::next_due_ms() const
{
    return due_.empty() ? std::nullopt : std::optional{due_.begin()->first};
}

void worker::after(std::chrono::milliseconds interval, std::function<void()> task)
{
    const auto added = due_.emplace(steady_clock_ms() + interval.count(), std::move(task));
    if (added == due_.begin()) set_alarm();
}

void worker::set_alarm()
{
    if (!alarm_ || due_.empty()) return;
    alarm_->expires_after(std::chrono::milliseconds{due_.begin()->first - steady_clock_ms()});
    alarm_->async_wait([this](boost::system::error_code ec) {
        if (ec) return;  // set anew
        while (run_due()) {
        }
        set_alarm();
    });
}

bool worker::run_due()
{
    if (due_.empty() || due_.begin()->first > steady_clock_ms()) return false;
    const auto task = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    task();
    return true;
}

worker& worker::current()
{
    OKRA_ASSERT(current_worker != nullptr);
    return *current_worker;
}

bool worker::is_current() const
{
    return current_worker == this;
}

void worker::stop()
{
    if (!thread_.joinable()) return;
    context_.stop();
    thread_.join();
}

document_actor& worker::actor(const std::string& document, std::uint64_t session)
{
    const memory::indispensable scope;
    auto [found, is_new] = actors_.try_emplace(document);
    if (is_new) {
        found->second = std::make_shared<document_actor>(document, *this);
        shared_.figures.documents.Increment();
        const std::shared_ptr<document_actor> kept = found->second;  // starting may look others up
        kept->start(session);
        return *kept;
    }
    return *found->second;
}

document_actor* worker::find_actor(std::string_view document)
{
    const auto found = actors_.find(document);
    return found == actors_.end() ? nullptr : found->second.get();
}

void worker::drop_actor(const std::string& document)
{
    if (actors_.erase(document) == 0) return;
    shared_.figures.documents.Decrement();
    const auto readers = fanouts_.find(document);
    if (readers != fanouts_.end() && !readers->second->is_followed()) fanouts_.erase(readers);
}

// HOT PATH: one post and one hand-over per turn, however many changes and documents it brought.
void worker::mark_decided(document_actor& it)
{
    if (decided_.empty()) post([this] { hand_over_decided(); });
    decided_.push_back(it.shared_from_this());
}

void worker::hand_over_decided()
{
    const std::vector<std::shared_ptr<document_actor>> decided = std::exchange(decided_, {});
    std::vector<commit_job> jobs;
    std::vector<std::shared_ptr<document_actor>> follow;
    for (const auto& it : decided) {
        auto job = it->take_job();
        if (job && !is_small(*job, shared_.keep)) {
            post_behind([this, it] { follow_up(*it); });
        } else {
            follow.push_back(it);
        }
        if (job) jobs.push_back(std::move(*job));
    }
    shared_.committer->submit(std::move(jobs));
    for (const auto& it : follow) follow_up(*it);
}

void worker::follow_up(document_actor& it)
{
    charge(it.name(), [&] { it.follow_up(); });
}

// What was decided meanwhile goes to the log before anything is sent, so that its sync runs while we write to sockets.
// Building the frame of a large append takes as long as deciding about it did: each has a turn of its own, and those of
// the small ones are written to sockets before.
void worker::on_appended(std::vector<commit_job> done)
{
    if (auto large = shared_.draining ? std::vector<commit_job>{} : part_large(done, shared_.keep); !large.empty()) {
        post_behind([this, large = std::move(large)]() mutable { on_appended(std::move(large)); });
    }
    std::vector<commit_job> next;
    next.reserve(done.size());
    for (commit_job& job : done) {
        job.owner->settle(job);
        if (auto more = job.owner->take_job()) next.push_back(std::move(*more));
    }
    shared_.committer->submit(std::move(next));
    for (commit_job& job : done) {
        charge(job.owner->name(), [&] {
            job.owner->publish_settled();
            job.owner->follow_up();
        });
    }
}

void worker::on_storage(bool works, const std::string& why)
{
    if (works) {
        for (const auto& it : all_actors()) it->on_storage_recovered();
    }
    const wire::notice news{
        .code = works ? "storage_recovered" : "storage_failed", .message = why, .document = {}, .seq = {}, .at = {}};
    const frame_ptr shared = frame::of(news);
    for (const auto& [number, it] : std::unordered_map{sessions_}) it->tell(shared);
}

// HOT PATH: what is cheap is decided here and now; its cost is two looks at the clock.
void worker::submit(change_lane::waiting_change it)
{
    const auto refuse = [&](refusal_code code, std::string_view why) {
        refuse_for_now(it.from.session, it.what.document, it.what.what.seq, {code, std::string{why}, {}});
    };
    // Moved from only where it is to wait.
    switch (lane_.submit(std::move(it), steady_clock_us())) {
        case change_lane::verdict::at_once:
            decide(it);
            return;
        case change_lane::verdict::waits:
            shared_.figures.changes_queued.Increment();
            return schedule_lane();
        case change_lane::verdict::copy:
            return;
        case change_lane::verdict::gap:
            return refuse(refusal_code::seq_gap, "the change before is still waiting to be decided: one in flight");
        case change_lane::verdict::lane_full:
            return refuse(refusal_code::unavailable, "too much is waiting to be decided at the moment");
    }
}

void worker::refuse_for_now(wire::session_number from, const std::string& document, sequence seq, refusal why) const
{
    shared_.send(from, wire::refused{.document = document, .seq = seq, .why = std::move(why), .final = false});
}

refusal worker::not_opened()
{
    return {refusal_code::not_open, "wait for `opened` before the first change", {}};
}

void worker::submit_figures(const std::string& document, std::int64_t estimate_us)
{
    if (!lane_.submit_figures(document, estimate_us, steady_clock_us())) return schedule_lane();
    change_lane::waiting_change it;
    it.what.document = document;
    decide(it);
}

void worker::decide(const change_lane::waiting_change& it)
{
    document_actor* const to = find_actor(it.what.document);
    if (to == nullptr) {  // it has left memory, and the session is yet to hear of that
        if (it.from.session == change_lane::nobody) return;
        return refuse_for_now(it.from.session, it.what.document, it.what.what.seq, not_opened());
    }
    const std::int64_t begin = steady_clock_us();
    if (it.from.session == change_lane::nobody) {
        to->compute_figures();
    } else {
        to->submit(it.from, it.what);
    }
    const std::int64_t end = steady_clock_us();
    if (it.from.session != change_lane::nobody) to->count_replay(end - begin);
    lane_.charge(it.what.document, it.what.what.ops.size(), end - begin, end);
}

void worker::schedule_lane()
{
    if (lane_.empty() || std::exchange(lane_scheduled_, true)) return;
    const std::chrono::microseconds rest{lane_.rest_us(steady_clock_us())};
    if (rest.count() == 0) return post_behind([this] { run_lane(); });
    shared_.figures.lane_rests.Increment();
    after(std::chrono::ceil<std::chrono::milliseconds>(rest), [this] { run_lane(); });
}

// One change, then the loop has its turn: whatever has come meanwhile goes first. What the last ones brought about may
// have taken its time since this was due.
void worker::run_lane()
{
    lane_scheduled_ = false;
    if (lane_.empty()) return;
    if (lane_.rest_us(steady_clock_us()) == 0) {
        const change_lane::waiting_change it = lane_.next();
        decide(it);
        if (it.leaves) it.leaves();
        if (it.joins) it.joins();
    }
    schedule_lane();
}

void worker::join(const std::string& document, join_request it)
{
    lane_.note_light(document, steady_clock_us());
    const auto from = it.from.number;
    const auto now = lane_.join_in_turn(
        document, from, [this, document, it = std::move(it)] { actor(document, it.from.number).join(it); });
    if (now) now();
}

void worker::leave(const std::string& document, const session_address& from)
{
    const auto now = lane_.leave_in_turn(document, from.number, [this, document, from] {
        if (document_actor* it = find_actor(document)) it->leave(from);
    });
    if (now) now();
}

fanout& worker::fanout_of(const std::string& document)
{
    const memory::indispensable scope;
    std::unique_ptr<fanout>& it = fanouts_[document];
    if (!it) it = std::make_unique<fanout>(shared_.keep, shared_.unread, rings_);
    return *it;
}

fanout* worker::find_fanout(std::string_view document)
{
    const auto found = fanouts_.find(document);
    return found == fanouts_.end() ? nullptr : found->second.get();
}

void worker::shrink_rings_if_needed()
{
    const std::size_t share = shared_.keep.rings_bytes / count_;
    const auto bytes_of = [](const auto& it) { return it.second->ring().bytes(); };
    while (rings_.bytes > share) {
        const auto largest = std::ranges::max_element(fanouts_, {}, bytes_of);
        const std::size_t before = rings_.bytes;
        largest->second->shrink_to(bytes_of(*largest) / 2);
        if (rings_.bytes == before) return;  // each has one frame
    }
}

std::uint64_t worker::add(session& it)
{
    // Unique over all workers without asking them.
    const std::uint64_t number = sessions_made_++ * count_ + index_ + 1;
    sessions_.emplace(number, &it);
    shared_.figures.sessions.Increment();
    return number;
}

void worker::remove(std::uint64_t number)
{
    if (sessions_.erase(number) != 0) shared_.figures.sessions.Decrement();
}

session* worker::find_session(std::uint64_t number)
{
    const auto found = sessions_.find(number);
    return found == sessions_.end() ? nullptr : found->second;
}

void worker::relieve_readers()
{
    for (const auto& [number, it] : sessions_) it->relieve();  // none leaves before its connection hears of it
}

void worker::store_snapshots()
{
    const std::int64_t begin_us = steady_clock_us();
    for (const auto& it : all_actors()) {
        if (steady_clock_us() - begin_us > storing_at_end_us) return;
        it->store_snapshot_at_end();
    }
}

void worker::say_goodbye()
{
    // A copy: a session may end while it is told.
    for (const auto& [number, it] : std::unordered_map{sessions_}) {
        const auto spread = static_cast<std::uint32_t>(random_.below(come_back_max_ms - come_back_min_ms));
        it->end("shutdown", "the server is restarting", come_back_min_ms + spread);
    }
}

// A copy: an actor may leave while it is called.
std::vector<std::shared_ptr<document_actor>> worker::all_actors() const
{
    std::vector<std::shared_ptr<document_actor>> all;
    all.reserve(actors_.size());
    for (const auto& [name, it] : actors_) all.push_back(it);
    return all;
}

void worker::schedule_housekeeping()
{
    after(housekeeping_interval, [this] {
        keep_house();
        schedule_housekeeping();
    });
}

void worker::keep_house()
{
    memory::set_reserve_aside();
    const document::day_number now = today();
    const bool new_day = std::exchange(day_, now) != now;
    std::vector<std::shared_ptr<document_actor>> all = all_actors();
    for (const auto& it : all) {
        if (new_day) it->on_new_day();
        it->drop_stale_snapshot(steady_clock_ms());
    }
    if (!std::exchange(unloading_, true)) unload_idle(std::move(all));
    lane_.forget_quiet(steady_clock_us());
    // Not as soon as the document counts no reader here: who was left behind when it was loaded anew, or is about to be
    // told to go, follows until it notices.
    std::erase_if(fanouts_, [&](const auto& it) { return !it.second->is_followed() && !actors_.contains(it.first); });
}

idle_documents::place worker::add_idle(std::string document, std::size_t bytes)
{
    const idle_documents::place at = idle_.add(std::move(document), bytes);
    if (!std::exchange(making_room_, true)) post([this] { unload_idle_beyond_bounds(); });
    return at;
}

bool worker::has_unloaded_enough(std::int64_t begin_us) const
{
    return steady_clock_us() - begin_us > unloading_turn_us || shared_.documents_put_away >= put_away_max;
}

// As below: a few at a time.
void worker::unload_idle_beyond_bounds()
{
    const std::int64_t begin_us = steady_clock_us();
    while (idle_.exceed(shared_.keep.idle_documents / count_, shared_.keep.idle_document_bytes / count_)) {
        if (has_unloaded_enough(begin_us)) {
            return after(unloading_rest, [this] { unload_idle_beyond_bounds(); });
        }
        const std::shared_ptr<document_actor> kept = actors_.find(idle_.oldest())->second;
        kept->leave_memory();
    }
    making_room_ = false;
}

// Who leaves memory writes a snapshot first: a few at a time, then others have their turn.
void worker::unload_idle(std::vector<std::shared_ptr<document_actor>> candidates)
{
    const std::int64_t begin_us = steady_clock_us();
    while (!candidates.empty()) {
        if (has_unloaded_enough(begin_us)) {
            after(unloading_rest, [this, left = std::move(candidates)]() mutable { unload_idle(std::move(left)); });
            return;
        }
        candidates.back()->leave_memory_if_idle(steady_clock_ms());
        candidates.pop_back();
    }
    unloading_ = false;
}

}  // namespace okra::runtime
