#include "tools/check/ledger.hpp"

#include <chrono>

#include <fmt/format.h>

#include "protocol/wire/encode.hpp"

namespace okra::check {

namespace {

std::string json_of(const document::committed_change& it)
{
    std::string out;
    wire::encode_change(out, it);
    return out;
}

std::string json_of(const std::vector<document::operation>& ops)
{
    std::string out;
    wire::encode_operations(out, ops);
    return out;
}

std::string named(const document::client_id& client, sequence seq)
{
    return fmt::format("change {} of client {}", seq.value, client);
}

}  // namespace

ledger::ledger(findings& found, document::document content)
    : found_{found}, begin_{content.head()}, reference_{std::move(content)}
{
}

void ledger::sent(const wire::change& it, std::optional<clock::time_point> edited_at)
{
    const auto& what = it.what;
    sent_.try_emplace({what.client, what.seq}, sent_change{.what = what, .edited_at = edited_at});
}

void ledger::told(const listener& to, revision at, const document::committed_change& what)
{
    if (at <= begin_) return;  // how the plan was prepared
    const auto known = history_.find(at);
    if (known == history_.end()) {
        record(to, at, what);
    } else {
        const auto json = json_of(what);
        found_.expect(promise::same_for_all, json == known->second.json,
                      fmt::format("revision {} reads {} for {}, and {} for {}", at.value, known->second.json,
                                  known->second.first, json, to.name));
    }
    if (to.client == what.client) acknowledged(what.client, what.seq, at);  // CM2
    measure(to, {what.client, what.seq});
}

void ledger::record(const listener& to, revision at, const document::committed_change& what)
{
    const change_name name{what.client, what.seq};
    history_.try_emplace(at, recorded{.name = name, .json = json_of(what), .first = to.name, .what = what});
    if (!clients_.contains(what.client)) {
        if (!stranger_) stranger_ = what.client;
    } else if (const auto [before, is_first] = committed_.try_emplace(name, at); is_first) {
        found_.kept(promise::exactly_once);
    } else {
        found_.broken(promise::exactly_once, fmt::format("{} is revision {} and revision {}",
                                                         named(what.client, what.seq), before->second.value, at.value));
    }
    judge_next();
}

void ledger::measure(const listener& to, const change_name& name)
{
    const auto it = sent_.find(name);
    if (it == sent_.end() || !it->second.edited_at) return;
    const auto since = *it->second.edited_at;
    if (!to.attentive_since || *to.attentive_since > since) return;
    auto& times = to.client == name.first ? to_durable_ : to_seen_;
    times.record(std::chrono::nanoseconds{clock::now() - since}.count());
}

// As far as the history is known without a gap.
void ledger::judge_next()
{
    while (!is_lost_) {
        const auto next = history_.find(reference_.head().next());
        if (next == history_.end()) return;
        is_lost_ = !judge(next->second);
    }
}

bool ledger::judge(const recorded& it)
{
    const auto sent = sent_.find(it.name);
    if (sent == sent_.end()) {
        if (!clients_.contains(it.name.first)) return reference_.replay(it.what).has_value();
        found_.broken(promise::as_written, fmt::format("{} was never sent, and is told to {} as {}",
                                                       named(it.name.first, it.name.second), it.first, it.json));
        return false;
    }
    const auto expected = reference_.accept(sent->second.what, it.what.at_ms);
    if (!expected) {
        found_.broken(promise::as_written,
                      fmt::format("{} should have been refused ({}: {}), and was committed as {}",
                                  named(it.name.first, it.name.second), name_of(expected.error().code),
                                  expected.error().message, it.json));
        return false;
    }
    const auto must = json_of(expected->ops);
    const auto is = json_of(it.what.ops);
    found_.expect(promise::as_written, must == is,
                  fmt::format("{} was told to {} as {}, and should read {}", named(it.name.first, it.name.second),
                              it.first, is, must));
    return must == is;
}

void ledger::acknowledged(const document::client_id& client, sequence seq, revision at)
{
    if (const auto it = sent_.find({client, seq}); it != sent_.end()) it->second.acknowledged_at = at;
}

void ledger::refused(const document::client_id& client, sequence seq)
{
    if (const auto it = sent_.find({client, seq}); it != sent_.end()) it->second.refused = true;
}

void ledger::close()
{
    for (const auto& [name, it] : sent_) {
        const auto who = named(name.first, name.second);
        const auto committed = committed_.find(name);
        const bool is_committed = committed != committed_.end();
        if (it.refused && is_committed) {
            found_.broken(promise::exactly_once,
                          fmt::format("{} was refused for good, and is revision {}", who, committed->second.value));
        } else if (it.acknowledged_at && (!is_committed || committed->second != *it.acknowledged_at)) {
            found_.broken(promise::nothing_lost,
                          fmt::format("{} was acknowledged as revision {}, where {}", who, it.acknowledged_at->value,
                                      is_committed ? "it is not" : "something else is, or nothing"));
        } else if (!it.refused && !is_committed) {
            if (gone_.contains(name.first)) continue;
            found_.broken(promise::nothing_lost, fmt::format("{} was neither acknowledged nor refused", who));
        } else {
            found_.kept(promise::nothing_lost);
        }
    }
}

revision ledger::head() const
{
    return history_.empty() ? begin_ : history_.rbegin()->first;
}

const document::document* ledger::reference() const
{
    return is_lost_ || reference_.head() != head() ? nullptr : &reference_;
}

}  // namespace okra::check
