// The log in memory, whose disk fails as the seed says, and which tells the oracle what is written.
#pragma once

#include "storage/memory_log.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/world.hpp"

namespace okra::simulation {

class simulated_log final : public storage::log {
public:
    simulated_log(world& around, oracle& truth) : world_{around}, truth_{truth} {}

    [[nodiscard]] bool is_failing() const { return failed_.has_value(); }
    // The server is to die now, before it can tell anybody what became of the last write.
    [[nodiscard]] bool wants_crash() { return std::exchange(wants_crash_, false); }

    // The process is gone and another one will open the log.
    void reopen();
    // The disk works again; the server is yet to find out.
    void repair();

    [[nodiscard]] std::string epoch() const override { return inner_.epoch(); }
    [[nodiscard]] result<void, storage::failure> append(std::span<const storage::document_append> batch) override;
    [[nodiscard]] result<void, storage::failure> recover() override;
    [[nodiscard]] result<void, storage::failure> put_snapshot(std::string_view document,
                                                              const storage::stored_snapshot& it) override;
    [[nodiscard]] result<storage::document_state, storage::failure> load(std::string_view document) const override;
    [[nodiscard]] result<void, storage::failure> read(std::string_view document, revision after,
                                                      const visitor& visit) const override
    {
        return inner_.read(document, after, visit);
    }
    [[nodiscard]] result<std::optional<storage::client_outcome>, storage::failure> last_outcome(
        std::string_view document, std::string_view client) const override
    {
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
    struct failed_write {
        std::vector<storage::document_append> batch;
        bool stays;
    };

    world& world_;
    oracle& truth_;
    storage::memory_log inner_{"epoch1"};
    std::optional<failed_write> failed_;
    std::uint64_t repairs_ = 0;  // tells the repair of an earlier failure from this one's
    bool snapshots_lost_ = false;
    bool wants_crash_ = false;
};

}  // namespace okra::simulation
