// What storage holds, damaged. The first letter of an input tells what the rest is:
//
//   b bytes                    a stored value, as it is
//   p offset flips[4] payload  a stored value around `payload`, whole and then damaged in up to four bytes side by side
//   w bytes                    a write-ahead log, as it is
//   v offset flip sizes        a write-ahead log with records of these sizes, whole and then damaged in one byte
//   l lines                    a document's log: "s" revision " " entities (a snapshot), "c " change (somebody edits
//                              the loaded document), or a record
//   k lines                    the same for a workspace
//
// Damage is told, whatever it is; what is whole can be used, and says the same when it is written again.
#include <charconv>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/invariants.hpp"
#include "protocol/document/name.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/websocket.hpp"
#include "server/runtime/loading.hpp"
#include "storage/memory_log.hpp"
#include "storage/record.hpp"
#include "storage/wal_check.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/messages.hpp"
#include "tests/support/wal_writer.hpp"
#include "tools/admin/verify.hpp"

namespace okra::fuzz {

namespace {

using storage::wal_condition;

// Every kind of value, and whether it was whole.
bool check_value(std::string_view bytes)
{
    const auto payload = storage::unframe(bytes);
    if (payload) require_same(storage::frame(*payload), bytes, "a frame is written in one way only");
    const auto snapshot = storage::decode_snapshot(bytes);
    if (snapshot) require_same(storage::encode_snapshot(*snapshot), bytes, "a snapshot");
    const auto row = storage::decode_document(bytes);
    if (row) require_same(storage::encode_document(*row), bytes, "a document's row");
    const auto outcome = storage::decode_outcome(bytes);
    if (outcome) require_same(storage::encode_outcome(*outcome), bytes, "an outcome");
    require(payload.has_value() || !(snapshot || row || outcome), "a damaged frame is believed");
    return payload.has_value();
}

// A checksum of 32 bits finds whatever is damaged within 32 bits.
void check_damaged_value(choices in)
{
    const std::size_t offset = in.below(256);
    const std::string_view flips = in.take(4);
    std::string bytes = storage::frame(in.rest());
    require(check_value(bytes), "a whole value is refused");
    bool damaged = false;
    for (std::size_t at = 0; at < flips.size(); ++at) {
        bytes[(offset + at) % bytes.size()] ^= flips[at];
        damaged = damaged || flips[at] != 0;
    }
    const bool side_by_side = offset % bytes.size() + flips.size() <= bytes.size();
    if (damaged && side_by_side) require(!check_value(bytes), "a damaged value is believed");
}

void check_wal(std::string_view bytes)
{
    const storage::wal_state state = storage::check_wal(bytes);
    require(state.whole_bytes <= bytes.size(), "a log is whole up to its end at most");
    const storage::wal_state mended = storage::check_wal(bytes.substr(0, state.whole_bytes));
    require(mended.condition == wal_condition::whole, "a log that was cut where it is whole is not whole");
    require(mended.whole_bytes == state.whole_bytes, "a log that was cut has lost a record");
}

void check_damaged_wal(choices in)
{
    const std::size_t high = in.below(256);
    const std::size_t offset = high * 256 + in.below(256);
    const char flip = static_cast<char>(in.below(256));
    std::string log;
    std::vector<std::size_t> ends;
    for (std::size_t record = 0; record < 6 && !in.empty(); ++record) {
        const std::size_t size = in.below(256);
        test::append_wal_record(log, std::string(in.one_in(4) ? size * 256 : size, static_cast<char>('a' + record)));
        ends.push_back(log.size());
    }
    const storage::wal_state whole = storage::check_wal(log);
    require(whole.condition == wal_condition::whole && whole.whole_bytes == log.size(), "a whole log");
    if (log.empty() || flip == 0) return;

    const std::size_t damaged_at = offset % log.size();
    log[damaged_at] ^= flip;
    const storage::wal_state state = storage::check_wal(log);
    const auto hit = std::ranges::upper_bound(ends, damaged_at);
    const std::size_t before = hit == ends.begin() ? 0 : *(hit - 1);
    require(state.condition != wal_condition::whole, "a damaged log is believed");
    require(state.whole_bytes == before, "a log is whole up to the damaged record");
    const bool is_last = hit + 1 == ends.end();
    require(is_last || state.condition == wal_condition::damaged, "damage in front of a later record");
    check_wal(log);
}

// A document's log as the lines tell it.
class stored_document {
public:
    explicit stored_document(std::string_view name) : name_{*document::parse_name(name)} {}

    void run(std::string_view lines)
    {
        each_line(lines, [&](std::string_view line) { take(line); });
        storage::document_append append{
            .document = name_.full, .expected_head = {}, .records = records_, .clients = {}};
        append.clients.push_back({.client = "a", .outcome = {.seq = sequence{1}, .what = revision{1}}});
        require(log_.append({&append, 1}).has_value(), "a log takes what it is given");
        check_from_the_beginning();
        if (!snapshot_ || snapshot_->at.value > records_.size()) return;
        require(log_.put_snapshot(name_.full, *snapshot_).has_value(), "a log takes a snapshot");
        if (auto loaded = loaded_document()) check_document(*loaded);
        static_cast<void>(admin::verify_document(log_, name_.full, parser_));
    }

private:
    void take(std::string_view line)
    {
        if (line.starts_with("c ")) {
            if (auto ops = ops_from(decoder_, line.substr(2))) edits_.push_back(*std::move(ops));
        } else if (line.starts_with('s')) {
            std::uint32_t at = 0;
            const char* const end = line.data() + line.size();
            const auto [rest, ec] = std::from_chars(line.data() + 1, end, at);
            snapshot_ = storage::stored_snapshot{revision{at}, {rest, end}};
        } else {
            records_.emplace_back(line);
        }
    }

    // The whole log, without a snapshot.
    void check_from_the_beginning()
    {
        auto loaded = loaded_document();
        const auto replayed = admin::replay(log_, name_.full, parser_);
        require(loaded.has_value() == replayed.has_value(), "the server and okra-admin load the same");
        const auto report = admin::verify_document(log_, name_.full, parser_);
        require(report.head.value == records_.size(), "verify tells the head");
        if (!loaded) {
            require(!report.problems.empty(), "verify finds what cannot be loaded");
            return;
        }
        require(loaded->head().value == records_.size(), "every record is a revision");
        require_same(runtime::stamped_entities(*loaded), runtime::stamped_entities(*replayed), "replay");
        check_tail();
        check_document(*loaded);
    }

    std::optional<document::document> loaded_document()
    {
        auto loaded = runtime::load_document(log_, name_);
        if (loaded) return std::move(loaded->content);
        require(loaded.error().code == storage::errc::damaged, "what cannot be loaded is damaged");
        require(loaded.error().message.find(name_.full) != std::string::npos, "damage names its document");
        return std::nullopt;
    }

    // A tail is sent as it is stored: a client must be able to read it.
    void check_tail()
    {
        for (const std::string& record : records_) {
            const auto change = decoder_.decode_change(padded_text{record}.span());
            std::string again;
            wire::encode_change(again, *change);
            if (again != record) return;  // not what a server has written
        }
        const auto frames = runtime::load_tail(log_, {.document = name_.full, .after = {}, .until = {records_.size()}});
        require(frames.has_value(), "a tail");
        for (const auto& frame : *frames) {
            const auto buffer = frame->buffer();
            padded_text bytes{{static_cast<const char*>(buffer.data()), buffer.size()}};
            wire::frame_reader reader{wire::frame_reader::role::client, 1U << 24U};
            reader.feed(bytes.span());
            const auto event = reader.next();
            const auto* message = std::get_if<wire::frame_reader::message>(&event);
            require(message != nullptr, "a tail's frame");
            require(decoded_server_message(decoder_, {message->text.data(), message->text.size()}).has_value(),
                    "a tail can be read");
        }
    }

    // Whatever it holds: it can be used, edited and stored.
    void check_document(document::document& it)
    {
        static_cast<void>(document::broken_invariants(it));
        static_cast<void>(document::derive(it, {.today = 20'000, .cycle_start = 19'990, .cycle_end = 20'090}));
        std::uint64_t seq = 0;
        for (const auto& ops : edits_) {
            static_cast<void>(it.accept({"zed", sequence{++seq}, it.head(), ops}, 1'790'000'000'000));
        }
        const std::string stored = runtime::stamped_entities(it);
        const auto entities = decoder_.decode_entities(*name_.schema, padded_text{stored}.span());
        document::document again{*name_.schema};
        require(entities && again.load(it.head(), *entities), "what was loaded can be stored and loaded again");
        require_same(runtime::stamped_entities(again), stored, "a snapshot is the document");
    }

    document::document_name name_;
    storage::memory_log log_{"epoch-1"};
    std::vector<std::string> records_;
    std::optional<storage::stored_snapshot> snapshot_;
    std::vector<std::vector<document::operation>> edits_;
    wire::decoder decoder_;
    admin::record_parser parser_;
};

void run(std::string_view input)
{
    if (input.empty()) return;
    const std::string_view rest = input.substr(1);
    switch (input.front()) {
        case 'b':
            static_cast<void>(check_value(rest));
            return;
        case 'p':
            return check_damaged_value(choices{rest});
        case 'w':
            return check_wal(rest);
        case 'v':
            return check_damaged_wal(choices{rest});
        case 'l':
            return stored_document{"w/plan/t/c"}.run(rest);
        case 'k':
            return stored_document{"w/workspace"}.run(rest);
        default:
            return;
    }
}

}  // namespace

}  // namespace okra::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    okra::fuzz::run(okra::fuzz::as_text(data, size));
    return 0;
}
