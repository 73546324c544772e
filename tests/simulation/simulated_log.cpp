#include "tests/simulation/simulated_log.hpp"

namespace okra::simulation {

simulated_log::simulated_log(world& around, oracle& truth, simulated_disk& disk)
    : forwarding_log{disk.log()}, world_{around}, truth_{truth}, disk_{disk}
{
    truth_.expect_epoch(epoch());
}

result<void, storage::failure> simulated_log::append(std::span<const storage::document_append> batch)
{
    if (world_.happens(world_.how.per_mille.crash_at_write)) {
        wants_crash_ = true;
        if (world_.random.one_in(2)) disk_.fail_writes({});  // in the middle of it
    } else if (!in_doubt_ && world_.happens(world_.how.per_mille.write_fails)) {
        const bool stays = world_.happens(world_.how.per_mille.write_stays);
        const auto code = world_.random.one_in(2) ? storage::errc::unavailable : storage::errc::out_of_space;
        disk_.fail_writes({.code = code, .write_stays = stays});
        ++world_.counted.failed_writes;
        world_.later.in(world_.some(world_.how.repair), [this, which = ++repairs_] {
            if (which == repairs_) disk_.repair();
        });
    }
    auto written = forwarding_log::append(batch);
    if (written) {
        for (const auto& share : batch) truth_.durable(share);
        ++world_.counted.writes;
    } else if (!in_doubt_) {
        in_doubt_.emplace(batch.begin(), batch.end());
    }
    return written;
}

result<void, storage::failure> simulated_log::recover()
{
    auto recovered = forwarding_log::recover();
    if (recovered && in_doubt_) {
        settle_doubt();
        truth_.recovered(*this);
    }
    return recovered;
}

void simulated_log::settle_doubt()
{
    if (!in_doubt_) return;
    const auto batch = *std::exchange(in_doubt_, {});
    if (holds(batch)) {
        ++world_.counted.failed_but_written;
        for (const auto& share : batch) truth_.durable(share);
    }
}

bool simulated_log::holds(std::span<const storage::document_append> batch) const
{
    for (const storage::document_append& share : batch) {
        if (!share.records.empty()) {
            const auto loaded = load(share.document);
            if (!loaded) throw broken_promise{loaded.error().message};
            return loaded->head.value >= share.expected_head.value + share.records.size();
        }
        if (!share.clients.empty()) {
            const storage::client_update& update = share.clients.front();
            const auto outcome = last_outcome(share.document, update.client);
            if (!outcome) throw broken_promise{outcome.error().message};
            return *outcome == update.outcome;
        }
    }
    return false;
}

result<storage::document_state, storage::failure> simulated_log::load(std::string_view document) const
{
    auto loaded = forwarding_log::load(document);
    if (loaded && snapshots_lost_) loaded->snapshot.reset();
    return loaded;
}

void simulated_log::reopen()
{
    ++repairs_;
    wants_crash_ = false;
    disk_.reopen();
    hand_on_to(disk_.log());
    settle_doubt();
    snapshots_lost_ = world_.happens(world_.how.per_mille.snapshot_lost);
    truth_.recovered(*this);
}

void simulated_log::repair()
{
    ++repairs_;
    disk_.repair();
}

}  // namespace okra::simulation
