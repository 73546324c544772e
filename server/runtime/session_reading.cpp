// The half of session that brings documents to its peer, from a place in each.
#include <algorithm>
#include <new>
#include <utility>

#include "protocol/base/assert.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/loading.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/session.hpp"

namespace okra::runtime {

namespace {

// One gather write's parts; the kernel takes up to 1,024, and beyond a few dozen nothing is gained.
constexpr std::size_t buffers_max = 64;

// One gather write while too much is unread.
constexpr std::size_t relieving_bytes_max = 64 << 10;

// While too much is unread, so many sweeps, about a second each, without a write to a peer: then it has to begin a
// document anew that has a newer snapshot; then it is ended. The first is what a write of a few parts may take on a
// slow line, the second what a phone in a tunnel may take.
constexpr std::uint32_t patience_with_snapshot = 5;
constexpr std::uint32_t patience_with_peer = 30;

using read_frames = result<std::vector<frame_ptr>, storage::failure>;

read_frames read_piece(services& shared, const tail_stretch& stretch, const std::atomic<bool>& is_wanted)
{
    try {
        auto piece = load_tail(shared.log, stretch, [&] { return is_wanted.load(); });
        if (piece) {
            for (const frame_ptr& each : *piece) each->charge_to(shared.unread);
        }
        return piece;
    } catch (const std::bad_alloc&) {
        shared.figures.allocations_failed.Increment();
        return storage::failure{storage::errc::unavailable, "there is no memory for it"};
    }
}

}  // namespace

// ---- joining ----

void session::request_join(const open_document& it, std::optional<wire::resume_point> resume, catch_up by)
{
    join_request request{.from = {.home = &home_, .number = number_, .attempt = it.attempt, .greeting = greeting_},
                         .client = client_,
                         .name = name_,
                         .view = it.view,
                         .resume = std::move(resume),
                         .wants_snapshot = by == catch_up::snapshot};
    if (it.home != &home_) home_.lane().note_light(it.name, steady_clock_us());
    it.home->run(
        [to = it.home, name = it.name, request = std::move(request)]() mutable { to->join(name, std::move(request)); });
}

// From what the peer has, or from nothing.
void session::join_again(open_document& it, catch_up by)
{
    fall_behind(it);
    it.state = reading::joining;
    home_.post([home = &home_, number = number_, name = it.name, attempt = it.attempt, by] {
        session* const self = home->find_session(number);
        if (self == nullptr) return;
        const open_document* const still = self->find(name);
        if (still == nullptr || still->attempt != attempt) return;
        std::optional<wire::resume_point> from;
        if (still->seen) from = wire::resume_point{.epoch = home->shared().epoch, .at = *still->seen};
        self->request_join(*still, std::move(from), by);
    });
}

void session::fall_behind(open_document& it)
{
    if (fanout* readers = home_.find_fanout(it.name)) readers->unfollow(*this);
    it.state = reading::behind;
    it.first.reset();
    it.tail.reset();
}

// `opened` goes the way of the answers: it tells which change was decided last, so no later answer may overtake it.
void session::on_joined(const std::string& document, std::uint64_t attempt, const frame_ptr& opened,
                        const beginning& where)
{
    open_document* const it = find(document);
    if (it == nullptr || it->attempt != attempt || it->state != reading::joining) return;
    fanout& readers = home_.fanout_of(document);
    readers.catch_up(where.recent, where.published, where.ring_follows);
    readers.follow(*this);
    it->state = reading::following;
    it->cursor = readers.ring().end() - where.recent.size();
    it->mode = where.mode;
    it->first = where.first;
    it->first_taken = 0;
    it->seen.reset();
    if (where.mode == wire::open_mode::tail) {
        it->seen = where.at;
        if (where.first && where.first->at() > where.at) it->tail.emplace(where.first->at());
    }
    tell(opened);
}

// ---- out ----

bool session::take(frames_taken& into, frame_ptr it)
{
    const bool fits = writing_.empty() || (it->size() <= into.bytes_left && writing_.size() < buffers_max);
    if (!fits) return false;
    into.bytes_left -= std::min(into.bytes_left, it->size());
    into.out.push_back(it->buffer());
    writing_.push_back(std::move(it));
    return true;
}

// HOT PATH: everything from the cursor to the head in one gather write; no frame is copied or built here.
void session::gather(std::vector<boost::asio::const_buffer>& out, std::size_t bytes_max)
{
    OKRA_ASSERT(writing_.empty());
    if (home_.shared().unread.is_used_up()) bytes_max = std::min(bytes_max, relieving_bytes_max);
    frames_taken into{.out = out, .bytes_left = bytes_max};
    std::size_t taken = 0;
    while (taken < control_.size() && take(into, control_[taken])) control_bytes_ -= control_[taken++]->size();
    control_.erase(control_.begin(), control_.begin() + static_cast<std::ptrdiff_t>(taken));
    if (!control_.empty()) return;
    for (const auto& it : documents_) gather_document(*it, into);
}

void session::gather_document(open_document& it, frames_taken& into)
{
    switch (it.state) {
        case reading::joining:
            return;
        case reading::behind:
            return join_again(it, catch_up::best);
        case reading::following:
            if (gather_first(it, into) && gather_tail(it, into)) gather_ring(it, into);
    }
}

// True: all of it is taken.
bool session::gather_first(open_document& it, frames_taken& into)
{
    if (!it.first) return true;
    const std::vector<frame_ptr>& frames = it.first_frames();
    while (it.first_taken < frames.size()) {
        if (!take(into, frames[it.first_taken])) return false;
        ++it.first_taken;
    }
    if (it.mode == wire::open_mode::snapshot) it.seen = it.first->at();
    it.first.reset();
    return true;
}

bool session::gather_tail(open_document& it, frames_taken& into)
{
    if (!it.tail) return true;
    log_tail& rest = *it.tail;
    for (; rest.taken < rest.piece.size(); ++rest.taken) {
        if (!take(into, rest.piece[rest.taken])) return false;
        it.seen = rest.piece[rest.taken]->brings().last;
        rest.piece[rest.taken].reset();
        rest.is_written = true;
    }
    rest.piece.clear();
    rest.taken = 0;
    if (*it.seen >= rest.until) {
        it.tail.reset();
        return true;
    }
    ask_for_piece(it);
    return false;
}

void session::gather_ring(open_document& it, frames_taken& into)
{
    const fanout* const readers = home_.find_fanout(it.name);
    OKRA_ASSERT(readers != nullptr);
    const frame_ring& ring = readers->ring();
    if (it.cursor < ring.begin()) {
        home_.shared().figures.readers_lagged.Increment();
        join_again(it, catch_up::best);
        return;
    }
    for (; it.cursor < ring.end() && take(into, ring.at(it.cursor)); ++it.cursor) {
        it.seen = std::max(it.seen, std::optional{ring.at(it.cursor)->brings().last});
    }
}

// When the last one has left, so that one is held at a time, and one for all documents of the session. Who would take
// more than a snapshot does, or more than there is room for, gets the snapshot.
void session::ask_for_piece(open_document& it)
{
    if (std::ranges::any_of(documents_, [](const auto& other) { return other->tail && other->tail->is_busy(); })) {
        return;
    }
    services& shared = home_.shared();
    log_tail& rest = *it.tail;
    if (rest.bytes >= shared.keep.tail_bytes || shared.unread.is_used_up()) {
        shared.figures.readers_restarted.Increment();
        join_again(it, catch_up::snapshot);
        return;
    }
    rest.wanted = std::make_shared<std::atomic<bool>>(true);
    shared.load.post(loader::kind::piece, number_,
                     [&shared, home = &home_, number = number_, name = it.name, after = *it.seen, until = rest.until,
                      wanted = rest.wanted] {
                         if (!*wanted) return;
                         const tail_stretch stretch{
                             .document = name, .after = after, .until = until, .bytes_max = shared.keep.piece_bytes};
                         auto piece = read_piece(shared, stretch, *wanted);
                         home->post([home, number, name, wanted, piece = std::move(piece)]() mutable {
                             if (session* found = home->find_session(number))
                                 found->on_piece(name, wanted, std::move(piece));
                         });
                     });
}

void session::on_piece(const std::string& document, const std::shared_ptr<std::atomic<bool>>& asked,
                       result<std::vector<frame_ptr>, storage::failure> piece)
{
    open_document* const it = find(document);
    if (it == nullptr || !it->tail || it->tail->wanted != asked) return;
    it->tail->wanted.reset();
    if (!piece || piece->empty()) {
        // What is in memory is sound: the snapshot serves, wherever the log cannot be read.
        const std::string_view why = piece ? std::string_view{"it ends before its head"} : piece.error().message;
        if (!piece && piece.error().code == storage::errc::damaged) {
            note_damage(home_.shared(), document, "its changes", why);
        } else {
            log::warning("tail_not_read", {{"document", document}, {"after", it->seen->value}, {"reason", why}});
        }
        join_again(*it, catch_up::snapshot);
        return;
    }
    for (const frame_ptr& each : *piece) it->tail->bytes += each->size();
    it->tail->piece = std::move(*piece);
    wake();
}

void session::written()
{
    writing_.clear();
    has_written_ = true;
    for (const auto& it : documents_) {
        if (it->tail) it->tail->is_written = false;
    }
}

// ---- while too much is unread ----

void session::relieve()
{
    const services& shared = home_.shared();
    if (ended_ || !shared.unread.is_used_up()) return;
    if (stalled_sweeps_ >= patience_with_peer) {
        log::warning("session_does_not_read", {{"address", facts_.address}, {"session", number_}});
        shared.figures.sessions_overloaded.Increment();
        end("overloaded", "too much waits to be read", heartbeat_ms);
        return;
    }
    if (stalled_sweeps_ < patience_with_snapshot && !shared.unread.is_far_exceeded()) return;
    for (const auto& it : documents_) {
        const bool gives_back = it->state == reading::following && it->first && it->first->is_retired();
        if (!gives_back) continue;
        shared.figures.readers_restarted.Increment();
        fall_behind(*it);
        wake();
    }
}

}  // namespace okra::runtime
