// A log in RocksDB, in a folder of its own and on a disk that fails when told to.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "storage/keys.hpp"
#include "storage/rocksdb_log.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/stored_bytes.hpp"
#include "tests/support/temporary_folder.hpp"

namespace okra::test {

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
    [[nodiscard]] faulty_disk& disk() { return disk_; }
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
