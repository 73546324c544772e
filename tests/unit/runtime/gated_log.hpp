// A log whose appends or reads a test holds back, to put them into an order that the disk would give only by chance.
// The test's thread opens and closes; the server's threads wait.
#pragma once

#include <atomic>

#include "storage/memory_log.hpp"

namespace okra::tests {

class gate {
public:
    void close() { closed_ = true; }
    void open()
    {
        closed_ = false;
        closed_.notify_all();
    }
    // Waits until somebody has come to the closed gate.
    void await_somebody() const { waiting_.wait(0); }
    void pass() const
    {
        ++waiting_;
        waiting_.notify_all();
        closed_.wait(true);
        --waiting_;
    }

private:
    std::atomic<bool> closed_{false};
    mutable std::atomic<int> waiting_{0};
};

class gated_log final : public storage::log {
public:
    gate appends;
    gate reads;

    [[nodiscard]] std::string epoch() const override { return inner_.epoch(); }
    [[nodiscard]] result<void, storage::failure> append(std::span<const storage::document_append> batch) override
    {
        appends.pass();
        return inner_.append(batch);
    }
    [[nodiscard]] result<void, storage::failure> recover() override { return inner_.recover(); }
    [[nodiscard]] result<void, storage::failure> put_snapshot(std::string_view document,
                                                              const storage::stored_snapshot& it) override
    {
        return inner_.put_snapshot(document, it);
    }
    [[nodiscard]] result<storage::document_state, storage::failure> load(std::string_view document) const override
    {
        return inner_.load(document);
    }
    [[nodiscard]] result<void, storage::failure> read(std::string_view document, revision after,
                                                      const visitor& visit) const override
    {
        reads.pass();
        return inner_.read(document, after, visit);
    }
    [[nodiscard]] result<std::optional<storage::client_outcome>, storage::failure> last_outcome(
        std::string_view document, std::string_view client) const override
    {
        reads.pass();
        return inner_.last_outcome(document, client);
    }
    [[nodiscard]] result<std::vector<std::string>, storage::failure> documents(std::string_view prefix,
                                                                               std::string_view after,
                                                                               std::size_t limit) const override
    {
        return inner_.documents(prefix, after, limit);
    }
    [[nodiscard]] result<void, storage::failure> probe() override { return inner_.probe(); }

private:
    storage::memory_log inner_{"epoch1"};
};

}  // namespace okra::tests
