#include "server/runtime/loading.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/encode.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/memory.hpp"
#include "server/runtime/services.hpp"

namespace okra::runtime {

namespace {

constexpr std::size_t tail_frame_bytes = 64 << 10;

// A copy with the room behind it that the decoder needs.
std::string padded(std::string_view json)
{
    std::string copy;
    copy.reserve(json.size() + wire::decoder::padding);
    copy = json;
    return copy;
}

storage::failure damaged(const std::string& document, std::string_view what, const refusal& why)
{
    return {storage::errc::damaged, fmt::format("{}: {}: {}", document, what, why.message)};
}

// Calls `rest` after about a tenth of a millisecond, again and again.
template <typename Rest>
std::string stamp_all(const document::document& content, Rest rest)
{
    constexpr std::size_t entities_per_turn = 1'000;
    std::string json = "[";
    std::size_t stamped = 0;
    for (const document::entity* it : content.in_tree_order()) {
        if (json.size() > 1) json += ',';
        wire::encode_entity(json, *it, true);
        if (++stamped % entities_per_turn == 0) rest();
    }
    json += ']';
    return json;
}

// No value: it is not what was stored.
std::optional<document::document> decode_snapshot(wire::decoder& decoder, const document::document_name& name,
                                                  const storage::stored_snapshot& from)
{
    std::string json = padded(from.entities);
    auto entities = decoder.decode_entities(*name.schema, json);
    if (!entities) return std::nullopt;
    document::document content{*name.schema};
    if (!content.load(from.at, std::move(*entities))) return std::nullopt;
    return content;
}

}  // namespace

document_load::document_load(const storage::log& log, document::document_name name, std::optional<revision> until)
    : log_{log},
      name_{std::move(name)},
      until_{until},
      loaded_{.content = document::document{*name_.schema}, .snapshot_at = {}, .replay_us = 0}
{
}

result<void, storage::failure> document_load::take_snapshot()
{
    auto stored = log_.load(name_.full);
    if (!stored) return stored.error();
    bool is_damaged = stored->snapshot_damaged;
    if (stored->snapshot && (!until_ || stored->snapshot->at <= *until_)) {
        const memory::expendable scope;
        auto content = decode_snapshot(decoder_, name_, *stored->snapshot);
        is_damaged = !content;
        if (content) {
            loaded_.content = *std::move(content);
            loaded_.snapshot_at = stored->snapshot->at;
        }
    }
    if (is_damaged) runtime::log::warning("snapshot_damaged", {{"document", name_.full}});
    return {};
}

result<void, storage::failure> document_load::replay(std::string_view record, revision at)
{
    const memory::expendable scope;
    memory::refuse_if_short();
    std::string json = padded(record);
    const auto change = decoder_.decode_change(json);
    if (!change) return damaged(name_.full, fmt::format("revision {}", at.value), change.error());
    const auto replayed = loaded_.content.replay(*change);
    if (!replayed) return damaged(name_.full, fmt::format("revision {}", at.value), replayed.error());
    return {};
}

std::optional<load_result> document_load::go_on(const turn& it)
{
    memory::refuse_if_short();
    if (!std::exchange(begun_, true)) {
        if (const auto taken = take_snapshot(); !taken) return taken.error();
    }
    const std::int64_t begin_us = steady_clock_us();
    const revision before = loaded_.content.head();
    std::optional<storage::failure> problem;
    bool has_more = false;
    const auto visit = [&](revision at, std::string_view record) {
        if ((until_ && at > *until_) || !it.still_wanted()) return false;
        has_more = loaded_.content.head() != before && steady_clock_us() - begin_us > it.us;
        if (has_more) return false;
        if (auto replayed = replay(record, at); !replayed) problem = std::move(replayed).error();
        return !problem;
    };
    if (const auto done = log_.read(name_.full, before, visit); !done) return done.error();
    if (problem) return std::move(*problem);
    loaded_.replay_us += steady_clock_us() - begin_us;
    if (has_more) return std::nullopt;
    // Here, where it holds nobody up: of a large document it takes milliseconds, later only what is altered counts.
    static_cast<void>(loaded_.content.hash());
    return std::move(loaded_);
}

std::optional<storage::stored_snapshot> document_load::take_progress(std::int64_t after_us)
{
    if (loaded_.replay_us <= after_us || loaded_.content.head() == loaded_.snapshot_at) return std::nullopt;
    loaded_.replay_us = 0;
    loaded_.snapshot_at = loaded_.content.head();
    return storage::stored_snapshot{.at = loaded_.snapshot_at, .entities = stamped_entities(loaded_.content)};
}

load_result load_document(const storage::log& log, const document::document_name& name)
{
    return *document_load{log, name}.go_on({});
}

result<std::vector<frame_ptr>, storage::failure> load_tail(const storage::log& log, const tail_stretch& wanted,
                                                           const std::function<bool()>& still_wanted)
{
    const std::string document{wanted.document};
    const std::size_t frame_bytes = std::min(tail_frame_bytes, wanted.bytes_max);
    std::vector<frame_ptr> frames;
    std::size_t bytes = 0;
    std::string changes;
    revision before = wanted.after;
    revision last = wanted.after;
    const auto finish_frame = [&] {
        if (changes.empty()) return;
        frames.push_back(frame::of_commit(document, {before, last}, changes));
        changes.clear();
        before = last;
    };
    const auto gather = [&](revision at, std::string_view record) {
        const memory::expendable scope;
        memory::refuse_if_short();
        if (at > wanted.until || !still_wanted()) return false;
        if (bytes != 0 && bytes + record.size() > wanted.bytes_max) return false;
        if (!changes.empty()) changes += ',';
        changes += record;
        bytes += record.size();
        last = at;
        if (changes.size() >= frame_bytes) finish_frame();
        return true;
    };
    if (const auto done = log.read(document, wanted.after, gather); !done) return done.error();
    finish_frame();
    return frames;
}

result<found_outcome, storage::failure> load_outcome(const storage::log& log, const std::string& document,
                                                     std::string_view client)
{
    auto stored = log.last_outcome(document, client);
    if (stored) return found_outcome{.outcome = *std::move(stored)};
    if (stored.error().code != storage::errc::damaged) return stored.error();

    found_outcome found{.outcome = std::nullopt, .row_damaged = true};
    wire::decoder decoder;
    bool is_whole = true;
    const auto read = log.read(document, {}, [&](revision at, std::string_view record) {
        std::string json = padded(record);
        const auto change = decoder.decode_change(json);
        is_whole = change.has_value();
        if (is_whole && change->client == client) {
            found.outcome = storage::client_outcome{.seq = change->seq, .what = at};
        }
        return is_whole;
    });
    // Of a log that cannot be read nothing can be said either.
    if (!read || !is_whole) return stored.error();
    return found;
}

refusal told_to_clients(const storage::failure& why)
{
    if (why.code == storage::errc::damaged) {
        return {refusal_code::quarantined, "this document is damaged and set aside", {}};
    }
    return {refusal_code::unavailable, "this document cannot be read at the moment", {}};
}

std::string stamped_entities(const document::document& content)
{
    return stamp_all(content, [] {});
}

std::string stamped_entities_in_turns(const document::document& content)
{
    return stamp_all(content, std::this_thread::yield);
}

void note_damage(const services& shared, std::string_view document, std::string_view what, std::string_view why)
{
    shared.figures.damaged_reads.Increment();
    log::error("document_damaged", {{"document", document}, {"what", what}, {"reason", why}});
}

}  // namespace okra::runtime
