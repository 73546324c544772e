#include "tests/crash/witness.hpp"

#include <algorithm>
#include <functional>
#include <span>

#include <fmt/format.h>

#include "protocol/wire/encode.hpp"

namespace okra::crash {

namespace {

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

void witness::check(const storage::log& log)
{
    for (auto& [name, it] : documents_) check(log, name, it);
}

void witness::check(const storage::log& log, const std::string& name, history& it)
{
    std::vector<record> stored;
    const auto read = log.read(name, {}, [&](revision at, std::string_view bytes) {
        if (at.value != stored.size() + 1) {
            throw broken_promise{fmt::format("the log of {} has {} after {}", name, at.value, stored.size())};
        }
        const std::uint64_t hash = hash_of(bytes);
        const bool is_known = stored.size() < it.stored.size() && it.stored[stored.size()].hash == hash;
        stored.push_back({.hash = hash, .name = is_known ? it.stored[stored.size()].name : name_of(bytes)});
        return true;
    });
    if (!read) throw broken_promise{fmt::format("the log of {} cannot be read: {}", name, read.error().message)};

    it.seqs.clear();
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const change_name& change = stored[i].name;
        if (!it.seqs[change.client].insert(change.seq).second) {
            throw broken_promise{fmt::format("seq {} of {} is in the log of {} twice, the second time as revision {}",
                                             change.seq.value, change.client, name, i + 1)};
        }
        if (change.seq > it.sent[change.client]) {
            throw broken_promise{fmt::format("revision {} of {} is seq {} of {}, which was never sent", i + 1, name,
                                             change.seq.value, change.client)};
        }
    }
    for (std::size_t i = 0; i < it.seen.size(); ++i) {
        const record& seen = it.seen[i];
        if (seen.hash == 0) continue;
        if (i >= stored.size()) {
            throw broken_promise{
                fmt::format("revision {} of {} is gone from the log, which ends with {}: {} has seen "
                            "it as seq {} of {}",
                            i + 1, name, stored.size(), seen.seen_by, seen.name.seq.value, seen.name.client)};
        }
        if (seen.hash != stored[i].hash) {
            throw broken_promise{
                fmt::format("revision {} of {} is seq {} of {} in the log: {} has seen it otherwise, "
                            "as seq {} of {}",
                            i + 1, name, stored[i].name.seq.value, stored[i].name.client, seen.seen_by,
                            seen.name.seq.value, seen.name.client)};
        }
    }
    if (it.newest.at.value > stored.size()) {
        throw broken_promise{
            fmt::format("revision {} of {}, of which {} was told, is gone from the log, which ends "
                        "with {}",
                        it.newest.at.value, name, it.newest.who, stored.size())};
    }
    it.stored = std::move(stored);
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
