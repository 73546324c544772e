// What only a log on disk can do: survive, refuse foreign or damaged files, and lose nothing to a power cut.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <sys/resource.h>

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "storage/record.hpp"
#include "tests/contract/killed_folder.hpp"
#include "tests/contract/live_writer.hpp"
#include "tests/contract/log_subject.hpp"
#include "tests/contract/log_support.hpp"

using namespace okra;
using namespace okra::test;
using Catch::Matchers::ContainsSubstring;
using storage::errc;
using storage::rocksdb_log;
namespace fs = std::filesystem;

namespace {

storage::document_append with_client(storage::document_append share, storage::client_update update)
{
    share.clients.push_back(std::move(update));
    return share;
}

// As on a full disk, for every file of this process, RocksDB's own writers included.
class no_file_grows {
public:
    no_file_grows()
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &none) == 0);
    }
    ~no_file_grows() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    no_file_grows(const no_file_grows&) = delete;
    no_file_grows& operator=(const no_file_grows&) = delete;

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("everything is there after closing and opening", "[rocksdb]")
{
    rocksdb_subject subject;
    const std::string epoch = subject.log().epoch();
    CHECK(epoch.size() == 32);
    REQUIRE(append(subject.log(),
                   {with_client(changes("d", 0, {"one", "two"}), committed("anna", 1, 2)), changes("e", 0, {"x"})}));
    REQUIRE(subject.log().put_snapshot("d", {.at = {2}, .entities = "[2]"}));
    subject.reopen();
    CHECK(subject.log().epoch() == epoch);
    CHECK(read_all(subject.log(), "d") == records{"one", "two"});
    CHECK(subject.log().load("d")->snapshot == storage::stored_snapshot{.at = {2}, .entities = "[2]"});
    CHECK((*subject.log().last_outcome("d", "anna"))->seq == sequence{1});

    // A new document does not get the rows of an old one.
    REQUIRE(append(subject.log(), {changes("f", 0, {"f1"}), changes("d", 2, {"three"})}));
    subject.reopen();
    CHECK(read_all(subject.log(), "e") == records{"x"});
    CHECK(read_all(subject.log(), "f") == records{"f1"});
    CHECK(read_all(subject.log(), "d") == records{"one", "two", "three"});
}

TEST_CASE("[CM2] an acknowledged append survives a power cut right after it", "[rocksdb]")
{
    rocksdb_subject subject;
    const temporary_folder after;
    REQUIRE(append(subject.log(), {with_client(changes("d", 0, {"one"}), committed("anna", 1, 1))}));
    REQUIRE(append(subject.log(), {changes("new", 0, {std::string(70'000, 'n')})}));
    REQUIRE(subject.log().put_snapshot("d", {.at = {1}, .entities = "[1]"}));

    subject.disk().copy_synced(subject.folder(), after.path() / "data");
    const auto log = open(after.path() / "data");
    CHECK(read_all(*log, "d") == records{"one"});
    CHECK(read_all(*log, "new").size() == 1);
    CHECK((*log->last_outcome("d", "anna"))->seq == sequence{1});
    CHECK(log->epoch() == subject.log().epoch());
}

TEST_CASE("crash after crash, snapshots are kept: what has to be replayed does not grow", "[rocksdb]")
{
    rocksdb_subject subject;
    const std::string big(70'000, 'b');
    REQUIRE(append(subject.log(), {changes("d", 0, {big})}));
    REQUIRE(subject.log().put_snapshot("d", {.at = {1}, .entities = "[1]"}));
    std::uint64_t head = 1;
    // A snapshot that is lost in the next crash is one too few; the appends bring it into a table file, some time.
    const auto survives = [&] {
        REQUIRE(append(subject.log(), {changes("d", head++, {big})}));
        const temporary_folder after;
        subject.disk().copy_synced(subject.folder(), after.path() / "data");
        return open(after.path() / "data")->load("d")->snapshot.has_value();
    };
    while (head < 200 && !survives()) {
    }
    CHECK(head < 200);
}

TEST_CASE("what a start shows is synced, even when the syncs before it had failed", "[rocksdb]")
{
    rocksdb_subject subject;
    const temporary_folder after;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    subject.break_disk();
    REQUIRE_FALSE(append(subject.log(), {changes("d", 1, {"written, not synced"})}));
    subject.repair_disk();
    REQUIRE(subject.log().recover());
    const auto shown = read_all(subject.log(), "d");
    subject.disk().copy_synced(subject.folder(), after.path() / "data");
    CHECK(read_all(*open(after.path() / "data"), "d") == shown);
}

TEST_CASE("a process that is killed loses nothing acknowledged", "[rocksdb]")
{
    const temporary_folder folder;
    live_writer writer{folder.path(), 10};
    writer.order(1'000'000);
    std::uint64_t seen = 0;
    while (seen < 300) seen = writer.acknowledged();
    writer.kill();
    while (const std::uint64_t head = writer.acknowledged()) seen = head;
    CHECK(writer.finish() == -1);

    const auto log = open(folder.path());
    const auto all = read_all(*log, "b");
    CHECK(all.size() >= seen);
    CHECK(all.size() <= seen + 1);
    CHECK(head_of(*log, "a") == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(std::stoull(all[i]) == i + 1);
}

TEST_CASE("a write that a crash tore is dropped as a whole", "[rocksdb]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    write_and_crash(data, {"one", "two", std::string(200'000, '3')}, last_append::in_doubt);
    const std::string epoch = (*rocksdb_log::open_read_only(data))->epoch();
    const fs::path wal = newest_wal(data);
    SECTION("the end is missing")
    {
        fs::resize_file(wal, fs::file_size(wal) - 1000);
    }
    SECTION("a page in the middle never reached the disk")
    {
        overwrite(wal, 60'000, std::string(4096, '\0'));
    }
    SECTION("only zeros were allocated")
    {
        fs::resize_file(wal, fs::file_size(wal) - 190'000);
        fs::resize_file(wal, fs::file_size(wal) + 190'000);
    }
    const auto log = open(data);
    CHECK(log->findings().commits_lost == 0);
    CHECK(log->epoch() == epoch);
    CHECK(read_all(*log, "d") == records{"one", "two"});
    REQUIRE(append(*log, {changes("d", 2, {"three again"})}));
    CHECK(read_all(*log, "d").back() == "three again");
}

TEST_CASE("damage in front of acknowledged changes is never passed over", "[rocksdb]")
{
    const temporary_folder folder;
    const fs::path data = folder.path() / "data";
    write_and_crash(data, {std::string(3000, '1'), "two", std::string(40'000, '3'), "four"});
    const fs::path wal = newest_wal(data);
    // In the first block, whose length fields RocksDB believes, and anywhere else but in the last record.
    const auto at = GENERATE(std::uint64_t{300}, 304, 700, 2500, 20'000, 40'000);
    SECTION("a byte")
    {
        overwrite(wal, at, "\x5a");
    }
    SECTION("a sector of zeros")
    {
        overwrite(wal, at, std::string(512, '\0'));
    }
    const auto opened = rocksdb_log::open({.folder = data});
    CHECK(code_of(opened) == errc::damaged);
    CHECK(opened.error().message.find(wal.filename().string()) != std::string::npos);
    CHECK(code_of(rocksdb_log::open_read_only(data)) == errc::damaged);
}

TEST_CASE("a second owner is refused, in this process and in another", "[rocksdb]")
{
    rocksdb_subject subject;
    CHECK(code_of(rocksdb_log::open({.folder = subject.folder()})) == errc::locked);
    CHECK(live_writer{subject.folder(), 10}.finish() == 3);
    REQUIRE(append(subject.log(), {changes("d", 0, {"still the owner's"})}));
}

TEST_CASE("another format version is refused, naming both", "[rocksdb]")
{
    const temporary_folder folder;
    open(folder.path());
    SECTION("with the same families") {}
    SECTION("with a family that this version does not know")
    {
        add_family(folder.path(), "from_the_future");
    }
    change_stored(folder.path(), "default", "format", [](std::string& value) { value = "2"; });
    const auto opened = rocksdb_log::open({.folder = folder.path()});
    CHECK(code_of(opened) == errc::format_mismatch);
    CHECK(opened.error().message == "the database has format 2, this program reads format 1");
    CHECK(code_of(rocksdb_log::open_read_only(folder.path())) == errc::format_mismatch);
}

TEST_CASE("a database of somebody else is refused", "[rocksdb]")
{
    const temporary_folder folder;
    open(folder.path());
    change_stored(folder.path(), "default", "format", [](std::string& value) { value.clear(); });
    CHECK(code_of(rocksdb_log::open({.folder = folder.path()})) == errc::format_mismatch);
    for (const char* key : {"epoch", "commits"}) {
        change_stored(folder.path(), "default", key, [](std::string& value) { value.clear(); });
    }
    // Nothing in it at all: a creation that was interrupted is finished.
    CHECK(open(folder.path())->epoch().size() == 32);
}

TEST_CASE("a column family that is missing is named; a cache is made again", "[rocksdb]")
{
    const temporary_folder folder;
    {
        const auto log = open(folder.path());
        REQUIRE(append(*log, {changes("d", 0, {"one"})}));
        REQUIRE(log->put_snapshot("d", {.at = {1}, .entities = "[1]"}));
    }
    SECTION("what cannot be made again")
    {
        const std::string lost = GENERATE(as<std::string>{}, "document", "log", "client");
        drop_family(folder.path(), lost);
        drop_family(folder.path(), "snapshot");
        for (int start = 0; start < 2; ++start) {
            const auto opened = rocksdb_log::open({.folder = folder.path()});
            CHECK(code_of(opened) == errc::damaged);
            CHECK_THAT(opened.error().message, ContainsSubstring("column family '" + lost + "' is missing") &&
                                                   ContainsSubstring("okra-admin restore"));
        }
    }
    SECTION("the cache")
    {
        drop_family(folder.path(), "snapshot");
        std::vector<std::string> notes;
        auto log = rocksdb_log::open(
            {.folder = folder.path(), .take_note = [&](const char* line) { notes.emplace_back(line); }});
        REQUIRE(log);
        CHECK(std::ranges::any_of(notes, [](const auto& it) { return it.find("were made") != std::string::npos; }));
        CHECK(read_all(**log, "d") == records{"one"});
        REQUIRE((*log)->put_snapshot("d", {.at = {1}, .entities = "[1]"}));
    }
    SECTION("one of another program")
    {
        add_family(folder.path(), "from_elsewhere");
        const auto opened = rocksdb_log::open({.folder = folder.path()});
        CHECK(code_of(opened) == errc::format_mismatch);
        CHECK_THAT(opened.error().message, ContainsSubstring("'from_elsewhere'"));
    }
}

TEST_CASE("[OD10] damaged rows of a document concern that document only", "[rocksdb]")
{
    rocksdb_subject subject;
    REQUIRE(append(subject.log(), {with_client(changes("bad", 0, {"one", "two"}), committed("anna", 1, 1)),
                                   changes("good", 0, {"x"})}));
    REQUIRE(subject.log().put_snapshot("bad", {.at = {2}, .entities = "[2]"}));

    SECTION("its head")
    {
        subject.change_closed([&] { change_stored(subject.folder(), "document", "bad", flip_bit); });
        CHECK(code_of(subject.log().load("bad")) == errc::damaged);
        CHECK(code_of(subject.log().last_outcome("bad", "anna")) == errc::damaged);
        const auto done = append(subject.log(), {changes("good", 1, {"y"}), changes("bad", 2, {"three"})});
        CHECK(code_of(done) == errc::damaged);
        CHECK(done.error().document == "bad");
    }
    SECTION("a client's outcome")
    {
        const auto key = storage::client_key(storage::document_number{1}, "anna");
        subject.change_closed([&] { change_stored(subject.folder(), "client", key, flip_bit); });
        CHECK(code_of(subject.log().last_outcome("bad", "anna")) == errc::damaged);
        CHECK(head_of(subject.log(), "bad") == 2);
    }
    SECTION("its snapshot, which is only a cache")
    {
        const auto key = storage::snapshot_key(storage::document_number{1});
        subject.change_closed([&] { change_stored(subject.folder(), "snapshot", storage::view_of(key), flip_bit); });
        const auto state = subject.log().load("bad");
        REQUIRE(state);
        CHECK(state->snapshot_damaged);
        CHECK_FALSE(state->snapshot);
        REQUIRE(subject.log().put_snapshot("bad", {.at = {2}, .entities = "[2]"}));
        CHECK(subject.log().load("bad")->snapshot);
    }
    SECTION("a record in the middle that is gone")
    {
        const auto key = storage::log_key(storage::document_number{1}, {1});
        subject.change_closed([&] {
            change_stored(subject.folder(), "log", storage::view_of(key), [](std::string& value) { value.clear(); });
        });
        CHECK(code_of(subject.log().read("bad", {0}, [](revision, std::string_view) { return true; })) ==
              errc::damaged);
        CHECK(read_all(subject.log(), "bad", 1) == records{"two"});
    }
    SECTION("the last record that is gone")
    {
        const auto key = storage::log_key(storage::document_number{1}, {2});
        subject.change_closed([&] {
            change_stored(subject.folder(), "log", storage::view_of(key), [](std::string& value) { value.clear(); });
        });
        CHECK(code_of(subject.log().read("bad", {0}, [](revision, std::string_view) { return true; })) ==
              errc::damaged);
        CHECK(code_of(subject.log().read("bad", {1}, [](revision, std::string_view) { return true; })) ==
              errc::damaged);
    }
    SECTION("a snapshot of a revision that the log does not have")
    {
        subject.change_closed([&] {
            change_stored(subject.folder(), "document", "bad",
                          [](std::string& value) { value = storage::encode_document({.number = {1}, .head = {1}}); });
        });
        CHECK(code_of(subject.log().load("bad")) == errc::damaged);
    }
    CHECK(names(subject.log(), "", "", 9) == records{"bad", "good"});
    CHECK(read_all(subject.log(), "good") == records{"x"});
    REQUIRE(append(subject.log(), {changes("good", 1, {"y"})}));
}

TEST_CASE("[ER5] readers are served while a full disk prevents recovery", "[rocksdb]")
{
    rocksdb_subject subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    subject.fill_disk();
    REQUIRE_FALSE(append(subject.log(), {changes("d", 1, {"two"})}));
    for (int attempt = 0; attempt < 3; ++attempt) {
        CHECK(code_of(subject.log().recover()) == errc::out_of_space);
        CHECK(read_all(subject.log(), "d") == records{"one"});
        CHECK(head_of(subject.log(), "d") == 1);
    }
    subject.repair_disk();
    REQUIRE(subject.log().recover());
    REQUIRE(append(subject.log(), {changes("d", 1, {"two"})}));
}

TEST_CASE("[ER5] a disk that takes nothing, the database's own notes neither, is recovered from", "[rocksdb]")
{
    rocksdb_subject subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    {
        const no_file_grows limited;
        REQUIRE_FALSE(append(subject.log(), {changes("d", 1, {"two"})}));
        for (int attempt = 0; attempt < 3; ++attempt) CHECK_FALSE(subject.log().recover());
        CHECK(read_all(subject.log(), "d") == records{"one"});
    }
    REQUIRE(subject.log().recover());
    REQUIRE(append(subject.log(), {changes("d", 1, {"two"})}));
    CHECK(read_all(subject.log(), "d") == records{"one", "two"});
}

TEST_CASE("faults at every moment: what was acknowledged stays, what failed is whole or gone", "[rocksdb]")
{
    rocksdb_subject subject;
    std::uint64_t head = 0;
    for (int round = 0; round < 8; ++round) {
        for (int i = 0; i < 3; ++i, ++head)
            REQUIRE(append(subject.log(), {changes("d", head, {std::to_string(head + 1)})}));
        if (round % 2 == 0) subject.break_disk();
        if (round % 2 == 1) subject.fill_disk();
        const auto big = std::to_string(head + 1) + std::string(round % 3 == 0 ? 100'000 : 0, ' ');
        REQUIRE_FALSE(append(subject.log(), {changes("d", head, {big})}));
        if (round % 4 < 2) REQUIRE_FALSE(subject.log().recover());
        subject.repair_disk();
        if (round % 3 == 0) subject.reopen();
        REQUIRE(subject.log().recover());
        const std::uint64_t now = head_of(subject.log(), "d");
        REQUIRE((now == head || now == head + 1));
        head = now;
    }
    const auto all = read_all(subject.log(), "d");
    REQUIRE(all.size() == head);
    for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(std::stoull(all[i]) == i + 1);
}

TEST_CASE("reading beside a running log shows one moment and touches nothing", "[rocksdb]")
{
    rocksdb_subject subject;
    REQUIRE(append(subject.log(), {changes("d", 0, {"one"})}));
    const auto view = rocksdb_log::open_read_only(subject.folder());
    REQUIRE(view);
    REQUIRE(append(subject.log(), {changes("d", 1, {"two"})}));
    CHECK(read_all(**view, "d") == records{"one"});
    CHECK((*view)->epoch() == subject.log().epoch());
    CHECK(read_all(**rocksdb_log::open_read_only(subject.folder()), "d") == records{"one", "two"});
}

TEST_CASE("reading where there is no database creates none", "[rocksdb]")
{
    const temporary_folder folder;
    CHECK(code_of(rocksdb_log::open_read_only(folder.path() / "none")) == errc::unavailable);
    CHECK_FALSE(fs::exists(folder.path() / "none"));
}

TEST_CASE("a folder that cannot be made is told", "[rocksdb]")
{
    const temporary_folder folder;
    std::ofstream{folder.path() / "file"} << "x";
    CHECK(code_of(rocksdb_log::open({.folder = folder.path() / "file" / "data"})) == errc::unavailable);
}
