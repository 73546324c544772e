#include "server/room/room.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/wire/encode.hpp"

namespace okra::room {

namespace {

constexpr std::size_t record_bytes = 192;  // one edit's, about

wire::server_message refused_message(const std::string& document, sequence seq, refusal why, bool final)
{
    return wire::refused{.document = document, .seq = seq, .why = std::move(why), .final = final};
}

wire::outcome as_wire_outcome(const std::variant<revision, refusal>& what)
{
    return std::visit(overloaded{[](revision at) -> wire::outcome { return wire::committed_outcome{at}; },
                                 [](const refusal& why) -> wire::outcome { return why; }},
                      what);
}

}  // namespace

// HOT PATH: both are in the order of ids. One change can bring figures for every entity of a large document, and a
// batch holds many changes.
void merge(document::figure_keeper::delta& into, document::figure_keeper::delta&& later)
{
    if (into.empty()) {
        into = std::move(later);
        return;
    }
    document::figure_keeper::delta merged;
    merged.reserve(into.size() + later.size());
    auto older = into.begin();
    for (auto& newer : later) {
        for (; older != into.end() && older->first < newer.first; ++older) merged.push_back(std::move(*older));
        if (older != into.end() && older->first == newer.first) ++older;
        merged.push_back(std::move(newer));
    }
    std::move(older, into.end(), std::back_inserter(merged));
    into = std::move(merged);
}

room::room(std::string name, document::document content, const document::derive_context& context)
    : name_{std::move(name)}, content_{std::move(content)}, durable_{content_.head()}
{
    static_cast<void>(figures_.reset(content_, context));
    gathering_.append = {.document = name_, .expected_head = content_.head(), .records = {}, .clients = {}};
}

void room::remember(const document::client_id& client, const std::optional<storage::client_outcome>& last)
{
    client_state known;
    if (last) {
        known.used = last->seq;
        known.last = as_wire_outcome(last->what);
    }
    clients_.try_emplace(client, std::move(known)).first->second.forgotten = false;
}

void room::forget(const document::client_id& client)
{
    const auto found = clients_.find(client);
    if (found == clients_.end()) return;
    // While its change is in doubt it stays: storage does not know the outcome yet.
    if (found->second.undurable) {
        found->second.forgotten = true;
    } else {
        clients_.erase(found);
    }
}

std::pair<sequence, wire::outcome> room::last_outcome(const document::client_id& client) const
{
    const auto found = clients_.find(client);
    if (found == clients_.end()) return {};
    OKRA_ASSERT(!found->second.undurable);
    return {found->second.used, found->second.last};
}

revision room::commits_until(const document::client_id& client) const
{
    return std::visit(overloaded{[](const std::monostate&) { return revision{}; },
                                 [](const wire::committed_outcome& last) { return last.at; },
                                 [&](const refusal&) { return durable_; }},
                      last_outcome(client).second);
}

bool room::in_doubt(const document::client_id& client) const
{
    const auto found = clients_.find(client);
    return found != clients_.end() && found->second.undurable;
}

std::optional<wire::server_message> room::submit(wire::session_number from, const document::change& incoming,
                                                 std::int64_t now_ms)
{
    if (auto answer = answer_from_memory(from, incoming.client, incoming.seq)) return std::move(*answer);

    derive_figures_in_flight();
    auto accepted = content_.accept(incoming, now_ms);
    if (!accepted) {
        use_up(from, incoming.client, incoming.seq, accepted.error());
        return {};
    }
    figures_.note(content_, accepted->ops);
    std::string record;
    record.reserve(record_bytes);
    wire::encode_change(record, *accepted);
    gathering_.append.records.push_back(std::move(record));
    use_up(from, incoming.client, incoming.seq, content_.head());
    return {};
}

std::optional<wire::server_message> room::refuse(wire::session_number from, const document::client_id& client,
                                                 sequence seq, refusal why)
{
    if (auto answer = answer_from_memory(from, client, seq)) return std::move(*answer);
    derive_figures_in_flight();
    use_up(from, client, seq, std::move(why));
    return {};
}

std::optional<wire::server_message> room::refuse_for_now(wire::session_number from, const document::client_id& client,
                                                         sequence seq, refusal why)
{
    if (auto answer = answer_from_memory(from, client, seq)) return std::move(*answer);
    return refused_message(name_, seq, std::move(why), false);
}

// The outer optional: is `seq` anything but the next one to decide about? The inner: the answer, unless it is on its
// way.
std::optional<std::optional<wire::server_message>> room::answer_from_memory(wire::session_number from,
                                                                            const document::client_id& client,
                                                                            sequence seq)
{
    using answer = std::optional<wire::server_message>;
    const auto found = clients_.find(client);
    OKRA_ASSERT(found != clients_.end());
    const client_state& known = found->second;

    if (seq == known.used && known.undurable) {
        // Sent again over a new connection while the first is being written: answer to where the client is now.
        const auto redirect = [&](batch& it) {
            for (awaited_answer& awaited : it.awaited) {
                if (awaited.client == client && awaited.seq == seq) awaited.session = from;
            }
        };
        if (in_flight_) redirect(*in_flight_);
        redirect(gathering_);
        return answer{};
    }
    if (seq <= known.used) return answer{retold(known, seq)};
    if (seq > known.used.next()) {
        return answer{refused_message(name_, seq, {refusal_code::seq_gap, "the next seq is not this one", {}}, false)};
    }
    if (known.undurable) {
        return answer{refused_message(
            name_, seq, {refusal_code::seq_gap, "the change before is still being written: one in flight", {}}, false)};
    }
    return std::nullopt;
}

wire::server_message room::retold(const client_state& known, sequence seq) const
{
    wire::notice already{.code = "already_committed",
                         .message = "this change was decided before",
                         .document = name_,
                         .seq = seq,
                         .at = {}};
    if (seq != known.used) return already;
    return std::visit(
        overloaded{[&](const std::monostate&) -> wire::server_message { return already; },
                   [&](const wire::committed_outcome& done) -> wire::server_message {
                       already.at = done.at;
                       return already;
                   },
                   [&](const refusal& why) -> wire::server_message { return refused_message(name_, seq, why, true); }},
        known.last);
}

void room::use_up(wire::session_number from, const document::client_id& client, sequence seq,
                  std::variant<revision, refusal> what)
{
    client_state& known = clients_.at(client);
    known.used = seq;
    known.last = as_wire_outcome(what);
    known.undurable = true;

    awaited_answer awaited{.session = from, .client = client, .seq = seq, .refused = {}, .at = content_.head()};
    if (const refusal* why = std::get_if<refusal>(&what)) awaited.refused = *why;
    gathering_.awaited.push_back(std::move(awaited));
    gathering_.append.clients.push_back({.client = client, .outcome = {.seq = seq, .what = std::move(what)}});
    gathering_.last = content_.head();
}

storage::document_append room::take_append()
{
    OKRA_ASSERT(has_decided());
    OKRA_ASSERT(!in_flight_);
    storage::document_append append = std::move(gathering_.append);
    in_flight_ = std::move(gathering_);
    gathering_ = {};
    gathering_.append = {.document = name_, .expected_head = content_.head(), .records = {}, .clients = {}};
    return append;
}

const document::figure_table& room::figures()
{
    derive_figures();
    return figures_.table();
}

void room::derive_figures()
{
    if (!figures_.is_behind()) return;
    batch& newest = has_decided() ? gathering_ : *in_flight_;
    merge(newest.derived, figures_.catch_up(content_));
}

// Before the next batch begins: each tells the figures that follow from its own changes.
void room::derive_figures_in_flight()
{
    if (!has_decided()) derive_figures();
}

committed_batch room::committed()
{
    OKRA_ASSERT(in_flight_);
    derive_figures_in_flight();
    batch done = std::move(*in_flight_);
    in_flight_.reset();
    OKRA_ASSERT(done.last >= durable_);
    durable_ = done.last;

    committed_batch out{.last = done.last, .derived = std::move(done.derived), .answers = {}};
    for (awaited_answer& awaited : done.awaited) {
        const auto known = clients_.find(awaited.client);
        OKRA_ASSERT(known != clients_.end() && known->second.used == awaited.seq);
        known->second.undurable = false;
        if (known->second.forgotten) clients_.erase(known);
        if (awaited.refused) {
            wire::refused told{
                .document = name_, .seq = awaited.seq, .why = std::move(*awaited.refused), .final = true, .newest = {}};
            if (told.why.code == refusal_code::base_too_old) told.newest = awaited.at;
            out.answers.push_back({awaited.session, std::move(told)});
        }
    }
    return out;
}

std::vector<direct_message> room::abandon()
{
    std::vector<direct_message> answers;
    const auto tell = [&](const batch& it) {
        for (const awaited_answer& awaited : it.awaited) {
            refusal why{refusal_code::unavailable, "the change could not be written; nothing of it was kept", {}};
            answers.push_back({awaited.session, refused_message(name_, awaited.seq, std::move(why), false)});
        }
    };
    if (in_flight_) tell(*in_flight_);
    tell(gathering_);
    in_flight_.reset();
    gathering_ = {};
    return answers;
}

document::figure_keeper::delta room::set_context(const document::derive_context& context)
{
    document::figure_keeper::delta changed = figures_.reset(content_, context);
    if (has_decided()) {
        merge(gathering_.derived, std::move(changed));
        return {};
    }
    if (in_flight_) {
        merge(in_flight_->derived, std::move(changed));
        return {};
    }
    return changed;
}

}  // namespace okra::room
