// The data folder of a server that is watched by the preloaded library: gives the order to die at a point, and plays a
// power cut on what a killed server has left. Owned by the crash test, one thread; used while no server runs, but for
// `arm` and what only reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "protocol/base/prng.hpp"
#include "tests/crash/disk_record.hpp"

namespace okra::crash {

struct death_order {
    point at = point::none;
    std::uint32_t occurrence = 1;    // the first, the second, …
    std::uint32_t torn_share = 128;  // of 256: how much of a torn write or send is done
};

// What a power cut took away.
struct power_cut {
    std::uint64_t bytes_lost = 0;
    std::uint64_t bytes_damaged = 0;
    std::uint64_t names_undone = 0;  // files that came, went or were renamed without a sync of the folder
};

class watched_disk {
public:
    // Makes `data` and what belongs to it in `parent`, which is empty.
    explicit watched_disk(const std::filesystem::path& parent);
    ~watched_disk();
    watched_disk(const watched_disk&) = delete;
    watched_disk& operator=(const watched_disk&) = delete;

    [[nodiscard]] const std::filesystem::path& data() const { return data_; }
    // For the server's environment, NAME=value.
    [[nodiscard]] std::vector<std::string> environment() const;

    void arm(const death_order& order);
    void disarm();
    // A log that is not synced when it says so: for finding out whether that is found out.
    void let_wal_syncs_lie() { record_->wal_syncs_lie = true; }

    // How often `it` was passed since the beginning.
    [[nodiscard]] std::uint64_t passed(point it) const;
    // Where the last server died on an order; none: it did not.
    [[nodiscard]] point died_at() const { return record_->died_at; }
    // Nothing was written in a way that the record does not know of.
    [[nodiscard]] bool is_exact() const { return !record_->is_inexact; }

    // Takes away what was not synced: each file ends somewhere between what was synced and what was written, perhaps
    // with damage in that stretch, and the folder has either its synced names or its last ones. What is left is on the
    // disk.
    power_cut cut_power(prng& random);

private:
    using name_table = std::map<std::string, ino_t>;
    [[nodiscard]] name_table names_now() const;
    [[nodiscard]] name_table names_synced() const;
    [[nodiscard]] std::uint64_t synced_bytes(ino_t inode) const;
    [[nodiscard]] std::filesystem::path shadow_of(ino_t inode) const;
    void restore_names(power_cut& into);
    void tear(const std::filesystem::path& file, std::uint64_t synced, prng& random, power_cut& into);
    void tear_watermark(prng& random, power_cut& into);
    void take_as_synced();

    std::filesystem::path data_;
    std::filesystem::path shadow_;
    std::filesystem::path record_file_;
    disk_record* record_ = nullptr;
};

}  // namespace okra::crash
