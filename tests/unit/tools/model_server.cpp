#include "tests/unit/tools/model_server.hpp"

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/document/name.hpp"

namespace okra::test {

std::vector<document::entity> entities_of(const document::document& it)
{
    std::vector<document::entity> out;
    for (const auto* entity : it.in_tree_order()) out.push_back(*entity);
    return out;
}

model_server::model_server(std::string document, std::uint64_t seed)
    : name_{std::move(document)},
      random_{seed},
      speculative_{*document::parse_name(name_)->schema},
      durable_{*document::parse_name(name_)->schema}
{
}

void model_server::connect(const document::client_id& client, mailbox& to)
{
    sessions_[client] = {&to};
}

void model_server::disconnect(const document::client_id& client)
{
    sessions_.erase(client);
}

void model_server::receive(const document::client_id& from, const wire::client_message& message)
{
    std::visit(
        overloaded{[&](const wire::open& it) { open(from, it); }, [&](const wire::change& it) { change(from, it); },
                   [&](const wire::diverged& it) { divergences_.push_back(it); }, [](const auto&) {}},
        message);
}

void model_server::open(const document::client_id& from, const wire::open& it)
{
    auto& to = sessions_.at(from);
    to.open = true;
    const bool can_resume =
        it.resume && it.resume->epoch == epoch_ && it.resume->at >= history_floor && it.resume->at <= durable_.head();
    if (!can_resume) return send_snapshot(from);

    wire::opened answer;
    answer.document = name_;
    answer.epoch = epoch_;
    answer.at = it.resume->at;
    answer.mode = wire::open_mode::tail;
    answer.recovered = true;
    answer.seq = last_used(from);
    if (outcomes_.contains(from)) answer.last = outcomes_.at(from).what;
    to.to->push_back(answer);

    // The tail comes in frames of any size.
    for (auto next = it.resume->at.value; next < log_.size();) {
        wire::commit frame;
        frame.document = name_;
        do frame.changes.push_back(log_[next++]);
        while (next < log_.size() && !random_.one_in(3));
        frame.last = revision{next};
        to.to->push_back(std::move(frame));
    }
}

void model_server::send_snapshot(const document::client_id& client)
{
    auto& to = *sessions_.at(client).to;
    auto entities = entities_of(durable_);
    wire::opened answer;
    answer.document = name_;
    answer.epoch = epoch_;
    answer.at = durable_.head();
    answer.parts = 1 + static_cast<std::uint32_t>(random_.below(3));
    answer.seq = last_used(client);
    if (outcomes_.contains(client)) answer.last = outcomes_.at(client).what;
    to.push_back(answer);
    std::size_t begin = 0;
    for (std::uint32_t index = 0; index < answer.parts; ++index) {
        const auto end =
            index + 1 == answer.parts ? entities.size() : begin + random_.below(entities.size() - begin + 1);
        wire::part part;
        part.document = name_;
        part.at = answer.at;
        part.index = index;
        for (; begin < end; ++begin) part.entities.push_back(entities[begin]);
        to.push_back(std::move(part));
    }
}

sequence model_server::last_used(const document::client_id& client) const
{
    const auto found = outcomes_.find(client);
    return found == outcomes_.end() ? sequence{} : found->second.seq;
}

void model_server::change(const document::client_id& from, const wire::change& it)
{
    OKRA_ASSERT(sessions_.at(from).open);
    for (const auto& waiting : accepted_) {
        if (waiting.client == from && waiting.seq == it.what.seq) return;  // sent again: its commit is the answer
    }
    if (const auto waiting = refused_.find(from); waiting != refused_.end() && waiting->second.first == it.what.seq)
        return;
    if (it.what.seq <= last_used(from)) return answer_used(from, it.what.seq);
    if (it.what.seq > last_used(from).next()) {
        return refuse(from, it.what.seq, {refusal_code::seq_gap, "a seq is missing", {}}, false);
    }
    if (unavailable_one_in != 0 && random_.one_in(unavailable_one_in)) {
        return refuse(from, it.what.seq, {refusal_code::unavailable, "not now", {}}, false);
    }
    if (refuse_one_in != 0 && random_.one_in(refuse_one_in)) {
        refused_[from] = {it.what.seq, {refusal_code::invalid_value, "by lot", {}}};
        return;
    }
    auto incoming = it.what;
    incoming.client = from;
    auto accepted = speculative_.accept(incoming, 0);
    if (accepted) {
        accepted_.push_back(std::move(*accepted));
    } else if (accepted.error().code == refusal_code::base_too_old) {
        refuse(from, it.what.seq, accepted.error(), false);
    } else {
        refused_[from] = {it.what.seq, accepted.error()};
    }
}

void model_server::answer_used(const document::client_id& from, sequence seq)
{
    const auto& known = outcomes_.at(from);
    if (const auto* why = std::get_if<refusal>(&known.what); why != nullptr && seq == known.seq) {
        return refuse(from, seq, *why, true);
    }
    wire::notice notice;
    notice.code = "already_committed";
    notice.document = name_;
    notice.seq = seq;
    if (const auto* done = std::get_if<wire::committed_outcome>(&known.what); done != nullptr && seq == known.seq) {
        notice.at = done->at;
    }
    sessions_.at(from).to->push_back(notice);
}

void model_server::refuse(const document::client_id& to, sequence seq, refusal why, bool final)
{
    const auto session = sessions_.find(to);
    if (session == sessions_.end()) return;
    session->second.to->push_back(wire::refused{name_, seq, std::move(why), final});
}

void model_server::commit()
{
    for (const auto& [client, it] : refused_) {
        outcomes_[client] = {it.first, it.second};
        refuse(client, it.first, it.second, true);
    }
    refused_.clear();
    if (accepted_.empty()) return;
    for (const auto& it : accepted_) {
        OKRA_ASSERT(durable_.replay(it).has_value());
        log_.push_back(it);
        outcomes_[it.client] = {it.seq, wire::committed_outcome{durable_.head()}};
    }
    wire::commit frame;
    frame.document = name_;
    frame.last = durable_.head();
    frame.changes = std::exchange(accepted_, {});
    for (auto& [client, session] : sessions_) {
        if (session.open) session.to->push_back(frame);
    }
}

void model_server::audit()
{
    const std::uint64_t hash = tells_wrong_hash ? ~durable_.hash() : durable_.hash();
    for (auto& [client, session] : sessions_) {
        if (session.open) session.to->push_back(wire::audit{.document = name_, .at = durable_.head(), .hash = hash});
    }
}

void model_server::crash()
{
    accepted_.clear();
    refused_.clear();
    reload();
}

void model_server::restore_backup(revision kept)
{
    epoch_ += "'";
    log_.resize(kept.value);
    outcomes_.clear();
    durable_ = document::document{durable_.schema()};
    for (const auto& it : log_) {
        OKRA_ASSERT(durable_.replay(it).has_value());
        outcomes_[it.client] = {it.seq, wire::committed_outcome{durable_.head()}};
    }
    crash();
}

void model_server::reload()
{
    speculative_ = document::document{durable_.schema()};
    for (const auto& it : log_) OKRA_ASSERT(speculative_.replay(it).has_value());
}

}  // namespace okra::test
