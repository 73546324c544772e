// What a simulated world keeps its log on, and how it fails: memory, which plays what a disk leaves of a write, or the
// real log on files that lose what was not synced, where it has to come out.
#pragma once

#include <cstdint>

#include "protocol/base/prng.hpp"
#include "storage/memory_log.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/rocksdb_subject.hpp"

namespace okra::simulation {

class simulated_disk {
public:
    simulated_disk() = default;
    simulated_disk(const simulated_disk&) = delete;
    simulated_disk& operator=(const simulated_disk&) = delete;
    virtual ~simulated_disk() = default;

    [[nodiscard]] virtual storage::log& log() = 0;
    // From now on writes fail until `repair`, the next one in this way.
    virtual void fail_writes(storage::memory_log::write_fault how) = 0;
    virtual void repair() = 0;
    // The process that has the log open is dead.
    virtual void kill() = 0;
    // Another one opens it, on a disk that works. Ends the life of what `log` returned before.
    virtual void reopen() = 0;
};

class memory_disk final : public simulated_disk {
public:
    [[nodiscard]] storage::log& log() override { return log_; }
    void fail_writes(storage::memory_log::write_fault how) override { log_.fail_writes(how); }
    void repair() override { log_.repair(); }
    void kill() override {}
    void reopen() override;

private:
    storage::memory_log log_{"epoch1"};
};

// RocksDB's own threads are not the seed's: a seed plays the same world again but where they meet a fault.
class rocksdb_disk final : public simulated_disk {
public:
    rocksdb_disk(std::uint64_t seed, counters& counted) : random_{seed}, counted_{counted} {}

    [[nodiscard]] storage::log& log() override { return subject_.log(); }
    // A failed sync has written everything; another failed write half of it.
    void fail_writes(storage::memory_log::write_fault how) override;
    void repair() override;
    void kill() override;
    void reopen() override;

private:
    prng random_;
    counters& counted_;
    test::rocksdb_subject subject_;
    bool killed_ = false;
};

}  // namespace okra::simulation
