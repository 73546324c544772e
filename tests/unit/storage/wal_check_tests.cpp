// Against logs built here by the format's description; tests/contract does the same with those that RocksDB writes.
#include <algorithm>
#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "storage/wal_check.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wal_writer.hpp"

using namespace okra;
using namespace okra::storage;

namespace {

std::string log_of(const std::vector<std::string>& contents)
{
    std::string log;
    for (const std::string& data : contents) test::append_wal_record(log, data);
    return log;
}

}  // namespace

TEST_CASE("whole logs are whole, wherever records meet the ends of blocks", "[storage]")
{
    CHECK(check_wal("").condition == wal_condition::whole);
    for (std::size_t rest = 0; rest < 20; ++rest) {
        const std::string log =
            log_of({std::string(test::wal_block_size - 7 - rest, 'a'), "b", std::string(100'000, 'c'), "d"});
        const wal_state state = check_wal(log);
        REQUIRE(state.condition == wal_condition::whole);
        REQUIRE(state.whole_bytes == log.size());
    }
}

TEST_CASE("a log cut anywhere in its last record is torn there", "[storage]")
{
    const std::string first_two = log_of({"one", "two"});
    for (const std::size_t size : {std::size_t{5}, std::size_t{70'000}}) {
        std::string log = first_two;
        test::append_wal_record(log, std::string(size, '3'));
        const std::size_t step = size > 1000 ? 997 : 1;
        for (std::size_t length = first_two.size() + 1; length < log.size(); length += step) {
            const wal_state state = check_wal(std::string_view{log}.substr(0, length));
            REQUIRE(state.condition == wal_condition::torn);
            REQUIRE(state.whole_bytes == first_two.size());
        }
    }
}

TEST_CASE("a bit flipped in the last record tears it, in any other it is damage", "[storage]")
{
    const std::string first_two = log_of({std::string(50, '1'), "two"});
    std::string log = first_two;
    test::append_wal_record(log, std::string(100, '3'));
    for (std::size_t bit = 0; bit < log.size() * 8; ++bit) {
        std::string changed = log;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        const bool in_last = bit / 8 >= first_two.size();
        INFO("bit " << bit);
        REQUIRE(check_wal(changed).condition == (in_last ? wal_condition::torn : wal_condition::damaged));
    }
}

TEST_CASE("lost pages within a last record of many blocks tear it; in front of a later record they are damage",
          "[storage]")
{
    std::string log = log_of({"one", std::string(200'000, '2')});
    std::string with_later = log;
    test::append_wal_record(with_later, "three");
    for (std::size_t page = 4096; page + 4096 < log.size(); page += 4096) {
        std::string torn = log;
        std::fill_n(torn.begin() + static_cast<std::ptrdiff_t>(page), 4096, '\0');
        REQUIRE(check_wal(torn).condition == wal_condition::torn);
        std::string damaged = with_later;
        std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page), 4096, '\0');
        REQUIRE(check_wal(damaged).condition == wal_condition::damaged);
    }
}

TEST_CASE("zeros at the end, as left by an allocation, are cut off", "[storage]")
{
    const std::string log = log_of({"one"});
    const wal_state state = check_wal(log + std::string(100'000, '\0'));
    CHECK(state.condition == wal_condition::torn);
    CHECK(state.whole_bytes == log.size());
    CHECK(check_wal(std::string(5000, '\0')).whole_bytes == 0);
}

TEST_CASE("only the newest log with writes may be torn, and mending cuts it", "[storage]")
{
    const test::temporary_folder folder;
    const auto write = [&](const char* name, const std::string& bytes) {
        std::ofstream{folder.path() / name, std::ios::binary} << bytes;
    };
    const std::string whole = log_of({"one", "two"});
    write("000009.log", whole);
    write("000011.log", whole + "torn");
    write("LOG", "not a write-ahead log");

    SECTION("the newest")
    {
        REQUIRE(check_wals(folder.path()));
        CHECK(std::filesystem::file_size(folder.path() / "000011.log") == whole.size() + 4);
        REQUIRE(mend_wals(folder.path()));
        CHECK(std::filesystem::file_size(folder.path() / "000011.log") == whole.size());
        CHECK(std::filesystem::file_size(folder.path() / "000009.log") == whole.size());
    }
    SECTION("one in front of an empty one")
    {
        write("000100.log", "");
        REQUIRE(mend_wals(folder.path()));
        CHECK(std::filesystem::file_size(folder.path() / "000011.log") == whole.size());
    }
    SECTION("one in front of later writes is damage")
    {
        write("000100.log", whole);
        const auto done = mend_wals(folder.path());
        REQUIRE_FALSE(done);
        CHECK(done.error().code == errc::damaged);
        CHECK(done.error().message.find("000011.log") != std::string::npos);
        CHECK(std::filesystem::file_size(folder.path() / "000011.log") == whole.size() + 4);
    }
}

TEST_CASE("a log that has a part of itself twice is damaged there, however it goes on", "[storage]")
{
    // sequence:u64 count:u32, and what is not looked at
    const auto record = [](char number, char count) {
        return std::string{number} + std::string(7, '\0') + std::string{count} + std::string(3, '\0') + "changes";
    };
    const std::string log = log_of({record(1, 2), record(3, 1), record(4, 1)});
    CHECK(check_wal(log).condition == wal_condition::whole);
    const auto damaged_behind = [&](const std::vector<std::string>& records, std::size_t sound) {
        const wal_state state = check_wal(log_of(records));
        CHECK(state.condition == wal_condition::damaged);
        CHECK(state.whole_bytes ==
              log_of({records.begin(), records.begin() + static_cast<std::ptrdiff_t>(sound)}).size());
    };
    damaged_behind({record(1, 2), record(3, 1), record(1, 2), record(3, 1)}, 2);
    damaged_behind({record(1, 2), record(3, 1), record(3, 1)}, 2);
    damaged_behind({record(1, 2), record(3, 1), record(2, 1), record(4, 1)}, 2);
    // A record without a change takes no number.
    CHECK(check_wal(log_of({record(1, 2), record(3, 0), record(3, 1), record(4, 0)})).condition ==
          wal_condition::whole);
}

TEST_CASE("a log in another's place is found by its sequence numbers", "[storage]")
{
    // A record begins with its number.
    const auto record = [](char number) { return std::string{number} + std::string(7, '\0') + "changes"; };
    const std::string older = log_of({record(1), record(3)});
    const std::string newer = log_of({record(4), record(9)});
    const wal_state state = check_wal(newer);
    CHECK(state.first_sequence == 4);
    CHECK(state.last_sequence == 9);

    const test::temporary_folder folder;
    const auto write = [&](const char* name, const std::string& bytes) {
        std::ofstream{folder.path() / name, std::ios::binary | std::ios::trunc} << bytes;
    };
    write("000009.log", older);
    write("000011.log", newer);
    write("000012.log", "");
    REQUIRE(mend_wals(folder.path()));
    SECTION("the older one twice")
    {
        write("000011.log", older);
    }
    SECTION("the two exchanged")
    {
        write("000009.log", newer);
        write("000011.log", older);
    }
    const auto done = mend_wals(folder.path());
    REQUIRE_FALSE(done);
    CHECK(done.error().code == errc::damaged);
    CHECK(done.error().message.find("000009.log") != std::string::npos);
}
