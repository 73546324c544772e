// The part of document_actor that lets clients find out whether they have what the server has (SPEC §11), and writes
// down who has not.
#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "server/runtime/clock.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

namespace {

// Reports about older ones come too late to be of use; it also bounds what a client can make the server write down.
constexpr std::size_t audits_remembered = 8;

// If the fault is the server's, thousands may say so: these are enough.
constexpr std::size_t reports_per_audit_max = 64;

constexpr std::int64_t check_interval_ms = 60'000;

// A report costs whoever sends it a hundred bytes.
constexpr std::int64_t check_us_max = 2'000'000;

}  // namespace

// What is asked for meanwhile is answered by the one under way.
void document_actor::audit_soon()
{
    if (audit_scheduled_) return;
    audit_scheduled_ = true;
    home_.after(std::chrono::milliseconds{shared_.keep.audit_interval_ms}, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->audit_scheduled_ = false;
        if (self->live() == nullptr || self->members_.empty()) return;
        self->audit_wanted_ = true;
        self->home_.charge(self->name_, [&] { self->audit_if_wanted(); });
    });
}

// Only where one batch ends and the next has not begun: a frame ends there, and so readers are at that revision.
void document_actor::audit_if_wanted()
{
    const room::room& authority = live()->authority;
    if (!audit_wanted_ || authority.has_decided()) return;
    audit_wanted_ = false;
    unpublished_audit_ = audit{.at = authority.content().head(), .hash = authority.content().hash(), .reporters = {}};
    publish_audit_if_durable();
}

// Behind the commit that leads to its revision, and before the next.
void document_actor::publish_audit_if_durable()
{
    if (!unpublished_audit_ || settled_ || unpublished_audit_->at > live()->authority.durable()) return;
    audit told = *std::exchange(unpublished_audit_, {});
    publish(frame::of(wire::audit{.document = name_, .at = told.at, .hash = told.hash}));
    if (!audits_.empty() && audits_.back().at == told.at) return;  // told again to those who came since
    if (audits_.size() == audits_remembered) audits_.erase(audits_.begin());
    audits_.push_back(std::move(told));
}

void document_actor::on_diverged(wire::session_number from, const wire::diverged& it)
{
    const auto reporter = members_.find(from);
    const auto told = std::ranges::find(audits_, it.at, &audit::at);
    if (reporter == members_.end() || told == audits_.end() || it.hash == told->hash || it.since > it.at) return;
    if (told->reporters.size() == reports_per_audit_max || !told->reporters.insert(from).second) return;
    shared_.figures.divergences_reported.Increment();
    log::warning("replica_divergence_reported", {{"document", name_},
                                                 {"epoch", shared_.epoch},
                                                 {"revision", it.at.value},
                                                 {"client", reporter->second.client},
                                                 {"session", from},
                                                 {"server_hash", fmt::format("{:016x}", told->hash)},
                                                 {"client_hash", fmt::format("{:016x}", it.hash)},
                                                 {"since", it.since.value},
                                                 {"stored", it.stored},
                                                 {"differs", fmt::format("{}", fmt::join(it.differs, " "))}});
    check_what_was_told(told->at, told->hash);
}

// Anybody can say that his state is another; whether the server's own is what its log gives is a fact. One check of a
// document a minute, and one at a time of all, as it reads a snapshot and replays a tail: reports meanwhile are
// answered by the last one.
void document_actor::check_what_was_told(revision at, std::uint64_t hash)
{
    const bool replays_all = stored_snapshot_at_ > at;
    if (replays_all && at.value > shared_.keep.tail_revisions) return;
    if (steady_clock_ms() < next_check_ms_ || shared_.checks_itself.exchange(true)) return;
    next_check_ms_ = steady_clock_ms() + check_interval_ms;
    const self_check it{.running = {&shared_.checks_itself, [](std::atomic<bool>* flag) { *flag = false; }},
                        .load = std::make_shared<document_load>(shared_.log, parsed_, at),
                        .at = at,
                        .hash = hash};
    shared_.load.post(loader::kind::document, loader::nobody,
                      [self = shared_from_this(), it] { self->check_some(it); });
}

// On a loader's thread, in turns with what people wait for. What takes too long is given up.
void document_actor::check_some(const self_check& it)
{
    const std::optional<load_result> done = it.load->go_on({.us = shared_.keep.replay_turn_us});
    if (!done) {
        if (it.load->replay_us() >= check_us_max) return;
        return shared_.load.post_rest(loader::kind::document, loader::nobody,
                                      [self = shared_from_this(), it] { self->check_some(it); });
    }
    const load_result& loaded = *done;
    if (!loaded && loaded.error().code != storage::errc::damaged) return;  // not now
    shared_.figures.self_checks.Increment();
    if (loaded && loaded->content.head() == it.at && loaded->content.hash() == it.hash) return;
    shared_.figures.divergences_confirmed.Increment();
    log::error("replica_divergence_confirmed",
               {{"document", name_},
                {"epoch", shared_.epoch},
                {"revision", it.at.value},
                {"server_hash", fmt::format("{:016x}", it.hash)},
                {"log_hash", loaded ? fmt::format("{:016x}", loaded->content.hash()) : loaded.error().message}});
}

}  // namespace okra::runtime
