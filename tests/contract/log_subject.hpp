// What the contract suite runs against: each implementation of `log` with the same handles to break and mend it.
#pragma once

#include "storage/log.hpp"
#include "storage/memory_log.hpp"
#include "tests/support/rocksdb_subject.hpp"

namespace okra::test {

class memory_subject {
public:
    storage::log& log() { return log_; }
    void break_disk() { log_.fail_writes({.code = storage::errc::unavailable, .write_stays = true}); }
    void fill_disk() { log_.fail_writes({.code = storage::errc::out_of_space}); }
    void repair_disk() { log_.repair(); }
    void damage(std::string_view document, revision at) { log_.damage(document, at); }

private:
    storage::memory_log log_{"memory"};
};

}  // namespace okra::test
