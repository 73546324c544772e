#include "tests/simulation/simulated_log.hpp"

namespace okra::simulation {

result<void, storage::failure> simulated_log::append(std::span<const storage::document_append> batch)
{
    if (world_.happens(world_.how.per_mille.crash_at_write)) {
        wants_crash_ = true;
        if (world_.random.one_in(2)) return storage::failure{storage::errc::unavailable, "the process dies here"};
    } else if (!failed_ && world_.happens(world_.how.per_mille.write_fails)) {
        const bool stays = world_.happens(world_.how.per_mille.write_stays);
        const auto code = world_.random.one_in(2) ? storage::errc::unavailable : storage::errc::out_of_space;
        inner_.fail_writes({.code = code, .write_stays = stays});
        failed_ = failed_write{.batch = {batch.begin(), batch.end()}, .stays = stays};
        ++world_.counted.failed_writes;
        world_.later.in(world_.some(world_.how.repair), [this, which = ++repairs_] {
            if (which == repairs_) inner_.repair();
        });
    }
    auto written = inner_.append(batch);
    if (written) {
        for (const auto& share : batch) truth_.durable(share);
        ++world_.counted.writes;
    }
    return written;
}

result<void, storage::failure> simulated_log::recover()
{
    auto recovered = inner_.recover();
    if (recovered && failed_) {
        const failed_write failed = std::move(*failed_);
        failed_.reset();
        if (failed.stays) {
            ++world_.counted.failed_but_written;
            for (const auto& share : failed.batch) truth_.durable(share);
        }
    }
    return recovered;
}

result<storage::document_state, storage::failure> simulated_log::load(std::string_view document) const
{
    auto loaded = inner_.load(document);
    if (loaded && snapshots_lost_) loaded->snapshot.reset();
    return loaded;
}

void simulated_log::reopen()
{
    repair();
    wants_crash_ = false;
    static_cast<void>(recover());
    snapshots_lost_ = world_.happens(world_.how.per_mille.snapshot_lost);
    truth_.recovered(*this);
}

void simulated_log::repair()
{
    ++repairs_;
    inner_.repair();
}

}  // namespace okra::simulation
