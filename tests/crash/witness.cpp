#include "tests/crash/witness.hpp"

#include <algorithm>
#include <functional>
#include <span>

#include <fmt/format.h>

#include "protocol/wire/encode.hpp"

namespace okra::crash {

namespace {

constexpr std::size_t recent_revisions = 1000;  // of a document; a round commits fewer

std::uint64_t hash_of(std::string_view bytes)
{
    return std::hash<std::string_view>{}(bytes) | 1U;
}

}  // namespace

void witness::note_commit(const wire::commit& it, const std::string& who)
{
    history& document = documents_[it.document];
    if (document.seen.size() < it.last.value) document.seen.resize(it.last.value);
    std::size_t index = it.last.value - it.changes.size();
    std::string bytes;
    for (const auto& change : it.changes) {
        bytes.clear();
        wire::encode_change(bytes, change);
        record& known = document.seen.at(index++);
        if (known.hash == 0) {
            known = {.hash = hash_of(bytes), .name = {change.client, change.seq}, .seen_by = who};
            ++seen_;
        } else if (known.hash != hash_of(bytes)) {
            throw broken_promise{fmt::format("revision {} of {} is seq {} of {} for {}, and seq {} of {} for {}", index,
                                             it.document, known.name.seq.value, known.name.client, known.seen_by,
                                             change.seq.value, change.client, who)};
        }
    }
}

void witness::note_revision(const std::string& document, revision at, const std::string& who)
{
    told& newest = documents_[document].newest;
    if (at > newest.at) newest = {.at = at, .who = who};
}

void witness::note_sent(const std::string& document, const document::client_id& client, sequence seq)
{
    sequence& last = documents_[document].sent[client];
    last = std::max(last, seq);
}

void witness::check(const storage::log& log, extent how_much)
{
    for (auto& [name, it] : documents_) check(log, name, it, how_much);
}

void witness::check(const storage::log& log, const std::string& name, history& it, extent how_much)
{
    const std::size_t again = how_much == extent::all ? it.stored.size() : std::min(it.stored.size(), recent_revisions);
    const std::size_t from = it.stored.size() - again;
    for (const record& each : std::span{it.stored}.subspan(from)) it.seqs[each.name.client].erase(each.name.seq);
    it.stored.resize(from);
    const auto read = log.read(name, {from}, [&](revision at, std::string_view bytes) {
        take_record(name, it, at, bytes);
        return true;
    });
    if (!read) throw broken_promise{fmt::format("the log of {} cannot be read: {}", name, read.error().message)};
    compare(name, it, from);
}

void witness::take_record(const std::string& name, history& it, revision at, std::string_view bytes)
{
    if (at.value != it.stored.size() + 1) {
        throw broken_promise{fmt::format("the log of {} has {} after {}", name, at.value, it.stored.size())};
    }
    const std::uint64_t hash = hash_of(bytes);
    const bool is_seen = it.seen.size() >= at.value && it.seen[at.value - 1].hash == hash;
    change_name change = is_seen ? it.seen[at.value - 1].name : name_of(bytes);
    if (!it.seqs[change.client].insert(change.seq).second) {
        throw broken_promise{fmt::format("seq {} of {} is in the log of {} twice, the second time as revision {}",
                                         change.seq.value, change.client, name, at.value)};
    }
    if (change.seq > it.sent[change.client]) {
        throw broken_promise{fmt::format("revision {} of {} is seq {} of {}, which was never sent", at.value, name,
                                         change.seq.value, change.client)};
    }
    it.stored.push_back({.hash = hash, .name = std::move(change)});
}

void witness::compare(const std::string& name, const history& it, std::size_t from)
{
    for (std::size_t i = from; i < it.seen.size(); ++i) {
        const record& seen = it.seen[i];
        if (seen.hash == 0) continue;
        if (i < it.stored.size() && seen.hash == it.stored[i].hash) continue;
        const std::string is =
            i >= it.stored.size()
                ? fmt::format("is gone from the log, which ends with {}", it.stored.size())
                : fmt::format("is seq {} of {} in the log", it.stored[i].name.seq.value, it.stored[i].name.client);
        throw broken_promise{fmt::format("revision {} of {} {}: {} has seen it as seq {} of {}", i + 1, name, is,
                                         seen.seen_by, seen.name.seq.value, seen.name.client)};
    }
    if (it.newest.at.value > it.stored.size()) {
        throw broken_promise{
            fmt::format("revision {} of {}, of which {} was told, is gone from the log, which ends "
                        "with {}",
                        it.newest.at.value, name, it.newest.who, it.stored.size())};
    }
}

// The decoder works in place and reads beyond the end.
witness::change_name witness::name_of(std::string_view stored)
{
    buffer_.reserve(stored.size() + wire::decoder::padding);
    buffer_.assign(stored);
    const auto change = decoder_.decode_change(buffer_);
    if (!change) throw broken_promise{"the log has a record that cannot be parsed: " + change.error().message};
    return {change->client, change->seq};
}

bool witness::has_been_seen(const std::string& document, const document::client_id& client, sequence seq) const
{
    const history& it = documents_.at(document);
    const auto later = std::span{it.seen}.subspan(std::min(it.stored.size(), it.seen.size()));
    return std::ranges::any_of(later, [&](const record& each) {
        return each.hash != 0 && each.name == change_name{.client = client, .seq = seq};
    });
}

bool witness::is_in_log(const std::string& document, const document::client_id& client, sequence seq) const
{
    const auto& seqs = documents_.at(document).seqs;
    const auto found = seqs.find(client);
    return found != seqs.end() && found->second.contains(seq);
}

std::size_t witness::count_in_log(const std::string& document, const document::client_id& client) const
{
    const auto& seqs = documents_.at(document).seqs;
    const auto found = seqs.find(client);
    return found == seqs.end() ? 0 : found->second.size();
}

std::uint64_t witness::revisions_in_log() const
{
    std::uint64_t sum = 0;
    for (const auto& [name, it] : documents_) sum += it.stored.size();
    return sum;
}

}  // namespace okra::crash
