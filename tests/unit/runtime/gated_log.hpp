// A log whose appends or reads a test holds back, to put them into an order that the disk would give only by chance.
// The test's thread opens and closes; the server's threads wait.
#pragma once

#include <atomic>
#include <string>

#include "storage/memory_log.hpp"
#include "tests/support/forwarding_log.hpp"

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

class gated_log final : public test::forwarding_log {
public:
    gated_log() : forwarding_log{stored_} {}

    gate appends;
    gate reads;
    mutable std::atomic<int> reads_done{0};

    void damage(const std::string& document, revision at) { stored_.damage(document, at); }

    [[nodiscard]] result<void, storage::failure> append(std::span<const storage::document_append> batch) override
    {
        appends.pass();
        return forwarding_log::append(batch);
    }
    [[nodiscard]] result<void, storage::failure> read(std::string_view document, revision after,
                                                      const visitor& visit) const override
    {
        reads.pass();
        ++reads_done;
        return forwarding_log::read(document, after, visit);
    }
    [[nodiscard]] result<std::optional<storage::client_outcome>, storage::failure> last_outcome(
        std::string_view document, std::string_view client) const override
    {
        reads.pass();
        ++reads_done;
        return forwarding_log::last_outcome(document, client);
    }

private:
    storage::memory_log stored_{"epoch1"};
};

}  // namespace okra::tests
