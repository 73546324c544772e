// What the contract suite runs against: each implementation of `log` with the same handles to break and mend it.
#pragma once

#include <memory>

#include "storage/log.hpp"
#include "storage/memory_log.hpp"
#include "storage/rocksdb_log.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/stored_bytes.hpp"
#include "tests/support/temporary_folder.hpp"

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

class rocksdb_subject {
public:
    rocksdb_subject() { open(); }

    storage::log& log() { return *log_; }
    // Syncs fail; the bytes are written nevertheless.
    void break_disk() { disk_.set(faulty_disk::fault::sync_fails); }
    void fill_disk() { disk_.set(faulty_disk::fault::full); }
    void repair_disk() { disk_.set(faulty_disk::fault::none); }
    void damage(std::string_view document, revision at)
    {
        change_closed([&] {
            const auto key = storage::log_key(number_of(folder(), document), at);
            change_stored(folder(), "log", storage::view_of(key), flip_bit);
        });
    }

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    [[nodiscard]] const faulty_disk& disk() const { return disk_; }
    void reopen()
    {
        change_closed([] {});
    }
    // Changes the folder while nobody has it open.
    template <typename Change>
    void change_closed(const Change& change)
    {
        log_.reset();
        change();
        open();
    }

private:
    void open()
    {
        auto opened = storage::rocksdb_log::open({.folder = folder_.path(), .env = disk_.env()});
        if (!opened) throw std::runtime_error{opened.error().message};
        log_ = *std::move(opened);
    }

    temporary_folder folder_;
    faulty_disk disk_;
    std::unique_ptr<storage::rocksdb_log> log_;
};

}  // namespace okra::test
