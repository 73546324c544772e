#include "tests/simulation/simulated_disk.hpp"

namespace okra::simulation {

using fault = test::faulty_disk::fault;

void memory_disk::reopen()
{
    log_.repair();
    if (auto recovered = log_.recover(); !recovered) throw broken_promise{recovered.error().message};
}

rocksdb_disk::rocksdb_disk(std::uint64_t seed, counters& counted) : random_{seed}, counted_{counted}
{
    open();
}

void rocksdb_disk::open()
{
    auto opened = storage::rocksdb_log::open({.folder = folder_.path(), .env = disk_.env()});
    if (!opened) throw broken_promise{"the log cannot be opened again: " + opened.error().message};
    log_ = *std::move(opened);
}

void rocksdb_disk::fail_writes(storage::memory_log::write_fault how)
{
    if (how.write_stays) return disk_.set(fault::sync_fails);
    disk_.set(how.code == storage::errc::out_of_space ? fault::full : fault::torn);
}

void rocksdb_disk::repair()
{
    if (!killed_) disk_.set(fault::none);
}

void rocksdb_disk::kill()
{
    disk_.set(fault::gone);
    killed_ = true;
}

void rocksdb_disk::reopen()
{
    log_.reset();
    if (std::exchange(killed_, false) && random_.one_in(2)) {
        ++counted_.power_cuts;
        counted_.bytes_lost += disk_.cut_power([this](std::uint64_t places) { return random_.below(places); });
    }
    disk_.set(fault::none);
    open();
}

}  // namespace okra::simulation
