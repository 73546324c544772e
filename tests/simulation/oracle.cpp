#include "tests/simulation/oracle.hpp"

#include <iterator>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "protocol/base/overloaded.hpp"
#include "protocol/document/invariants.hpp"
#include "protocol/wire/encode.hpp"
#include "server/room/context.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/loading.hpp"
#include "tests/simulation/world.hpp"

namespace okra::simulation {

namespace {

template <typename... Arguments>
[[noreturn]] void broken(fmt::format_string<Arguments...> what, Arguments&&... with)
{
    throw broken_promise{fmt::format(what, std::forward<Arguments>(with)...)};
}

// A whole look at a document costs more than a change to it: at every one of the first changes, later at some.
constexpr std::uint64_t always_below = 20;
constexpr std::uint64_t then_every = 16;

}  // namespace

std::uint64_t oracle::kept::hash_of(const document::document& it)
{
    return it.hash();
}

oracle::kept& oracle::at(const std::string& document)
{
    const auto found = documents_.find(document);
    if (found != documents_.end()) return found->second;
    const auto name = document::parse_name(document);
    if (!name) broken("the log has a document named {}", document);
    kept& added = documents_.emplace(document, *name->schema).first->second;
    refresh_contexts(document, added);
    return added;
}

const oracle::kept* oracle::find(std::string_view document) const
{
    const auto found = documents_.find(document);
    return found == documents_.end() ? nullptr : &found->second;
}

void oracle::look_at_calendar()
{
    const document::day_number today = runtime::today();
    const std::int64_t now_ms = runtime::steady_clock_ms();
    if (!days_.empty() && days_.back().day == today) {
        days_.back().seen_ms = now_ms;
        return;
    }
    std::erase_if(days_, [&](const seen_day& it) { return it.seen_ms + old_context_ms < now_ms || it.day == today; });
    days_.push_back({today, now_ms});
    for (auto& [document, it] : documents_) refresh_contexts(document, it);
}

void oracle::refresh_contexts(const std::string& document, kept& it) const
{
    const auto name = document::parse_name(document).value();
    std::vector<document::derive_context> contexts;
    if (name.cycle.empty()) {
        contexts.emplace_back();  // a workspace's figures are the same in any
    } else {
        for (const seen_day& each : days_) contexts.push_back(context_of(name, each.day));
    }
    it.figures.set_contexts(it.content, contexts);
}

document::derive_context oracle::context_of(const document::document_name& plan, document::day_number day) const
{
    const kept* workspace = find(std::string{plan.workspace()} + "/workspace");
    if (workspace != nullptr) return room::plan_context(workspace->content, plan.cycle, day);
    document::derive_context context;
    context.today = day;
    return context;
}

void oracle::durable(const storage::document_append& share)
{
    look_at_calendar();
    kept& it = at(share.document);
    if (share.expected_head.value != it.records.size()) {
        broken("{}: written behind revision {}, the log has {}", share.document, share.expected_head.value,
               it.records.size());
    }
    for (const std::string& record : share.records) {
        std::string json = record;
        json.reserve(json.size() + wire::decoder::padding);
        const auto change = decoder_.decode_change(json);
        if (!change) broken("{}: a record that cannot be read: {}", share.document, record);
        if (forbidden_.contains(change->client)) {
            broken("{}: {} may only read and changed something", share.document, change->client);
        }
        auto& committed = it.committed[change->client];
        const revision at{it.records.size() + 1};
        if (!committed.emplace(change->seq.value, at).second) {
            broken("{}: change {} of {} was committed twice", share.document, change->seq.value, change->client);
        }
        if (committed.rbegin()->first != change->seq.value) {
            broken("{}: change {} of {} came after {}", share.document, change->seq.value, change->client,
                   committed.rbegin()->first);
        }
        if (const auto replayed = it.content.replay(*change); !replayed) {
            broken("{}: revision {} cannot be replayed: {}", share.document, at.value, replayed.error().message);
        }
        it.figures.changed(it.content, change->ops);
        it.records.push_back(record);
        it.hashes.push_back(kept::hash_of(it.content));
        if (at.value <= always_below || at.value % then_every == 0) {
            const auto unsound = document::broken_invariants(it.content);
            if (!unsound.empty()) broken("{} at {}: {}", share.document, at.value, fmt::join(unsound, "; "));
            if (!it.figures.is_sound(it.content)) broken("{} at {}: figures", share.document, at.value);
        }
    }
    if (document::parse_name(share.document).value().cycle.empty()) {
        for (auto& [document, other] : documents_) refresh_contexts(document, other);
    }
    std::set<document::client_id> clients;
    for (const storage::client_update& update : share.clients) {
        if (!clients.insert(update.client).second) {
            broken("{}: more than one change of {} waited for one write", share.document, update.client);
        }
        sequence& used = it.used[update.client];
        if (update.outcome.seq <= used) {
            broken("{}: {} used change {} up after {}", share.document, update.client, update.outcome.seq.value,
                   used.value);
        }
        used = update.outcome.seq;
    }
}

void oracle::told(const wire::server_message& message, const document::client_id& who)
{
    look_at_calendar();
    if (const auto* part = std::get_if<wire::part>(&message)) told_figures(part->document, part->derived);
    if (const auto* derived = std::get_if<wire::derived>(&message)) told_figures(derived->document, derived->figures);
    if (const auto* commit = std::get_if<wire::commit>(&message)) told_figures(commit->document, commit->derived);
    if (const auto* opened = std::get_if<wire::opened>(&message)) {
        const kept* it = find(opened->document);
        if (opened->epoch != epoch_) broken("{}: opened with epoch {}", opened->document, opened->epoch);
        if (opened->at.value > (it == nullptr ? 0 : it->records.size())) {
            broken("{}: opened at {}, which is not on the disk", opened->document, opened->at.value);
        }
        if (it != nullptr && opened->mode == wire::open_mode::snapshot) shows_own_commits(*opened, *it, who);
        return;
    }
    const auto* commit = std::get_if<wire::commit>(&message);
    if (commit == nullptr || commit->changes.empty()) return;
    const kept* it = find(commit->document);
    if (it == nullptr || commit->last.value > it->records.size() || commit->last.value < commit->changes.size()) {
        broken("{}: revision {} was seen and is not on the disk", commit->document, commit->last.value);
    }
    std::uint64_t index = commit->last.value - commit->changes.size();
    for (const document::committed_change& change : commit->changes) {
        std::string record;
        wire::encode_change(record, change);
        if (record != it->records[index]) {
            broken("{}: revision {} was seen as {} and is {}", commit->document, index + 1, record, it->records[index]);
        }
        ++index;
    }
}

// OD3: `seq` is 0 for who opened read-only.
void oracle::shows_own_commits(const wire::opened& told, const kept& it, const document::client_id& who)
{
    const auto own = it.committed.find(who);
    if (own == it.committed.end()) return;
    const auto after = own->second.upper_bound(told.seq.value);
    if (after == own->second.begin()) return;
    const revision last = std::prev(after)->second;
    if (last > told.at) {
        broken("{}: {} got a snapshot of {}, behind its own commit {}", told.document, who, told.at.value, last.value);
    }
}

void oracle::told_figures(const std::string& document, const document::figure_keeper::delta& figures)
{
    const kept& it = at(document);
    figures_told_ += figures.size();
    for (const auto& [id, value] : figures) {
        if (!it.figures.had(id, value)) broken("{}: {} never had the figures that were told", document, id);
    }
}

void oracle::confirmed(std::string_view document, revision at, std::uint64_t hash, std::string_view by) const
{
    const kept* it = find(document);
    const std::size_t head = it == nullptr ? 0 : it->records.size();
    if (at.value > head) broken("{}: {} is at revision {} of {}", document, by, at.value, head);
    if (it != nullptr && it->hashes[at.value] != hash) {
        broken("{}: {} differs from the log at revision {}", document, by, at.value);
    }
}

void oracle::acknowledged(std::string_view document, const document::client_id& by, sequence seq, revision at) const
{
    const kept* it = find(document);
    if (it != nullptr) {
        const auto of = it->committed.find(by);
        if (of != it->committed.end()) {
            const auto found = of->second.find(seq.value);
            if (found != of->second.end() && found->second <= at) return;
        }
    }
    broken("{}: change {} of {} was acknowledged at {} and is not there", document, seq.value, by, at.value);
}

void oracle::recovered(const storage::log& log) const
{
    if (log.epoch() != epoch_) broken("the log calls itself {} instead of {}", log.epoch(), epoch_);
    for (const auto& [document, it] : documents_) {
        const auto loaded = runtime::load_document(log, document::parse_name(document).value());
        if (!loaded) broken("{}: cannot be loaded again: {}", document, loaded.error().message);
        if (loaded->content.head().value != it.records.size() || kept::hash_of(loaded->content) != it.hashes.back()) {
            broken("{}: revision {} was written, {} was recovered", document, it.records.size(),
                   loaded->content.head().value);
        }
        for (const auto& [client, used] : it.used) {
            const auto outcome = log.last_outcome(document, client);
            if (!outcome || !*outcome || (*outcome)->seq != used) {
                broken("{}: what {} used up was forgotten", document, client);
            }
        }
    }
}

document::figure_table oracle::figures(const std::string& document) const
{
    const kept* it = find(document);
    if (it == nullptr) return {};
    return document::derive(it->content, context_of(document::parse_name(document).value(), runtime::today()));
}

const document::document& oracle::content(std::string_view document) const
{
    return find(document)->content;
}

std::vector<std::string> oracle::documents() const
{
    std::vector<std::string> names;
    for (const auto& [name, it] : documents_) names.push_back(name);
    return names;
}

std::uint64_t oracle::changes() const
{
    std::uint64_t all = 0;
    for (const auto& [name, it] : documents_) all += it.records.size();
    return all;
}

}  // namespace okra::simulation
