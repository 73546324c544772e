// The log kept in memory: the reference that says in a page what `log` means, for tests and simulation. Faults of a
// disk are played on request. Its const functions, put_snapshot and the fault switches may be called by any thread.
#pragma once

#include <map>
#include <shared_mutex>

#include "storage/log.hpp"

namespace okra::storage {

class memory_log final : public log {
public:
    explicit memory_log(std::string epoch) : epoch_{std::move(epoch)} {}

    // How a write fails, and what the disk holds of it in the end: a failed sync may have written everything or
    // nothing.
    struct write_fault {
        errc code = errc::unavailable;
        bool write_stays = false;  // after `recover` the failed append turns out to be there
    };

    // The append or probe after the next `successes` ones fails, and so does `recover` until `repair`.
    void fail_writes(write_fault fault, std::uint64_t successes = 0);
    void repair();

    // Makes the record's bytes unreadable, as a bad sector would.
    void damage(std::string_view document, revision at);

    [[nodiscard]] std::string epoch() const override { return epoch_; }
    [[nodiscard]] result<void, failure> append(std::span<const document_append> batch) override;
    [[nodiscard]] result<void, failure> recover() override;
    [[nodiscard]] result<void, failure> put_snapshot(std::string_view document, const stored_snapshot& it) override;
    [[nodiscard]] result<document_state, failure> load(std::string_view document) const override;
    [[nodiscard]] result<void, failure> read(std::string_view document, revision after,
                                             const visitor& visit) const override;
    [[nodiscard]] result<std::optional<client_outcome>, failure> last_outcome(std::string_view document,
                                                                              std::string_view client) const override;
    [[nodiscard]] result<std::vector<std::string>, failure> documents(std::string_view prefix, std::string_view after,
                                                                      std::size_t limit) const override;
    [[nodiscard]] result<void, failure> probe() override;

private:
    struct stored_document {
        std::vector<std::optional<std::string>> records;  // of revisions 1, 2, 3, …; no value: damaged
        std::map<std::string, client_outcome, std::less<>> outcomes;
        std::optional<stored_snapshot> snapshot;
    };
    struct planned_fault {
        write_fault fault;
        std::uint64_t successes_before;
    };

    [[nodiscard]] const stored_document* find(std::string_view document) const;
    [[nodiscard]] result<void, failure> check_heads(std::span<const document_append> batch) const;
    [[nodiscard]] result<void, failure> write();
    void apply(std::span<const document_append> batch);

    mutable std::shared_mutex mutex_;  // guards what follows
    const std::string epoch_;
    std::map<std::string, stored_document, std::less<>> documents_;
    std::optional<planned_fault> planned_;
    bool disk_works_ = true;
    std::optional<failure> failed_;                      // sticky until `recover`
    std::vector<document_append> written_but_reported_;  // as failed; turns up at `recover`
};

}  // namespace okra::storage
