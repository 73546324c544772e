#include "tools/client/replica.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "tools/client/text_difference.hpp"

namespace okra::client {

namespace {

// The server has decided about later changes of this client, which is an older copy of itself (OD2, CH5).
refusal unknown_fate()
{
    return {refusal_code::seq_gap, "whether this was committed is not known any more", {}};
}

bool is_for(const std::optional<std::string>& name, const std::string& document)
{
    return name.has_value() && *name == document;
}

std::optional<revision>* seen_of(document::operation& op)
{
    if (auto* set = std::get_if<document::set_op>(&op)) return &set->seen;
    if (auto* remove = std::get_if<document::remove_op>(&op)) return &remove->seen;
    return nullptr;
}

// OP2: what the user sees when doing this.
void note_seen(op_list& ops, std::optional<revision> at)
{
    for (auto& op : ops) {
        if (auto* seen = seen_of(op)) *seen = at;
    }
}

void collect_texts(const op_list& ops, std::set<std::pair<std::string, std::string>>& out)
{
    for (const auto& op : ops) {
        if (const auto* edit = std::get_if<document::edit_op>(&op)) out.emplace(edit->id, edit->field);
    }
}

}  // namespace

replica::replica(replica_options options, const document::document_schema& schema)
    : options_{std::move(options)}, schema_{&schema}, confirmed_{schema}
{
}

void replica::connect()
{
    ask_to_open();
}

void replica::disconnect()
{
    state_ = offline{};
    messages_.clear();
}

result<void, refusal> replica::submit(op_list ops)
{
    if (ops.size() > document::limits::ops_per_change) {
        return refusal{refusal_code::too_many_ops, "more ops than one change may hold", {}};
    }
    note_seen(ops, confirmed_.head());
    fit_edits(ops, [this](std::string_view id, std::string_view field) { return shown_text(id, field); });
    if (!ops.empty()) next_.push_back(std::move(ops));
    send_next();
    return {};
}

void replica::receive(const wire::server_message& message)
{
    std::visit(
        overloaded{[&](const wire::opened& it) { on_opened(it); }, [&](const wire::part& it) { on_part(it); },
                   [&](const wire::commit& it) { on_commit(it); }, [&](const wire::audit& it) { on_audit(it); },
                   [&](const wire::refused& it) { on_refused(it); }, [&](const wire::notice& it) { on_notice(it); },
                   [&](const wire::derived& it) { on_derived(it); }, [](const wire::welcome&) {},
                   [](const wire::presence_news&) {}, [](const wire::bye&) {}, [](const wire::pong&) {}},
        message);
}

void replica::resend()
{
    if (auto* state = std::get_if<loading>(&state_)) {
        state->resends = true;
    } else if (is_live() && flight_) {
        messages_.push_back(flight_->sent);
    }
}

std::vector<wire::client_message> replica::take_messages()
{
    return std::exchange(messages_, {});
}

std::vector<event> replica::take_events()
{
    return std::exchange(events_, {});
}

document::document replica::shown() const
{
    std::vector<document::entity> entities;
    for (const auto* entity : confirmed_.in_tree_order()) entities.push_back(*entity);
    document::document copy{*schema_};
    const auto loaded = copy.load(confirmed_.head(), std::move(entities));
    OKRA_ASSERT(loaded.has_value());

    // Op by op, as `shown_text` shows edits: what cannot be applied (its entity is gone, say) is not shown, and what
    // stands beside it is, until the server refuses all of it.
    const auto show = [&](op_list ops) {
        note_seen(ops, {});
        for (auto& op : ops) (void)copy.accept({options_.client, used_.next(), copy.head(), {std::move(op)}}, 0);
    };
    if (flight_) show(flight_->ops);
    for (const auto& ops : next_) show(ops);
    return copy;
}

std::string replica::shown_text(std::string_view id, std::string_view field) const
{
    auto text = text_of(confirmed_, id, field);
    if (flight_) text = with_edits(std::move(text), flight_->ops, id, field);
    for (const auto& ops : next_) text = with_edits(std::move(text), ops, id, field);
    return text;
}

std::optional<sequence> replica::in_flight() const
{
    if (!flight_) return {};
    return flight_->sent.what.seq;
}

// ---- opening ----

// Resumes, if there is something to resume from.
void replica::ask_to_open()
{
    std::optional<wire::resume_point> resume;
    if (!epoch_.empty() && !audit_.wants_snapshot()) resume = wire::resume_point{epoch_, confirmed_.head()};
    messages_.push_back(wire::open{options_.document, std::move(resume), options_.view});
    state_ = opening{};
}

void replica::on_opened(const wire::opened& it)
{
    if (it.document != options_.document) return;
    // A reader that fell behind gets an `opened` it did not ask for (CM3).
    // One that begins anew before the parts of the asked one have come is as good as that.
    const auto* cut_off = std::get_if<loading>(&state_);
    const bool asked = std::holds_alternative<opening>(state_) || (cut_off != nullptr && cut_off->asked);
    const bool resends = cut_off != nullptr && cut_off->resends;
    switch (it.mode) {
        case wire::open_mode::tail:
            resume_tail(it, asked, resends);
            break;
        case wire::open_mode::snapshot:
            state_ = loading{it, asked, resends, {}, {}, 0};
            if (it.parts == 0) finish_loading();
            break;
    }
}

void replica::resume_tail(const wire::opened& it, bool asked, bool resends)
{
    // Begun anew unasked before the server heard what this client asks, from commits that came since: the answer
    // follows.
    if (asked && it.epoch == epoch_ && it.at > confirmed_.head()) return;
    // It may repeat what came before it: an answer that was on its way when the server, unasked, began anew (CM3).
    if (it.at > confirmed_.head() || it.epoch != epoch_) return open_afresh("a tail from another revision");
    state_ = live{};
    decided_ = it.seq;
    if (!flight_) {
        used_ = std::max(used_, it.seq);
    } else if (refused_in(it)) {
        learn_refusal(std::get<refusal>(it.last));
    } else if ((asked || resends) && (it.seq < flight_->sent.what.seq || is_behind(it))) {
        resend();
    }
    // Else it was committed, and the tail brings it or one that was made after it, or it is on this connection
    // and still under way.
    send_next();
}

void replica::on_part(const wire::part& it)
{
    auto* state = std::get_if<loading>(&state_);
    if (it.document != options_.document || state == nullptr) return;
    if (it.at != state->head.at || it.index != state->parts) return open_afresh("parts of a snapshot out of order");
    state->entities.insert(state->entities.end(), it.entities.begin(), it.entities.end());
    document::apply(state->figures, it.derived);
    ++state->parts;
    if (state->parts == state->head.parts) finish_loading();
}

void replica::finish_loading()
{
    auto loaded = std::move(std::get<loading>(state_));
    document::document snapshot{*schema_};
    if (!snapshot.load(loaded.head.at, std::move(loaded.entities)))
        return open_afresh("a snapshot that is no document");

    decided_ = loaded.head.seq;
    op_list absorbed;
    if (refused_in(loaded.head)) {
        learn_refusal(std::get<refusal>(loaded.head.last));
    } else if (committed_in(loaded.head)) {
        absorbed = std::move(flight_->ops);
        acknowledge(loaded.head.at);
    } else if (flight_ && loaded.head.seq > flight_->sent.what.seq) {
        make_draft(unknown_fate());
    }
    rebase_by_difference(snapshot, absorbed);

    const bool new_epoch = !epoch_.empty() && epoch_ != loaded.head.epoch;
    epoch_ = loaded.head.epoch;
    if (auto report = audit_.take_report(confirmed_, snapshot)) messages_.push_back(*std::move(report));
    confirmed_ = std::move(snapshot);
    figures_ = std::move(loaded.figures);
    state_ = live{};
    events_.push_back(reloaded{confirmed_.head()});
    if (!flight_ || new_epoch) used_ = loaded.head.seq;
    if (new_epoch) {  // revisions count anew
        if (flight_) note_seen(flight_->ops, {});
        for (auto& ops : next_) note_seen(ops, {});
    }
    hold_until_ = {};
    if (flight_ && new_epoch) {
        put_flight_back();
    } else if (flight_ && (loaded.asked || loaded.resends)) {
        resend();
    }
    send_next();
}

// A snapshot does not tell which edits led to it; one edit with the same effect
// takes their place (RB4). `absorbed` are own ops that are in the snapshot
// already.
void replica::rebase_by_difference(const document::document& snapshot, const op_list& absorbed)
{
    std::set<std::pair<std::string, std::string>> texts;
    if (flight_) collect_texts(flight_->ops, texts);
    for (const auto& ops : next_) collect_texts(ops, texts);

    const authors who{options_.client, options_.client};  // nobody knows: what is there already stands first
    for (const auto& [id, field] : texts) {
        const auto before = with_edits(text_of(confirmed_, id, field), absorbed, id, field);
        op_list remote{document::edit_op{id, field, difference(before, text_of(snapshot, id, field))}};
        if (flight_) rebase(flight_->ops, remote, who);
        for (auto& ops : next_) rebase(ops, remote, who);
    }
}

bool replica::refused_in(const wire::opened& it) const
{
    return flight_ && it.seq == flight_->sent.what.seq && std::holds_alternative<refusal>(it.last);
}

bool replica::committed_in(const wire::opened& it) const
{
    return flight_ && it.seq == flight_->sent.what.seq && std::holds_alternative<wire::committed_outcome>(it.last);
}

// A later change than that in flight was decided, and refused: no commit that is still to come tells what became of
// this one (OD2).
bool replica::is_behind(const wire::opened& it) const
{
    return flight_ && it.seq > flight_->sent.what.seq && std::holds_alternative<refusal>(it.last);
}

// The stream cannot be trusted any more: a new snapshot can.
void replica::open_afresh(std::string why)
{
    events_.push_back(server_fault{std::move(why)});
    messages_.push_back(wire::open{options_.document, {}, options_.view});
    state_ = opening{};
}

// ---- live ----

void replica::on_commit(const wire::commit& it)
{
    if (it.document != options_.document || !is_live()) return;
    if (it.last.value < it.changes.size() || it.last.value - it.changes.size() > confirmed_.head().value) {
        return open_afresh("a gap in the revisions");
    }
    if (it.last <= confirmed_.head()) return;
    const std::size_t known = confirmed_.head().value - (it.last.value - it.changes.size());
    for (const auto& change : std::span{it.changes}.subspan(known)) {
        if (!apply(change)) return open_afresh("a committed change does not apply");
    }
    document::apply(figures_, it.derived);
    send_next();
}

// What an answer that went on from earlier brings once more must not replace what is newer (CM5).
void replica::on_derived(const wire::derived& it)
{
    if (it.document != options_.document || !is_live() || it.at < confirmed_.head()) return;
    document::apply(figures_, it.figures);
}

bool replica::apply(const document::committed_change& it)
{
    const bool mine = flight_ && it.client == options_.client;
    const bool own = mine && it.seq == flight_->sent.what.seq;
    // What is in flight would have come before it: it was refused.
    if (mine && it.seq > flight_->sent.what.seq) make_draft(unknown_fate());
    if (own) follow(next_, flight_->ops, it.ops, confirmed_);
    if (!confirmed_.replay(it)) return false;
    if (own) {
        acknowledge(confirmed_.head());
        return true;
    }
    op_list remote = it.ops;
    const authors who{options_.client, it.client};
    if (flight_) rebase(flight_->ops, remote, who);
    for (auto& ops : next_) rebase(ops, remote, who);
    for (auto& op : remote) {
        if (auto* edit = std::get_if<document::edit_op>(&op)) {
            events_.push_back(remote_edit{std::move(*edit), it.client, it.seq});
        }
    }
    return true;
}

void replica::on_audit(const wire::audit& it)
{
    // An audit may come twice, the second time from behind what is here.
    const bool comparable = it.document == options_.document && is_live() && it.at == confirmed_.head() &&
                            it.schema == document::schema_version;
    if (!comparable || !audit_.finds_difference(it, confirmed_)) return;
    events_.push_back(found_different{it.at, audit_.is_helpless()});
    ask_to_open();
}

void replica::on_refused(const wire::refused& it)
{
    if (!is_for(it.document, options_.document)) return;
    if (std::holds_alternative<opening>(state_) && !it.seq) {
        state_ = offline{};
        events_.push_back(not_opened{it.why});
        return;
    }
    if (!flight_ || it.seq != flight_->sent.what.seq) return;

    if (it.why.code == refusal_code::base_too_old) {
        // Its ops here are rebased on what is confirmed: they go out as a new change when all of that has come (CH7).
        if (it.final) use_up_flight();
        put_flight_back();
        hold_until_ = it.newest.value_or(revision{});
        send_next();
    } else if (it.final) {
        make_draft(it.why);
        send_next();
    } else if (it.why.code == refusal_code::unavailable) {
        events_.push_back(retry_wanted{it.why});
    } else if (std::holds_alternative<loading>(state_)) {
        resend();
    } else if (is_live()) {
        // The server knows less than we saw (seq_gap, base_ahead) or has closed the document: ask what it has. Once:
        // the change may have been sent again before, and each of its copies is refused.
        ask_to_open();
    }
}

void replica::on_notice(const wire::notice& it)
{
    // The commit itself comes in its turn (CM3) and acknowledges the change; a
    // notice only says that it will.
    if (it.code == "storage_recovered" && (!it.document || *it.document == options_.document)) resend();
    const bool tells_fate = it.code == "already_committed" && is_for(it.document, options_.document) && flight_ &&
                            it.seq == flight_->sent.what.seq;
    if (tells_fate && !it.at) {
        make_draft(unknown_fate());
        send_next();
    }
}

// The next change counts on from what the server has decided, which is more where this client is an older copy of
// itself.
void replica::use_up_flight()
{
    used_ = std::max(flight_->sent.what.seq, decided_);
}

void replica::acknowledge(revision at)
{
    use_up_flight();
    const sequence seq = flight_->sent.what.seq;
    flight_.reset();
    events_.push_back(acknowledged{seq, at});
}

// What was written on top of the refused change is rebased over its undoing
// (RB3).
void replica::make_draft(refusal why)
{
    use_up_flight();
    const sequence seq = flight_->sent.what.seq;
    op_list ops = std::move(flight_->ops);
    flight_.reset();
    op_list undone = inverse_edits(confirmed_, ops);
    for (auto& next : next_) rebase(next, undone, {options_.client, options_.client});
    events_.push_back(drafted{seq, std::move(why), std::move(ops)});
}

// What became of the change in flight, as `opened` tells it. One whose base was too old goes along with what comes now,
// and out as the next (CH7).
void replica::learn_refusal(refusal why)
{
    if (why.code != refusal_code::base_too_old) return make_draft(std::move(why));
    use_up_flight();
    put_flight_back();
}

// The change in flight was not, and will not be, committed under its seq: it goes out with what comes next.
void replica::put_flight_back()
{
    next_.push_front(std::move(flight_->ops));
    flight_.reset();
}

// The next change. What an op had seen needs saying only where the base is newer.
wire::change replica::as_sent(const op_list& ops) const
{
    wire::change out{options_.document, {options_.client, used_.next(), confirmed_.head(), ops}};
    for (auto& op : out.what.ops) {
        if (auto* seen = seen_of(op); seen != nullptr && *seen >= out.what.base) seen->reset();
    }
    return out;
}

// At most one change is in flight (CH2); whatever came up meanwhile goes into
// the next, as far as it fits.
void replica::send_next()
{
    if (!is_live() || flight_ || next_.empty() || confirmed_.head() < hold_until_) return;
    op_list ops;
    while (!next_.empty() && (ops.empty() || ops.size() + next_.front().size() <= document::limits::ops_per_change)) {
        append_coalesced(ops, std::move(next_.front()));
        next_.pop_front();
    }
    wire::change sent = as_sent(ops);
    flight_ = flight{std::move(sent), std::move(ops)};
    messages_.push_back(flight_->sent);
}

}  // namespace okra::client
