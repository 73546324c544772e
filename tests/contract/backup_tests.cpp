// Backup beside a live writer, and back.
#include <fcntl.h>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/rocksdb_backup.hpp"
#include "tests/contract/live_writer.hpp"
#include "tests/contract/log_subject.hpp"
#include "tests/contract/log_support.hpp"

using namespace okra;
using namespace okra::test;
using storage::errc;
using storage::rocksdb_log;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<rocksdb_log> open(const fs::path& folder)
{
    auto opened = rocksdb_log::open({.folder = folder});
    if (!opened) FAIL(opened.error().message);
    return *std::move(opened);
}

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
