// A disk for RocksDB that fails when told to, and that knows what a power cut would leave. Files are real; faults are
// played in between. Thread-safe; must outlive the database that uses it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include <rocksdb/env.h>

namespace okra::test {

class faulty_disk {
public:
    enum class fault : std::uint8_t {
        none,
        sync_fails,  // the bytes are written, the sync reports an error
        full,        // the first write stops half-way, all others at once
        torn,        // as `full`, but told as an I/O error
        gone,        // the process is dead: nothing that it still does reaches the disk
    };

    faulty_disk();
    ~faulty_disk();

    void set(fault what);

    // The power is cut while nobody has a file open: each ends somewhere between its last sync and its end, where
    // `below` says, which is given the number of places. Returns the number of bytes lost.
    std::uint64_t cut_power(const std::function<std::uint64_t(std::uint64_t)>& below);

    // Copies what is certain to be on the disk: every file up to its last sync.
    void copy_synced(const std::filesystem::path& folder, const std::filesystem::path& to) const;

    [[nodiscard]] rocksdb::Env* env() const { return env_.get(); }

    struct state;

private:
    std::shared_ptr<state> state_;
    std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace okra::test
