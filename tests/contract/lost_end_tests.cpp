// The end of the write-ahead log may be missing although it was acknowledged, and what is left looks whole: what the
// watermark beside it tells then.
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/contract/killed_folder.hpp"
#include "tests/contract/log_subject.hpp"
#include "tests/contract/log_support.hpp"

using namespace okra;
using namespace okra::test;
using Catch::Matchers::ContainsSubstring;
using storage::errc;
using storage::rocksdb_log;
namespace fs = std::filesystem;

TEST_CASE("the end of the log that was acknowledged and is gone is told, once, and begins a new history", "[rocksdb]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    write_and_crash(data, {"one", "two", "three"});
    const std::string epoch = (*rocksdb_log::open_read_only(data))->epoch();
    const fs::path wal = newest_wal(data);
    SECTION("the last record has a flipped bit")
    {
        overwrite(wal, fs::file_size(wal) - 3, "\x5a");
    }
    SECTION("the file ends between two records")
    {
        const temporary_folder shorter;
        write_and_crash(shorter.path() / "data", {"one", "two"});
        fs::resize_file(wal, fs::file_size(newest_wal(shorter.path() / "data")));
        CHECK((*rocksdb_log::open_read_only(data))->findings().commits_lost == 1);
    }
    std::string renewed;
    {
        const auto log = open(data);
        CHECK(log->findings().commits_lost == 1);
        CHECK(log->epoch() != epoch);
        CHECK(read_all(*log, "d") == records{"one", "two"});
        renewed = log->epoch();
        REQUIRE(append(*log, {changes("d", 2, {"another three"})}));
    }
    const auto again = open(data);
    CHECK(again->findings().commits_lost == 0);
    CHECK(again->epoch() == renewed);
    CHECK(read_all(*again, "d") == records{"one", "two", "another three"});
}

TEST_CASE("the newest log that is gone is told, and how much was in it", "[rocksdb]")
{
    const temporary_folder folder;
    const fs::path running = folder.path() / "running";
    const fs::path data = folder.path() / "data";
    std::string epoch;
    {
        const auto log = open(running);
        REQUIRE(append(*log, {changes("d", 0, {"one"})}));
        epoch = log->epoch();
    }
    {
        const auto log = open(running);
        REQUIRE(append(*log, {changes("d", 1, {"two"})}));
        REQUIRE(append(*log, {changes("d", 2, {"three"})}));
        fs::copy(running, data, fs::copy_options::recursive);
    }
    fs::remove(newest_wal(data));
    const auto log = open(data);
    CHECK(log->findings().commits_lost == 2);
    CHECK(log->epoch() != epoch);
    CHECK(read_all(*log, "d") == records{"one"});
}

TEST_CASE("a killed new database whose log is gone does not begin anew", "[rocksdb]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    write_and_crash(data, {"one", "two", "three"});
    fs::remove(newest_wal(data));
    for (int start = 0; start < 2; ++start) {
        const auto opened = rocksdb_log::open({.folder = data});
        CHECK(code_of(opened) == errc::damaged);
        CHECK_THAT(opened.error().message, ContainsSubstring("4 commits") && ContainsSubstring("okra-admin restore"));
    }
}

TEST_CASE("without a watermark nothing is said to be lost, and it is told that nothing can be", "[rocksdb]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    write_and_crash(data, {"one"});
    fs::remove(data / storage::watermark_name);
    {
        const auto log = open(data);
        CHECK(log->findings().watermark_missing);
        CHECK(log->findings().commits_lost == 0);
        CHECK(read_all(*log, "d") == records{"one"});
    }
    CHECK_FALSE(open(data)->findings().watermark_missing);
    CHECK_FALSE(open(folder.path() / "new")->findings().watermark_missing);
}

TEST_CASE("a commit in doubt is not counted before it is known", "[rocksdb]")
{
    rocksdb_subject subject;
    const temporary_folder after;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    subject.break_disk();
    REQUIRE_FALSE(append(subject.log(), {changes("d", 1, {"written, not synced"})}));
    subject.disk().copy_synced(subject.folder(), after.path() / "data");
    const auto log = open(after.path() / "data");
    CHECK(log->findings().commits_lost == 0);
    CHECK(read_all(*log, "d") == records{"one"});
}

TEST_CASE("what is lost while the log runs is not passed over by a recovery", "[rocksdb]")
{
    rocksdb_subject subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    REQUIRE(append(subject.log(), {changes("d", 1, {"two"})}));
    subject.fill_disk();
    REQUIRE_FALSE(append(subject.log(), {changes("d", 2, {"three"})}));
    subject.repair_disk();
    const fs::path wal = newest_wal(subject.folder());
    fs::resize_file(wal, fs::file_size(wal) - 60);  // of the second record
    for (int attempt = 0; attempt < 2; ++attempt) CHECK(code_of(subject.log().recover()) == errc::damaged);
    CHECK(read_all(subject.log(), "d") == records{"one"});
    CHECK_FALSE(append(subject.log(), {changes("d", 1, {"another two"})}));
}
