// okra-admin as its users run it, on folders with real documents.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "protocol/document/document.hpp"
#include "protocol/wire/encode.hpp"
#include "storage/record.hpp"
#include "tests/contract/log_subject.hpp"
#include "tests/contract/log_support.hpp"

using namespace okra;
using namespace okra::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

const std::string plan_name = "acme/plan/growth/2026-q1";

struct command_result {
    int exit_code;
    std::string output;  // both streams
};

command_result admin(const std::string& arguments)
{
    const std::string command = OKRA_BINARY_DIR "/bin/okra-admin " + arguments + " 2>&1";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string output;
    std::array<char, 4096> buffer;
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
        output.append(buffer.data(), count);
    const int status = ::pclose(pipe);
    return {WEXITSTATUS(status), output};
}

// A plan as a room makes it: accepted, encoded, appended, with outcomes and a snapshot in the middle.
class stored_plan {
public:
    explicit stored_plan(storage::log& log) : log_{log} {}

    void commit(const std::string& client, std::vector<document::operation> ops)
    {
        const sequence seq{++seqs_[client]};
        const auto done = plan_.accept({.client = client, .seq = seq, .base = plan_.head(), .ops = std::move(ops)},
                                       1'790'000'000'000);
        if (!done) FAIL(done.error().message);
        auto share = changes(plan_name, plan_.head().value - 1, {""});
        wire::encode_change(share.records[0], *done);
        share.clients = {committed(client, seq.value, plan_.head().value)};
        REQUIRE(append(log_, {share}));
    }
    void refuse(const std::string& client)
    {
        auto share = changes(plan_name, plan_.head().value, {});
        share.clients = {refused(client, ++seqs_[client], {refusal_code::cycle, "no", 0})};
        REQUIRE(append(log_, {share}));
    }
    void snapshot()
    {
        storage::stored_snapshot it{.at = plan_.head(), .entities = {}};
        wire::encode_entities(it.entities, plan_.in_tree_order(), true);
        REQUIRE(log_.put_snapshot(plan_name, it));
    }

private:
    storage::log& log_;
    document::document plan_{*document::find_schema("plan")};
    std::map<std::string, std::uint64_t> seqs_;
};

document::operation objective(const std::string& id)
{
    return document::create_op{.id = id,
                               .kind = "objective",
                               .parent = "plan",
                               .after = document::place_last{},
                               .fields = {{"title", std::string{"More users"}}},
                               .position = {}};
}

document::operation title(const std::string& id, std::string text)
{
    return document::edit_op{.id = id, .field = "title", .edit = {document::text_insert{std::move(text)}}};
}

void fill(rocksdb_subject& subject)
{
    stored_plan plan{subject.log()};
    plan.commit("anna-16-characters", {objective("first"), objective("second")});
    plan.commit("ben-16-characters", {title("first", "Ünï—")});
    plan.snapshot();
    plan.refuse("ben-16-characters");
    plan.commit("anna-16-characters", {document::remove_op{.id = "second"}});
    for (int i = 0; i < 20; ++i) plan.commit("anna-16-characters", {title("first", std::to_string(i) + " ")});
}

std::string data_of(const rocksdb_subject& subject)
{
    return "--data '" + subject.folder().string() + "'";
}

std::string file_contents(const fs::path& path)
{
    std::ostringstream contents;
    contents << std::ifstream{path}.rdbuf();
    return contents.str();
}

}  // namespace

TEST_CASE("verify finds nothing wrong in a sound folder, also while its server runs", "[admin]")
{
    rocksdb_subject subject;
    fill(subject);
    const auto done = admin("verify " + data_of(subject));
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.output, ContainsSubstring("sound    " + plan_name + "  revision 23, 3 entities, 2 clients"));
    CHECK_THAT(done.output, ContainsSubstring("1 documents, 23 changes, 0 with problems"));
    CHECK_THAT(done.output, ContainsSubstring(subject.log().epoch()));
    REQUIRE(append(subject.log(), {changes("acme/plan/other/2026-q1", 0, {"{}"})}));
}

TEST_CASE("dump is JSON that a terminal can show, whatever people have written", "[admin]")
{
    rocksdb_subject subject;
    stored_plan plan{subject.log()};
    plan.commit("anna-16-characters", {objective("first"), title("first", "\x1b]0;x\x07\u009b31m\u202e\x7f\n")});
    const std::string arguments = GENERATE(as<std::string>{}, "", "--log ");
    const auto done = admin("dump " + data_of(subject) + " " + arguments + plan_name);
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.output, ContainsSubstring(R"(\u001b]0;x\u0007\u009b31m\u202e\u007f\n)"));
    CHECK(done.output.find("\u009b") == std::string::npos);
    CHECK(done.output.find("\u202e") == std::string::npos);
}

TEST_CASE("verify names what is wrong, document by document", "[admin]")
{
    rocksdb_subject subject;
    fill(subject);
    const storage::document_number plan{1};
    const auto tamper = [&](const std::string& family, std::string_view key, auto change) {
        subject.change_closed([&] { change_stored(subject.folder(), family, key, change); });
    };
    std::string expected;
    SECTION("a damaged record")
    {
        tamper("log", storage::view_of(storage::log_key(plan, {5})), flip_bit);
        expected = "revision 5: the checksum does not match";
    }
    SECTION("a lost record")
    {
        tamper("log", storage::view_of(storage::log_key(plan, {5})), [](std::string& value) { value.clear(); });
        expected = "revision 5 is missing";
    }
    SECTION("a record that is no change")
    {
        tamper("log", storage::view_of(storage::log_key(plan, {5})),
               [](std::string& value) { value = storage::frame(R"({"client":"x"})"); });
        expected = "revision 5 cannot be parsed";
    }
    SECTION("a change that does not fit its document")
    {
        tamper("log", storage::view_of(storage::log_key(plan, {1})), [](std::string& value) {
            const auto json = storage::unframe(value);
            value = storage::frame(R"({"client":"anna-16-characters","seq":1,"at":1790000000000,"ops":[]})");
            REQUIRE(json);
        });
        expected = "revision 2 cannot be applied";
    }
    SECTION("a damaged snapshot")
    {
        tamper("snapshot", storage::view_of(storage::snapshot_key(plan)), flip_bit);
        expected = "the snapshot is damaged";
    }
    SECTION("a snapshot that differs from the log")
    {
        tamper("snapshot", storage::view_of(storage::snapshot_key(plan)), [](std::string& value) {
            auto snapshot = *storage::decode_snapshot(value);
            snapshot.entities.replace(snapshot.entities.find("More"), 4, "Less");
            value = storage::encode_snapshot(snapshot);
        });
        expected = "the snapshot of revision 2 differs from the log in entity first";
    }
    SECTION("an outcome that is not what the log says")
    {
        tamper("client", storage::client_key(plan, "anna-16-characters"),
               [](std::string& value) { value = storage::encode_outcome({.seq = {21}, .what = revision{3}}); });
        expected = "client anna-16-characters: seq 22 is in the log at revision 23, but the stored outcome is seq 21";
    }
    SECTION("an outcome that is gone")
    {
        tamper("client", storage::client_key(plan, "ben-16-characters"), [](std::string& value) { value.clear(); });
        expected = "client ben-16-characters: seq 1 is in the log at revision 2, but no outcome is stored";
    }
    // Another document is still verified.
    REQUIRE(append(subject.log(), {changes("acme/workspace", 0, {R"({"client":"c","seq":1,"at":1,"ops":[]})"})}));
    const auto done = admin("verify " + data_of(subject));
    CHECK(done.exit_code == 1);
    CHECK_THAT(done.output, ContainsSubstring("PROBLEM  " + plan_name));
    CHECK_THAT(done.output, ContainsSubstring(expected));
    CHECK_THAT(done.output, ContainsSubstring("acme/workspace  revision 1"));
}

TEST_CASE("dump lists documents, prints one, prints its log", "[admin]")
{
    rocksdb_subject subject;
    fill(subject);
    const auto list = admin("dump " + data_of(subject));
    CHECK(list.exit_code == 0);
    CHECK_THAT(list.output, ContainsSubstring(R"({"document":"acme/plan/growth/2026-q1","revision":23})"));

    const auto one = admin("dump " + data_of(subject) + " " + plan_name);
    CHECK(one.exit_code == 0);
    CHECK_THAT(one.output,
               ContainsSubstring(R"("revision":23,"hash":")") && ContainsSubstring(R"("entities":[{"id":"plan")"));
    CHECK_THAT(one.output, ContainsSubstring("19 18 17"));

    const auto empty = admin("dump --until 0 " + data_of(subject) + " " + plan_name);
    CHECK(empty.exit_code == 0);
    CHECK_THAT(empty.output, ContainsSubstring(R"("revision":0,"hash":"a4ac9abe51feceb3","entities":[{"id":"plan")"));
    const auto earlier = admin("dump --until 20 " + data_of(subject) + " " + plan_name);
    CHECK_THAT(earlier.output, ContainsSubstring(R"("revision":20,)"));
    const auto later = admin("dump --until 24 " + data_of(subject) + " " + plan_name);
    CHECK(later.exit_code == 2);
    CHECK_THAT(later.output, ContainsSubstring("there is no revision 24; the last is 23"));

    const auto log = admin("dump --log " + data_of(subject) + " " + plan_name);
    CHECK(log.exit_code == 0);
    CHECK(std::ranges::count(log.output, '\n') == 23);
    CHECK_THAT(log.output, ContainsSubstring(R"("revision":3,"change":{"client":"anna-16-characters","seq":2)"));

    const auto none = admin("dump " + data_of(subject) + " acme/workspace");
    CHECK(none.exit_code == 2);
    CHECK_THAT(none.output, ContainsSubstring("there is no document 'acme/workspace'"));
}

TEST_CASE("backup while the server runs, restore, verify", "[admin]")
{
    rocksdb_subject subject;
    fill(subject);
    const temporary_folder other;
    const std::string backups = "'" + (other.path() / "backups").string() + "'";
    const std::string restored = "'" + (other.path() / "restored").string() + "'";
    CHECK(admin("backup " + data_of(subject) + " --to " + backups).exit_code == 0);
    const auto done = admin("restore --from " + backups + " --data " + restored);
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.output, ContainsSubstring("with the new epoch"));
    const auto verified = admin("verify --only-problems --data " + restored);
    CHECK(verified.exit_code == 0);
    CHECK_THAT(verified.output, ContainsSubstring("1 documents, 23 changes, 0 with problems"));
    CHECK_THAT(verified.output, !ContainsSubstring(subject.log().epoch()));
    CHECK(admin("restore --from " + backups + " --data " + restored).exit_code == 2);
}

TEST_CASE("a backup of something wrong ends with 1, and restore passes it over", "[admin]")
{
    rocksdb_subject subject;
    fill(subject);
    const temporary_folder other;
    const std::string backups = "'" + (other.path() / "backups").string() + "'";
    const std::string restored = "'" + (other.path() / "restored").string() + "'";
    const std::string backup = "backup " + data_of(subject) + " --to " + backups + " --keep 1";
    const auto first = admin(backup + " --verify");
    CHECK(first.exit_code == 0);
    CHECK_THAT(first.output, ContainsSubstring("1 documents"));

    // Whole as bytes, and no change: only a replay finds it.
    subject.change_closed([&] {
        change_stored(subject.folder(), "log", storage::view_of(storage::log_key(storage::document_number{1}, {5})),
                      [](std::string& value) { value = storage::frame(R"({"client":"x"})"); });
    });
    const auto second = admin(backup + " --verify");
    CHECK(second.exit_code == 1);
    CHECK_THAT(second.output, ContainsSubstring("PROBLEM  " + plan_name + ": revision 5 cannot be parsed") &&
                                  ContainsSubstring("No older backup was deleted"));
    const auto done = admin("restore --verify --from " + backups + " --data " + restored);
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.output, ContainsSubstring("passed over backup 2") && ContainsSubstring("restored backup 1"));
    CHECK(admin("verify --data " + restored).exit_code == 0);
    const auto asked =
        admin("restore --number 2 --verify --from " + backups + " --data '" + (other.path() / "second").string() + "'");
    CHECK(asked.exit_code == 1);
    CHECK_THAT(asked.output, ContainsSubstring("restored backup 2") && ContainsSubstring("PROBLEM"));

    // Without a replay only the bytes are looked at.
    CHECK(admin(backup).exit_code == 0);
}

TEST_CASE("a backup of an empty database warns, and beside backups of something it is a problem", "[admin]")
{
    const rocksdb_subject empty;
    const temporary_folder other;
    const std::string backups = " --keep 1 --to '" + (other.path() / "backups").string() + "'";
    const auto first = admin("backup " + data_of(empty) + backups);
    CHECK(first.exit_code == 0);
    CHECK_THAT(first.output, ContainsSubstring("warning: the database holds no document"));
    rocksdb_subject filled;
    fill(filled);
    CHECK(admin("backup " + data_of(filled) + backups).exit_code == 0);
    const auto again = admin("backup " + data_of(empty) + backups);
    CHECK(again.exit_code == 1);
    CHECK_THAT(again.output, ContainsSubstring("is this the right folder?"));
}

TEST_CASE("what cannot be done ends with 2 and says why", "[admin]")
{
    const temporary_folder empty;
    const std::string data = "--data '" + empty.path().string() + "'";
    for (const std::string& command : {"verify " + data, "dump " + data, "backup " + data + " --to /dev/null/x"}) {
        const auto done = admin(command);
        INFO(command);
        CHECK(done.exit_code == 2);
        CHECK_THAT(done.output, ContainsSubstring("there is no database in"));
    }
    CHECK(admin("").exit_code == 2);
    CHECK(admin("verify").exit_code == 2);
    CHECK(admin("destroy " + data).exit_code == 2);
    CHECK(fs::is_empty(empty.path()));
}

TEST_CASE("every command has help", "[admin]")
{
    CHECK(admin("--help").exit_code == 0);
    for (const char* command : {"verify", "dump", "backup", "restore", "schema"}) {
        const auto done = admin(std::string{command} + " --help");
        CHECK(done.exit_code == 0);
        CHECK_THAT(done.output, ContainsSubstring("Usage: okra-admin " + std::string{command}));
    }
}

TEST_CASE("the schema page names every field of schema.json", "[admin]")
{
    const auto done = admin("schema");
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.output, ContainsSubstring("### `key_result`"));
    CHECK_THAT(done.output, ContainsSubstring("| `confidence` | number | 0 to 10 |"));
    CHECK_THAT(done.output, ContainsSubstring("| `title` | text | at most 500 code points |"));
    CHECK_THAT(done.output, ContainsSubstring("| `current` | number |  |"));
    const std::string json = file_contents(OKRA_SOURCE_DIR "/protocol/schema.json");
    const std::string mark = "{ \"type\":";
    std::ptrdiff_t fields = 0;
    for (auto at = json.find(mark); at != std::string::npos; at = json.find(mark, at + 1)) ++fields;
    std::istringstream lines{done.output};
    std::ptrdiff_t rows = 0;
    for (std::string line; std::getline(lines, line);) rows += line.starts_with("| `") ? 1 : 0;
    CHECK(rows == fields);
}
