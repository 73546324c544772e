#include "tests/simulation/simulated_server.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "server/net/limits.hpp"
#include "server/runtime/document_actor.hpp"

namespace okra::simulation {

namespace {

constexpr std::int64_t recover_interval_ms = 500;
constexpr std::int64_t close_deadline_ms = 5'000;
constexpr std::int64_t drain_deadline_ms = 3'000;
constexpr std::uint64_t stall_ms_max = 3'000;
constexpr std::uint64_t socket_write_ms_max = 2;

// In a simulated world messages are small: the longest but parts, the answers that a client may have under way, and
// what goes from worker to worker.
constexpr std::size_t message_bytes = 6'000;
constexpr std::size_t answers_bytes = 10'000;
constexpr std::size_t under_way_bytes = 50'000;

}  // namespace

// ---- connection ----

simulated_connection::simulated_connection(world& around, runtime::server_runtime& runtime, std::size_t worker,
                                           std::weak_ptr<far_end> client)
    : world_{around}, runtime_{&runtime}, worker_{worker}, client_{std::move(client)}
{
}

template <typename Task>
void simulated_connection::on_worker(Task task)
{
    if (runtime_ == nullptr) return;
    boost::asio::post(runtime_->context(worker_), [self = shared_from_this(), task = std::move(task)]() mutable {
        if (self->runtime_ != nullptr) task(*self);
    });
}

void simulated_connection::open()
{
    on_worker([](simulated_connection& self) {
        self.session_ = self.runtime_->connect(self, {.address = "simulation", .user_agent = ""});
    });
}

void simulated_connection::receive(std::string text)
{
    text.reserve(text.size() + wire::decoder::padding);
    on_worker([text = std::move(text)](simulated_connection& self) mutable {
        if (self.session_) self.session_->on_message(std::span<char>{text});
    });
}

void simulated_connection::peer_gone()
{
    on_worker([](simulated_connection& self) { self.end({}); });
}

void simulated_connection::room_again()
{
    on_worker([](simulated_connection& self) { self.write(); });
}

void simulated_connection::sweep()
{
    on_worker([](simulated_connection& self) {
        if (self.session_) self.session_->on_sweep(runtime::steady_clock_ms());
    });
}

void simulated_connection::die()
{
    session_.reset();
    runtime_ = nullptr;
    if (const auto client = client_.lock()) client->closed({});
}

void simulated_connection::wake()
{
    if (std::exchange(wake_posted_, true)) return;
    on_worker([](simulated_connection& self) {
        self.wake_posted_ = false;
        self.write();
    });
}

void simulated_connection::close_after_writing(std::uint16_t code)
{
    closing_ = code;
    wake();
    world_.later.in(close_deadline_ms, [self = shared_from_this()] { self->peer_gone(); });
}

// As a socket takes it: in pieces, one at a time, each of which stays the server's until it is written.
void simulated_connection::write()
{
    const auto client = client_.lock();
    if (!session_ || !writing_.empty()) return;
    if (!client) return end({});
    if (client->room() == 0) return;
    session_->gather(writing_, std::min(world_.how.gather_bytes, client->room()));
    if (writing_.size() > net::limits::gather_buffers) throw broken_promise{"too much to write at once"};
    if (writing_.empty()) {
        if (closing_) end(closing_);
        return;
    }
    written_.clear();
    for (const auto& it : writing_) written_.append(static_cast<const char*>(it.data()), it.size());
    const auto takes = static_cast<std::int64_t>(world_.random.below(socket_write_ms_max + 1));
    world_.later.in(
        takes, [self = shared_from_this()] { self->on_worker([](simulated_connection& it) { it.finish_write(); }); });
}

void simulated_connection::finish_write()
{
    if (!session_ || writing_.empty()) return;
    std::string now;
    for (const auto& it : writing_) now.append(static_cast<const char*>(it.data()), it.size());
    if (now != written_) throw broken_promise{"a frame changed while it was being written"};
    writing_.clear();
    session_->written();
    if (const auto client = client_.lock()) client->deliver(std::move(now));
    write();
}

void simulated_connection::end(std::optional<std::uint16_t> code)
{
    if (!session_) return;
    session_->on_closed();
    session_.reset();
    runtime_ = nullptr;
    if (const auto client = client_.lock()) client->closed(code);
}

// ---- server ----

simulated_server::simulated_server(world& around, simulated_log& log) : world_{around}, log_{log} {}

simulated_server::~simulated_server()
{
    if (is_up()) end_process();
}

void simulated_server::start()
{
    log_.reopen();
    ++process_;
    runtime_ = std::make_unique<runtime::server_runtime>(
        log_, runtime::server_runtime::options{.threads = world_.how.workers,
                                               .server_name = "okra simulation",
                                               .keep = world_.how.keep,
                                               .seed = world_.random.next()});
    stands_still_until_.assign(world_.how.workers + 2, 0);
    writing_ = false;
    drained_ = false;
}

void simulated_server::crash()
{
    if (!is_up()) return;
    log_.kill();
    end_process();
}

void simulated_server::end_process()
{
    ++process_;
    for (const auto& it : std::exchange(connections_, {})) it->die();
    const auto& figures = runtime_->figures();
    world_.counted.snapshots += static_cast<std::uint64_t>(figures.joins_snapshot.Value());
    world_.counted.tails += static_cast<std::uint64_t>(figures.joins_tail.Value());
    world_.counted.lagging += static_cast<std::uint64_t>(figures.readers_lagged.Value());
    world_.counted.restarted += static_cast<std::uint64_t>(figures.readers_restarted.Value());
    runtime_.reset();
}

void simulated_server::drain(std::function<void()> stopped)
{
    const auto end = [this, process = process_, stopped = std::move(stopped)] {
        if (process != process_ || !is_up()) return;
        end_process();
        stopped();
    };
    runtime_->drain([this, end] {
        drained_ = true;
        world_.later.in(drain_deadline_ms, end);
    });
    // Should it never end, nothing would move on: the run then fails to settle.
}

bool simulated_server::step()
{
    if (!is_up()) return false;
    const std::size_t parts = stands_still_until_.size();
    const std::size_t first = world_.random.below(parts);
    for (std::size_t index = 0; index < parts; ++index) {
        const std::size_t part = (first + index) % parts;
        if (stands_still_until_[part] > world_.clock.steady_ms()) continue;
        if (!step_part(part)) continue;
        if (is_up() && world_.happens(world_.how.per_mille.stall)) {
            const auto until =
                world_.clock.steady_ms() + static_cast<std::int64_t>(1 + world_.random.below(stall_ms_max));
            stands_still_until_[part] = until;
            world_.later.at(until, [] {});
        }
        return true;
    }
    return false;
}

bool simulated_server::step_part(std::size_t index)
{
    if (index < world_.how.workers) return runtime_->worker_at(index).step();
    return index == world_.how.workers ? step_committer() : runtime_->step_loader();
}

bool simulated_server::step_committer()
{
    const bool tries_to_recover = log_.is_failing() && world_.clock.steady_ms() >= next_recovery_ms_;
    if (writing_ || (!runtime_->committer().take() && !tries_to_recover)) return false;
    writing_ = true;
    next_recovery_ms_ = world_.clock.steady_ms() + recover_interval_ms;
    if (log_.is_failing()) world_.later.at(next_recovery_ms_, [] {});
    world_.later.in(world_.some(world_.how.sync), [this, process = process_] {
        if (process != process_) return;
        writing_ = false;
        runtime_->committer().write_taken();
        next_recovery_ms_ = world_.clock.steady_ms() + recover_interval_ms;
        if (log_.is_failing()) world_.later.at(next_recovery_ms_, [] {});
        if (!log_.wants_crash()) return;
        ++world_.counted.crashes_at_write;
        crash();
    });
    return true;
}

std::optional<std::int64_t> simulated_server::next_due_ms() const
{
    std::optional<std::int64_t> first;
    if (!is_up()) return first;
    for (std::size_t index = 0; index < world_.how.workers; ++index) {
        const auto due = runtime_->worker_at(index).next_due_ms();
        if (due && (!first || *due < *first)) first = due;
    }
    return first;
}

std::shared_ptr<simulated_connection> simulated_server::accept(std::weak_ptr<far_end> client)
{
    if (!is_up() || drained_) return nullptr;
    const std::size_t worker = world_.random.below(world_.how.workers);
    connections_.push_back(std::make_shared<simulated_connection>(world_, *runtime_, worker, std::move(client)));
    connections_.back()->open();
    return connections_.back();
}

void simulated_server::sweep()
{
    std::erase_if(connections_, [](const auto& it) { return it.use_count() == 1; });
    for (const auto& it : connections_) it->sweep();
}

void simulated_server::check_limits(std::span<const std::string> documents) const
{
    if (!is_up()) return;
    const runtime::bounds& keep = world_.how.keep;
    std::set<const runtime::frame*> recent;
    std::size_t snapshots = 0;
    std::size_t largest_snapshot = 0;
    for (std::size_t worker = 0; worker < world_.how.workers; ++worker) {
        const runtime::change_lane& lane = runtime_->worker_at(worker).lane();
        if (lane.memory() > keep.lane.memory_max && lane.size() > 1) {
            throw broken_promise{fmt::format("{} changes of {} bytes wait to be decided", lane.size(), lane.memory())};
        }
        for (const std::string& document : documents) {
            if (const runtime::document_actor* const it = runtime_->worker_at(worker).find_actor(document)) {
                snapshots += it->snapshot_bytes();
                largest_snapshot = std::max(largest_snapshot, it->snapshot_bytes());
            }
            const runtime::fanout* readers = runtime_->worker_at(worker).find_fanout(document);
            if (readers == nullptr) continue;
            const runtime::frame_ring& ring = readers->ring();
            const std::uint64_t frames = ring.end() - ring.begin();
            if (frames > keep.ring_frames || (ring.bytes() > keep.ring_bytes && frames > 1)) {
                throw broken_promise{
                    fmt::format("{}: {} frames of {} bytes are kept for readers", document, frames, ring.bytes())};
            }
            for (auto number = ring.begin(); number < ring.end(); ++number) recent.insert(ring.at(number).get());
        }
    }
    std::size_t rings = 0;
    for (const runtime::frame* it : recent) rings += it->size();
    // Old ones may be of a document that has left memory, or has lost text, meanwhile.
    world_.counted.largest_snapshot = std::max(world_.counted.largest_snapshot, largest_snapshot);
    check_unread(rings, snapshots, world_.counted.largest_snapshot);
}

// All frames that exist are counted, however a reader came to keep them alive.
void simulated_server::check_unread(std::size_t rings, std::size_t snapshots, std::size_t largest_snapshot) const
{
    const runtime::bounds& keep = world_.how.keep;
    const std::size_t old = runtime::snapshot::bytes_alive() - snapshots;
    // Old ones are given back when it is too much, and those who read them have heard of it.
    const std::size_t old_most = 2 * (keep.unread_bytes + largest_snapshot);
    if (old > old_most) throw broken_promise{fmt::format("{} bytes of old snapshots are kept for readers", old)};

    const std::size_t shared = std::min(runtime::frame::bytes_alive(), rings + runtime::snapshot::bytes_alive());
    const std::size_t own = runtime::frame::bytes_alive() - shared;
    world_.counted.unread_most = std::max<std::uint64_t>(world_.counted.unread_most, own);
    const auto readers =
        static_cast<std::size_t>(std::ranges::count_if(connections_, [](const auto& it) { return it->has_session(); }));
    // One gather and one piece, each a message longer, and answers.
    const std::size_t message = message_bytes + std::min(keep.part_bytes, largest_snapshot);
    const std::size_t own_most =
        readers * (world_.how.gather_bytes + keep.piece_bytes + 2 * message + answers_bytes) + under_way_bytes;
    if (own > own_most) {
        throw broken_promise{fmt::format("{} bytes are kept for {} readers alone, {} at most", own, readers, own_most)};
    }
}

}  // namespace okra::simulation
