// Backup beside a live writer, and back.
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/rocksdb_backup.hpp"
#include "tests/contract/killed_folder.hpp"
#include "tests/contract/live_writer.hpp"
#include "tests/contract/log_subject.hpp"
#include "tests/contract/log_support.hpp"

using namespace okra;
using namespace okra::test;
using storage::errc;
using storage::rocksdb_log;
namespace fs = std::filesystem;

namespace {

storage::backup_summary back_up(const fs::path& data, const fs::path& to, std::uint32_t keep = 0)
{
    const auto done = storage::back_up({.data = data, .to = to, .keep = keep});
    if (!done) FAIL(done.error().message);
    return *done;
}

// Whether the document has the records 1 … head, as storage_writer writes them.
bool are_numbered(const storage::log& log, std::string_view document, std::uint64_t head)
{
    std::uint64_t good = 0;
    const auto read = log.read(document, {0}, [&](revision at, std::string_view record) {
        if (std::stoull(std::string{record.substr(0, 20)}) == at.value) ++good;
        return true;
    });
    return read && good == head;
}

}  // namespace

TEST_CASE("a backup of a running log is restored as a new history", "[backup]")
{
    const temporary_folder folder;
    const auto log = open(folder.path() / "data");
    REQUIRE(append(*log, {changes("d", 0, {"one", "two"})}));
    auto share = changes("e", 0, {});
    share.clients = {refused("anna", 1, {refusal_code::cycle, "no", std::nullopt})};
    REQUIRE(append(*log, {share}));
    const auto made = back_up(folder.path() / "data", folder.path() / "backups");
    CHECK(made.number == 1);
    CHECK(made.bytes > 0);
    CHECK(made.epoch == log->epoch());
    CHECK_FALSE(fs::exists(folder.path() / "data" / "OKRA_BACKUP"));
    REQUIRE(append(*log, {changes("d", 2, {"after the backup"})}));

    const auto restored = storage::restore({.from = folder.path() / "backups", .data = folder.path() / "new" / "data"});
    REQUIRE(restored);
    const auto again = open(folder.path() / "new" / "data");
    CHECK(again->epoch() == restored->epoch);
    CHECK(again->epoch() != log->epoch());
    CHECK(read_all(*again, "d") == records{"one", "two"});
    CHECK(**again->last_outcome("e", "anna") == share.clients[0].outcome);
    REQUIRE(append(*again, {changes("d", 2, {"another future"}), changes("f", 0, {"x"})}));
    CHECK(read_all(*log, "d").back() == "after the backup");
}

TEST_CASE("backups taken while another process writes hold everything acknowledged before", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    live_writer writer{data, 100'000};
    for (int round = 1; round <= 4; ++round) {
        // 40 MB: a memtable or two are flushed and a write-ahead log is dropped meanwhile.
        writer.order(200);
        std::uint64_t before = 0;
        for (int i = 0; i < 100; ++i) before = writer.acknowledged();
        back_up(data, folder.path() / "backups");
        const fs::path target = folder.path() / ("restored" + std::to_string(round));
        const auto restored = storage::restore({.from = folder.path() / "backups", .data = target});
        if (!restored) FAIL(restored.error().message);
        const auto log = open(target);
        const std::uint64_t head = head_of(*log, "a");
        CHECK(head >= before);
        CHECK(head_of(*log, "b") == head);
        CHECK(are_numbered(*log, "a", head));
        CHECK(are_numbered(*log, "b", head));
        while (before < 200U * static_cast<unsigned>(round)) before = writer.acknowledged();
    }
    CHECK(writer.finish() == 0);
}

TEST_CASE("reading beside a process that writes shows a consistent moment", "[backup]")
{
    const temporary_folder folder;
    live_writer writer{folder.path(), 100'000};
    writer.order(300);
    for (int round = 0; round < 6; ++round) {
        std::uint64_t before = 0;
        for (int i = 0; i < 50; ++i) before = writer.acknowledged();
        const auto view = rocksdb_log::open_read_only(folder.path());
        if (!view) FAIL(view.error().message);
        const std::uint64_t head = head_of(**view, "a");
        CHECK(head >= before);
        CHECK(head_of(**view, "b") == head);
        CHECK(are_numbered(**view, "b", head));
    }
    CHECK(writer.finish() == 0);
}

TEST_CASE("several backups share a folder; the newest is restored and old ones can be dropped", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    for (std::uint64_t head = 0; head < 3; ++head) {
        const auto log = open(data);
        REQUIRE(append(*log, {changes("d", head, {std::to_string(head + 1)})}));
        CHECK(back_up(data, folder.path() / "backups", 2).number == head + 1);
    }
    CHECK(std::distance(fs::directory_iterator{folder.path() / "backups" / "meta"}, {}) == 2);
    // A stopped server's folder is backed up just the same.
    CHECK(back_up(data, folder.path() / "backups").number == 4);
    REQUIRE(storage::restore({.from = folder.path() / "backups", .data = folder.path() / "again"}));
    CHECK(read_all(*open(folder.path() / "again"), "d") == records{"1", "2", "3"});
}

TEST_CASE("a damaged backup is not restored", "[backup]")
{
    const temporary_folder folder;
    {
        const auto log = open(folder.path() / "data");
        REQUIRE(append(*log, {changes("d", 0, {std::string(5000, 'x')})}));
        back_up(folder.path() / "data", folder.path() / "backups");
    }
    for (const auto& entry : fs::recursive_directory_iterator{folder.path() / "backups" / "private"}) {
        if (entry.path().extension() != ".log" || entry.file_size() == 0) continue;
        std::fstream file{entry.path(), std::ios::binary | std::ios::in | std::ios::out};
        file.seekp(1000);
        file << "#";
    }
    CHECK(code_of(storage::restore({.from = folder.path() / "backups", .data = folder.path() / "new"})) ==
          errc::damaged);
    CHECK_FALSE(fs::exists(folder.path() / "new"));
}

TEST_CASE("a backup of damage says so, is passed over, and no older one gives way to it", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    const fs::path backups = folder.path() / "backups";
    for (std::uint64_t head = 0; head < 2; ++head) {
        const auto log = open(data);
        REQUIRE(append(*log, {changes("d", head, {std::to_string(head + 1)}), changes("e", head, {"x"})}));
        CHECK(back_up(data, backups).problems.empty());
    }
    const auto key = storage::log_key(number_of(data, "d"), {1});
    SECTION("a record")
    {
        change_stored(data, "log", storage::view_of(key), flip_bit);
    }
    SECTION("a client's outcome that nobody asked for")
    {
        {
            const auto log = open(data);
            auto share = changes("e", 2, {});
            share.clients = {refused("anna", 1, {refusal_code::cycle, std::string(2000, 'n'), std::nullopt})};
            REQUIRE(append(*log, {share}));
        }
        fs::path table;
        for (const auto& entry : fs::directory_iterator{data}) {
            std::ifstream file{entry.path(), std::ios::binary};
            const std::string bytes{std::istreambuf_iterator{file}, {}};
            if (entry.path().extension() == ".sst" && bytes.find("cycle") != std::string::npos) table = entry.path();
        }
        REQUIRE_FALSE(table.empty());
        std::fstream file{table, std::ios::binary | std::ios::in | std::ios::out};
        file.seekp(20);
        file << "#";
    }
    for (std::uint32_t number = 3; number < 5; ++number) {
        const auto made = back_up(data, backups, 1);
        CHECK(made.number == number);
        CHECK_FALSE(made.problems.empty());
    }
    CHECK(std::distance(fs::directory_iterator{backups / "meta"}, {}) == 4);

    const auto restored = storage::restore({.from = backups, .data = folder.path() / "sound"});
    REQUIRE(restored);
    CHECK(restored->number == 2);
    CHECK(restored->passed_over == std::vector<std::uint32_t>{4, 3});
    CHECK(restored->problems.empty());
    CHECK(read_all(*open(folder.path() / "sound"), "d") == records{"1", "2"});
    // Who wants the newest nevertheless gets it, and hears what is wrong.
    const auto asked = storage::restore({.from = backups, .data = folder.path() / "newest", .number = 4});
    REQUIRE(asked);
    CHECK_FALSE(asked->problems.empty());
    CHECK(head_of(*open(folder.path() / "newest"), "e") == 2);
    CHECK(code_of(storage::restore({.from = backups, .data = folder.path() / "none", .number = 9})) ==
          errc::unavailable);
}

TEST_CASE("old backups are deleted when there are as many newer sound ones", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    const fs::path backups = folder.path() / "backups";
    const std::vector<std::string> bad{"something is wrong"};
    const auto back_up_as = [&](bool sound) {
        const auto log = open(data);
        REQUIRE(append(*log, {changes("d", head_of(*log, "d"), {"x"})}));
        const auto done = storage::back_up({.data = data, .to = backups, .keep = 2, .examine = [&](const auto&) {
                                                return sound ? std::vector<std::string>{} : bad;
                                            }});
        REQUIRE(done);
        CHECK(done->problems == (sound ? std::vector<std::string>{} : bad));
    };
    const auto numbers = [&] {
        std::set<std::string> found;
        for (const auto& entry : fs::directory_iterator{backups / "meta"}) found.insert(entry.path().filename());
        return found;
    };
    for (const bool sound : {true, false, false, true}) back_up_as(sound);
    CHECK(numbers() == std::set<std::string>{"1", "2", "3", "4"});
    back_up_as(true);
    CHECK(numbers() == std::set<std::string>{"4", "5"});
}

TEST_CASE("a backup of nothing takes no backup's place", "[backup]")
{
    const temporary_folder folder;
    const fs::path backups = folder.path() / "backups";
    open(folder.path() / "new");
    const auto first = back_up(folder.path() / "new", backups, 1);
    CHECK(first.documents == 0);
    CHECK(first.none_deleted_because.empty());
    {
        const auto log = open(folder.path() / "data");
        REQUIRE(append(*log, {changes("d", 0, {"one"})}));
    }
    CHECK(back_up(folder.path() / "data", backups, 1).documents == 1);
    const auto empty = back_up(folder.path() / "new", backups, 1);
    CHECK(empty.none_deleted_because == "the database holds no document, and older backups do");
    CHECK(std::distance(fs::directory_iterator{backups / "meta"}, {}) == 2);
}

TEST_CASE("a backup of a log whose end is lost says how much", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    {
        const auto log = open(folder.path() / "running");
        REQUIRE(append(*log, {changes("d", 0, {"one"})}));
        REQUIRE(append(*log, {changes("d", 1, {"two"})}));
        fs::copy(folder.path() / "running", data, fs::copy_options::recursive);
    }
    for (const auto& entry : fs::directory_iterator{data}) {
        if (entry.path().extension() == ".log" && entry.file_size() > 0)
            fs::resize_file(entry.path(), entry.file_size() - 10);
    }
    CHECK(back_up(data, folder.path() / "backups").problems ==
          std::vector<std::string>{"1 acknowledged commits are missing at the end of the log"});
}

TEST_CASE("a restored log is looked at before it gets its name", "[backup]")
{
    const temporary_folder folder;
    {
        const auto log = open(folder.path() / "data");
        REQUIRE(append(*log, {changes("d", 0, {"one"})}));
        back_up(folder.path() / "data", folder.path() / "backups");
    }
    const auto examine = [](const storage::log&) { return std::vector<std::string>{"something is wrong"}; };
    const fs::path target = folder.path() / "new";
    const auto refused = storage::restore({.from = folder.path() / "backups", .data = target, .examine = examine});
    CHECK(code_of(refused) == errc::damaged);
    CHECK(refused.error().message.find("something is wrong") != std::string::npos);
    CHECK_FALSE(fs::exists(target));
    CHECK_FALSE(fs::exists(folder.path() / "new.restoring"));
    const auto asked =
        storage::restore({.from = folder.path() / "backups", .data = target, .number = 1, .examine = examine});
    REQUIRE(asked);
    CHECK(asked->problems == std::vector<std::string>{"something is wrong"});
    CHECK(read_all(*open(target), "d") == records{"one"});
}

TEST_CASE("a restore takes no folder for its own that it did not make", "[backup]")
{
    const temporary_folder folder;
    open(folder.path() / "data");
    back_up(folder.path() / "data", folder.path() / "backups");
    const fs::path theirs = folder.path() / "new.restoring";
    const storage::restore_options wanted{.from = folder.path() / "backups", .data = folder.path() / "new"};
    SECTION("a folder")
    {
        fs::create_directories(theirs / "last quarter");
        const auto done = storage::restore(wanted);
        CHECK(code_of(done) == errc::conflict);
        CHECK(done.error().message.find("new.restoring exists already") != std::string::npos);
        CHECK(fs::exists(theirs / "last quarter"));
        fs::remove_all(theirs);
    }
    SECTION("a link to one")
    {
        fs::create_directories(folder.path() / "elsewhere" / "last quarter");
        fs::create_directory_symlink(folder.path() / "elsewhere", theirs);
        CHECK(code_of(storage::restore(wanted)) == errc::conflict);
        CHECK(fs::exists(folder.path() / "elsewhere" / "last quarter"));
        fs::remove(theirs);
    }
    REQUIRE(storage::restore(wanted));
    CHECK_FALSE(fs::exists(theirs));
}

TEST_CASE("a restore that fails leaves nothing behind", "[backup]")
{
    const temporary_folder folder;
    open(folder.path() / "data");
    back_up(folder.path() / "data", folder.path() / "backups");
    const storage::restore_options wanted{
        .from = folder.path() / "backups", .data = folder.path() / "new", .number = 7};
    CHECK(code_of(storage::restore(wanted)) == errc::unavailable);
    CHECK_FALSE(fs::exists(folder.path() / "new.restoring"));
}

TEST_CASE("a backup follows no link out of the data folder", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    open(data);
    const fs::path theirs = folder.path() / "elsewhere";
    fs::create_directories(theirs / "links" / "last quarter");
    fs::create_directory_symlink(theirs, data / "OKRA_BACKUP");
    const auto refused = storage::back_up({.data = data, .to = folder.path() / "backups"});
    CHECK(code_of(refused) == errc::conflict);
    CHECK(fs::exists(theirs / "links" / "last quarter"));
    CHECK_FALSE(fs::exists(theirs / "OKRA_LOCK"));

    fs::remove(data / "OKRA_BACKUP");
    fs::create_directories(data / "OKRA_BACKUP");
    fs::create_directory_symlink(theirs / "links", data / "OKRA_BACKUP" / "links");
    back_up(data, folder.path() / "backups");
    CHECK(fs::exists(theirs / "links" / "last quarter"));
}

TEST_CASE("a backup looks at the write-ahead log before RocksDB does", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    write_and_crash(data, {"one", "two"});
    overwrite(newest_wal(data), 20, "~");
    const auto refused = storage::back_up({.data = data, .to = folder.path() / "backups"});
    CHECK(code_of(refused) == errc::damaged);
    CHECK(refused.error().message.find("is damaged behind byte 0: acknowledged changes cannot be read") !=
          std::string::npos);
}

TEST_CASE("restore does not overwrite, and needs a backup", "[backup]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    open(data);
    back_up(data, folder.path() / "backups");
    CHECK(code_of(storage::restore({.from = folder.path() / "backups", .data = data})) == errc::conflict);
    CHECK(code_of(storage::restore({.from = folder.path() / "none", .data = folder.path() / "new"})) ==
          errc::unavailable);
    CHECK_FALSE(fs::exists(folder.path() / "new"));
    CHECK(code_of(storage::back_up({.data = folder.path() / "none", .to = folder.path() / "b"})) == errc::unavailable);
    // An empty folder, as a mounted volume would be, is filled.
    fs::create_directories(folder.path() / "empty");
    REQUIRE(storage::restore({.from = folder.path() / "backups", .data = folder.path() / "empty/"}));
    CHECK(open(folder.path() / "empty")->epoch().size() == 32);
}
