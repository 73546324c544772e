#include "tests/simulation/simulated_disk.hpp"

namespace okra::simulation {

using fault = test::faulty_disk::fault;

void memory_disk::reopen()
{
    log_.repair();
    if (auto recovered = log_.recover(); !recovered) throw broken_promise{recovered.error().message};
}

void rocksdb_disk::fail_writes(storage::memory_log::write_fault how)
{
    if (how.write_stays) return subject_.disk().set(fault::sync_fails);
    subject_.disk().set(how.code == storage::errc::out_of_space ? fault::full : fault::torn);
}

void rocksdb_disk::repair()
{
    if (!killed_) subject_.disk().set(fault::none);
}

void rocksdb_disk::kill()
{
    subject_.disk().set(fault::gone);
    killed_ = true;
}

void rocksdb_disk::reopen()
{
    subject_.change_closed([this] {
        if (std::exchange(killed_, false) && random_.one_in(2)) {
            ++counted_.power_cuts;
            counted_.bytes_lost +=
                subject_.disk().cut_power([this](std::uint64_t places) { return random_.below(places); });
        }
        subject_.disk().set(fault::none);
    });
}

}  // namespace okra::simulation
