// The log of a simulated world, whose disk fails as the seed says, and which tells the oracle what is written.
#pragma once

#include "tests/simulation/oracle.hpp"
#include "tests/simulation/simulated_disk.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/forwarding_log.hpp"

namespace okra::simulation {

class simulated_log final : public test::forwarding_log {
public:
    simulated_log(world& around, oracle& truth, simulated_disk& disk);

    [[nodiscard]] bool is_failing() const { return in_doubt_.has_value(); }
    // The server is to die now, before it can tell anybody what became of the last write.
    [[nodiscard]] bool wants_crash() { return std::exchange(wants_crash_, false); }

    // The process is gone.
    void kill() { disk_.kill(); }
    // Another one opens the log.
    void reopen();
    // The disk works again; the server is yet to find out.
    void repair();

    [[nodiscard]] result<void, storage::failure> append(std::span<const storage::document_append> batch) override;
    [[nodiscard]] result<void, storage::failure> recover() override;
    // A stored snapshot is not synced: a crash may have taken it back.
    [[nodiscard]] result<storage::document_state, storage::failure> load(std::string_view document) const override;

private:
    // The log knows whether it was written; that it is all of it or nothing, the oracle finds.
    void settle_doubt();
    [[nodiscard]] bool holds(std::span<const storage::document_append> batch) const;

    world& world_;
    oracle& truth_;
    simulated_disk& disk_;
    std::optional<std::vector<storage::document_append>> in_doubt_;  // a write that failed and may have been written
    std::uint64_t repairs_ = 0;  // tells the repair of an earlier failure from this one's
    bool snapshots_lost_ = false;
    bool wants_crash_ = false;
};

}  // namespace okra::simulation
