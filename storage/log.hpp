// The durable log of all documents: what the server needs from storage and nothing of how it is done. Implementations:
// memory_log (reference, tests, simulation) and rocksdb_log. One contract suite runs against both. `append` blocks and
// is called by the commit worker alone; `put_snapshot` and the const functions may be called by several threads at
// once. Written so that a log with fencing (a stream per document, expected last sequence) can stand behind it.
//
// Document and client names are opaque, non-empty bytes here; the room has checked them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/numbers.hpp"
#include "protocol/base/result.hpp"
#include "protocol/document/errors.hpp"

namespace okra::storage {

// What storage can answer besides success; each enumerator says what the caller should do.
enum class errc : std::uint8_t {
    unavailable,   // the write or sync failed, nothing of it may be trusted: drop speculative state, `recover`, reload
    out_of_space,  // as unavailable; will work again when there is room
    damaged,       // this document's bytes are not what was written: quarantine it alone
    format_mismatch,  // written by another format version: do not start
    locked,           // another process has it open: do not start
    conflict,         // the expected head is not the head: two owners; drop the document and reload
};

[[nodiscard]] std::string_view name_of(errc code);

struct failure {
    errc code;
    std::string message;
    std::string document = {};  // the one that `damaged` or `conflict` is about; empty when it is about all
};

// The exactly-once table's row for (document, client).
struct client_outcome {
    sequence seq;
    std::variant<revision, refusal> what;
    friend bool operator==(const client_outcome&, const client_outcome&) = default;
};

struct client_update {
    std::string client;
    client_outcome outcome;
};

// One document's share of a commit. `records` are encoded committed changes (wire::encode_change) with revisions
// expected_head+1, +2, …; none when only refusals are to be kept.
struct document_append {
    std::string document;
    revision expected_head;
    std::vector<std::string> records;
    std::vector<client_update> clients;
};

// What it adds to the write-ahead log, about: keys and frames count too.
[[nodiscard]] std::size_t written_bytes(const document_append& it);

struct stored_snapshot {
    revision at;
    std::string entities;  // JSON array, wire::encode_entity(stamped)
    friend bool operator==(const stored_snapshot&, const stored_snapshot&) = default;
};

struct document_state {
    revision head;                            // 0: never changed
    std::optional<stored_snapshot> snapshot;  // the newest
    // There is a snapshot whose bytes are not what was written. It is left out: a snapshot is a cache, so the whole log
    // serves instead and the next put_snapshot mends it.
    bool snapshot_damaged = false;
};

class log {
public:
    log() = default;
    log(const log&) = delete;
    log& operator=(const log&) = delete;
    virtual ~log() = default;

    // Names this unbroken history (SPEC: epoch). Changes when a backup is restored.
    [[nodiscard]] virtual std::string epoch() const = 0;

    // HOT PATH: one atomic write, synced once, for all documents in `batch`: all of it or nothing. A document may occur
    // twice; the second share then expects the head that the first one leaves. `conflict` and `damaged` name the
    // document, nothing was written and the log goes on. After `unavailable` or `out_of_space` nothing more is accepted
    // (the same error comes back at once) until `recover` succeeds; until then reads show the state before the failed
    // append.
    [[nodiscard]] virtual result<void, failure> append(std::span<const document_append> batch) = 0;

    // After a failed append: makes the log writable again or tells why not yet; does nothing when it is writable.
    // Whether the failed append is in the log is known only afterwards (a write may have reached the disk although its
    // sync was reported as failed), so documents are reloaded after `recover`, not before. Waits for running reads.
    [[nodiscard]] virtual result<void, failure> recover() = 0;

    // A cache, never needed for correctness: not synced, may be lost. `conflict` when `it.at` is beyond the head.
    [[nodiscard]] virtual result<void, failure> put_snapshot(std::string_view document, const stored_snapshot& it) = 0;

    [[nodiscard]] virtual result<document_state, failure> load(std::string_view document) const = 0;

    // Calls `visit` with the records after `after`, in order, until `visit` returns false or there are no more. Checks
    // that revisions have no gaps and bytes are whole. `record` is valid during the call only; `visit` must not call
    // the log.
    using visitor = std::function<bool(revision at, std::string_view record)>;
    [[nodiscard]] virtual result<void, failure> read(std::string_view document, revision after,
                                                     const visitor& visit) const = 0;

    [[nodiscard]] virtual result<std::optional<client_outcome>, failure> last_outcome(
        std::string_view document, std::string_view client) const = 0;

    // Names of documents that begin with `prefix`, in byte order, at most `limit`, after `after`. Every document that
    // was ever appended to is among them, also one with stored refusals only (head 0) and damaged ones.
    [[nodiscard]] virtual result<std::vector<std::string>, failure> documents(std::string_view prefix,
                                                                              std::string_view after,
                                                                              std::size_t limit) const = 0;

    // A real write, synced, read back: the health check. Fails like `append`, and like it stops the log.
    [[nodiscard]] virtual result<void, failure> probe() = 0;
};

}  // namespace okra::storage
