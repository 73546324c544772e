// What becomes of a data folder in which a file is missing or is not what it was. Each kind of file × each kind of
// fault × two starts, as a supervisor makes them, of a server that was killed and of one that was stopped: it goes on
// with everything, sets documents aside, says how much is lost, or refuses and says what to do. Never less data without
// a word, and a refusal changes nothing.
#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "storage/rocksdb_log.hpp"
#include "storage/watermark.hpp"
#include "tests/contract/log_support.hpp"
#include "tests/support/stored_bytes.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace okra;
using namespace okra::test;
using Catch::Matchers::ContainsSubstring;
using storage::errc;
using storage::rocksdb_log;
namespace fs = std::filesystem;

namespace {

enum class outcome { everything, set_aside, lost_and_told, refused };

std::string_view name_of(outcome it)
{
    switch (it) {
        case outcome::everything:
            return "goes on with everything";
        case outcome::set_aside:
            return "documents set aside";
        case outcome::lost_and_told:
            return "lost, and told";
        case outcome::refused:
            return "refused";
    }
    return "";
}

std::string contents(const fs::path& path)
{
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator{stream}, {}};
}

void write(const fs::path& path, std::string_view bytes)
{
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

const std::vector<std::string> document_names{"acme/plan/a/q1", "acme/plan/b/q1", "beta/workspace"};

using stored_documents = std::map<std::string, records>;

// A folder as it is after a while of use, killed or stopped, and as it was some time before.
class used_folder {
public:
    explicit used_folder(bool is_killed)
    {
        open();
        fill(4, 2'000);
        REQUIRE(log_->put_snapshot(document_names[1], {.at = {1}, .entities = "[]"}));
        stop();
        open();
        fill(1, 3'000);
        copy_to("older");
        stop();
        open();
        fill(3, 3'000);
        // Two write-ahead logs are needed: the first has the tables' unwritten rows, and a table of snapshots asks for
        // another one.
        REQUIRE(log_->put_snapshot(document_names[0], {.at = {3}, .entities = "[]"}));
        fill(2, 200'000);
        while (logs_of(place("live")).size() < 2) fill(1, 200'000);
        fill(3, 500);
        if (!is_killed) stop();
        copy_to("used");
        log_.reset();
    }

    [[nodiscard]] fs::path used() const { return place("used"); }
    [[nodiscard]] fs::path older() const { return place("older"); }
    [[nodiscard]] const stored_documents& truth() const { return truth_; }
    [[nodiscard]] const std::string& epoch() const { return epoch_; }

    // Those that have something in them, oldest first.
    [[nodiscard]] static std::vector<fs::path> logs_of(const fs::path& folder)
    {
        std::vector<fs::path> found = files_with(folder, ".log");
        std::erase_if(found, [](const fs::path& it) { return fs::file_size(it) == 0; });
        return found;
    }
    [[nodiscard]] static std::vector<fs::path> files_with(const fs::path& folder, std::string_view part)
    {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator{folder}) {
            if (entry.path().filename().string().find(part) != std::string::npos) found.push_back(entry.path());
        }
        std::ranges::sort(found);
        return found;
    }

private:
    [[nodiscard]] fs::path place(const char* name) const { return folder_.path() / name; }

    void open()
    {
        auto opened = rocksdb_log::open({.folder = place("live")});
        if (!opened) FAIL(opened.error().message);
        log_ = *std::move(opened);
        epoch_ = log_->epoch();
    }
    void stop() { log_.reset(); }

    void fill(int rounds, std::size_t bytes)
    {
        for (int round = 0; round < rounds; ++round) {
            for (const std::string& name : document_names) {
                records& all = truth_[name];
                const std::string record = fmt::format("{} {}", all.size() + 1, random_text(bytes));
                auto share = changes(name, all.size(), {record});
                share.clients = {committed("anna", all.size() + 1, all.size() + 1)};
                REQUIRE(append(*log_, {share}));
                all.push_back(record);
            }
        }
    }

    // Of letters that do not compress.
    std::string random_text(std::size_t bytes)
    {
        std::string text(bytes, ' ');
        for (char& letter : text) {
            seed_ = seed_ * 6364136223846793005ULL + 1442695040888963407ULL;
            letter = static_cast<char>(33 + (seed_ >> 33U) % 90);
        }
        return text;
    }

    void copy_to(const char* name) const { fs::copy(place("live"), place(name), fs::copy_options::recursive); }

    temporary_folder folder_;
    std::unique_ptr<rocksdb_log> log_;
    stored_documents truth_;
    std::string epoch_;
    std::uint64_t seed_ = 20261129;
};

struct start {
    outcome what = outcome::everything;
    std::string why;
    std::string epoch;
    std::map<std::string, std::optional<records>> documents;  // none: set aside
};

std::optional<records> read_if_sound(const storage::log& log, const std::string& name)
{
    records all;
    if (!log.load(name)) return std::nullopt;
    const auto read = log.read(name, {}, [&](revision, std::string_view record) {
        all.emplace_back(record);
        return true;
    });
    if (!read) return std::nullopt;
    const auto last = log.last_outcome(name, "anna");
    if (!last) return std::nullopt;
    if (!*last || (*last)->seq.value != all.size()) all.emplace_back("the client's outcome is another");
    return all;
}

// Starts on the folder, looks at everything, and ends.
start start_on(const fs::path& folder, const stored_documents& truth)
{
    const auto log = rocksdb_log::open({.folder = folder});
    if (!log) return {.what = outcome::refused, .why = log.error().message, .epoch = {}, .documents = {}};
    start it{.what = outcome::everything, .why = {}, .epoch = (*log)->epoch(), .documents = {}};
    for (const auto& [name, known] : truth) {
        it.documents[name] = read_if_sound(**log, name);
        if (!it.documents[name]) it.what = outcome::set_aside;
    }
    if ((*log)->findings().commits_lost != 0) it.what = outcome::lost_and_told;
    return it;
}

// How a file is spoilt. `older`: where the folder's earlier copy is.
struct fault {
    const char* name;
    std::function<void(const fs::path& file, const fs::path& older)> make;
};

void flip(const fs::path& file, double where)
{
    std::string bytes = contents(file);
    if (bytes.empty()) return;
    char& it = bytes[std::min(bytes.size() - 1, static_cast<std::size_t>(where * static_cast<double>(bytes.size())))];
    it = static_cast<char>(it ^ 4);
    write(file, bytes);
}

const std::vector<fault> faults{
    {"missing", [](const fs::path& file, const fs::path&) { fs::remove(file); }},
    {"empty", [](const fs::path& file, const fs::path&) { write(file, ""); }},
    {"half", [](const fs::path& file, const fs::path&) { fs::resize_file(file, fs::file_size(file) / 2); }},
    {"a byte short",
     [](const fs::path& file, const fs::path&) {
         fs::resize_file(file, std::max<std::uintmax_t>(fs::file_size(file), 1) - 1);
     }},
    {"a bit at the front", [](const fs::path& file, const fs::path&) { flip(file, 0.02); }},
    {"a bit in the middle", [](const fs::path& file, const fs::path&) { flip(file, 0.5); }},
    {"a bit at the end", [](const fs::path& file, const fs::path&) { flip(file, 0.999); }},
    {"an older one", [](const fs::path& file, const fs::path& older) { write(file, contents(older)); }},
};

// Which files there are of each kind, and what stands in for an older one.
struct spoilt_file {
    std::string kind;
    fs::path file;
    fs::path older;
};

std::vector<spoilt_file> files_of(const used_folder& of)
{
    std::vector<spoilt_file> all;
    const auto add = [&](const std::string& kind, const std::vector<fs::path>& files, const fs::path& older) {
        for (const fs::path& file : files) all.push_back({kind, file, older});
    };
    const auto of_kind = [&](const fs::path& folder, std::string_view part) {
        return used_folder::files_with(folder, part);
    };
    for (const char* name : {"CURRENT", "IDENTITY", "LOCK", "OKRA_LOCK", storage::watermark_name}) {
        add(name, {of.used() / name}, of.older() / name);
    }
    for (const char* part : {"MANIFEST-", "OPTIONS-"}) {
        add(part, {of_kind(of.used(), part).back()}, of_kind(of.older(), part).front());
    }
    const auto logs = used_folder::logs_of(of.used());
    const auto older_log = used_folder::logs_of(of.older()).front();
    for (const fs::path& it : logs) add(it == logs.back() ? "newest .log" : "older .log", {it}, older_log);
    add(".sst", of_kind(of.used(), ".sst"), of_kind(of.older(), ".sst").front());
    return all;
}

void check_start(const start& now, const used_folder& of)
{
    switch (now.what) {
        case outcome::everything:
            for (const auto& [name, known] : of.truth()) CHECK(now.documents.at(name) == known);
            CHECK(now.epoch == of.epoch());
            break;
        case outcome::set_aside:
            for (const auto& [name, known] : of.truth()) {
                if (now.documents.at(name)) CHECK(now.documents.at(name) == known);
            }
            break;
        case outcome::lost_and_told:
            CHECK(now.epoch != of.epoch());
            break;
        case outcome::refused:
            CHECK_THAT(now.why, ContainsSubstring("okra-admin restore") || ContainsSubstring("restore a backup"));
            break;
    }
}

// Spoils one file, starts twice, and tells the first outcome.
outcome try_fault(const used_folder& of, const spoilt_file& what, const fault& how)
{
    const temporary_folder place;
    const fs::path folder = place.path() / "data";
    fs::copy(of.used(), folder, fs::copy_options::recursive);
    const fs::path file = folder / what.file.filename();
    how.make(file, what.older);

    const start first = start_on(folder, of.truth());
    check_start(first, of);
    const start second = start_on(folder, of.truth());
    if (first.what == outcome::lost_and_told) {
        // Told once; from then on this is the history.
        CHECK(second.what == outcome::everything);
        CHECK(second.epoch == first.epoch);
        CHECK(second.documents == first.documents);
        return first.what;
    }
    CHECK(name_of(second.what) == name_of(first.what));
    check_start(second, of);
    if (first.what != outcome::refused) return first.what;
    // Nothing was touched: with the file put back, everything is there.
    fs::remove(file);
    fs::copy_file(what.file, file);
    const start mended = start_on(folder, of.truth());
    INFO(mended.why);
    CHECK(name_of(mended.what) == name_of(outcome::everything));
    check_start(mended, of);
    return first.what;
}

// What must come of it; nothing: it depends on what lies at that place.
std::optional<outcome> expected(const std::string& kind, const std::string& fault)
{
    const bool is_shorter = fault == "missing" || fault == "empty" || fault == "half" || fault == "a byte short";
    if (kind == "CURRENT" || kind == "older .log") return outcome::refused;
    if (kind == "newest .log") return is_shorter ? outcome::lost_and_told : outcome::refused;
    if (kind == "MANIFEST-" || kind == ".sst") {
        const bool always = kind == ".sst" ? is_shorter : fault == "missing" || fault == "empty";
        return always ? std::optional{outcome::refused} : std::nullopt;
    }
    return outcome::everything;
}

}  // namespace

TEST_CASE("a file of the data folder that is missing or spoilt costs nothing without a word", "[rocksdb]")
{
    const bool is_killed = GENERATE(true, false);
    const used_folder folder{is_killed};
    for (const spoilt_file& file : files_of(folder)) {
        for (const fault& how : faults) {
            const std::string cell = fmt::format("{}, {} ({}): {}", is_killed ? "killed" : "stopped", file.kind,
                                                 file.file.filename().string(), how.name);
            INFO(cell);
            const outcome what = try_fault(folder, file, how);
            if (const auto must = expected(file.kind, how.name)) CHECK(name_of(what) == name_of(*must));
        }
    }
}

// A manifest that was synced to its last byte when the server stopped is known to its last byte.
TEST_CASE("the manifest of a stopped server is as it was left, or refused", "[rocksdb]")
{
    const used_folder folder{false};
    for (const spoilt_file& file : files_of(folder)) {
        if (file.kind != "MANIFEST-") continue;
        for (const fault& how : faults) {
            INFO(how.name);
            CHECK(name_of(try_fault(folder, file, how)) == name_of(outcome::refused));
        }
    }
}
