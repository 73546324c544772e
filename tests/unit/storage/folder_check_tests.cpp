#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "storage/folder_check.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace okra::storage;
using Catch::Matchers::ContainsSubstring;
using okra::test::temporary_folder;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, std::string_view bytes)
{
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

std::string refusal_of(const temporary_folder& folder, const std::optional<watermark>& mark = {})
{
    const auto found = inspect_folder(folder.path(), mark);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == errc::damaged);
    CHECK_THAT(found.error().message, ContainsSubstring("okra-admin restore"));
    return found.error().message;
}

folder_contents contents_of(const temporary_folder& folder, const std::optional<watermark>& mark = {})
{
    const auto found = inspect_folder(folder.path(), mark);
    if (!found) FAIL(found.error().message);
    return *found;
}

}  // namespace

TEST_CASE("a database is created where there is nothing of one", "[storage]")
{
    const temporary_folder folder;
    CHECK(*inspect_folder(folder.path() / "none", {}) == folder_contents::nothing);
    CHECK(contents_of(folder) == folder_contents::nothing);
    // What a creation leaves that was interrupted before it could hold anything, and what others put there.
    for (const char* name : {"OKRA_LOCK", "LOCK", "IDENTITY", "MANIFEST-000001", "000001.dbtmp", "lost+found"}) {
        write(folder.path() / name, "x");
    }
    CHECK(contents_of(folder) == folder_contents::nothing);
    CHECK(contents_of(folder, watermark{.commits = 1, .manifest = 1}) == folder_contents::nothing);
}

TEST_CASE("a database is never created beside what is left of one", "[storage]")
{
    const temporary_folder folder;
    SECTION("its files")
    {
        const std::string left =
            GENERATE(as<std::string>{}, "000012.sst", "000012.log", "000012.blob", "MANIFEST-000005", "OPTIONS-000007");
        write(folder.path() / left, "");
        CHECK_THAT(refusal_of(folder), ContainsSubstring("CURRENT is missing") && ContainsSubstring(left));
    }
    SECTION("only what it had come to")
    {
        CHECK_THAT(refusal_of(folder, watermark{.commits = 345}), ContainsSubstring("345 commits"));
    }
}

TEST_CASE("CURRENT names a manifest that is there", "[storage]")
{
    const temporary_folder folder;
    const std::string bad = GENERATE(as<std::string>{}, "", "\n", "MANIFEST-000005", "MANIFEST-00000\n", "MANIFEST-\n",
                                     "MANIFEST-00000x\n", "LANIFEST-000005\n", "MANIFEST-000006\n");
    write(folder.path() / "MANIFEST-000005", "x");
    write(folder.path() / "CURRENT", bad);
    CHECK_THAT(refusal_of(folder), ContainsSubstring("CURRENT names"));
    write(folder.path() / "CURRENT", "MANIFEST-000005\n");
    CHECK(contents_of(folder) == folder_contents::database);
}

TEST_CASE("a database that commits were made to has a table or a log", "[storage]")
{
    const temporary_folder folder;
    write(folder.path() / "CURRENT", "MANIFEST-000005\n");
    write(folder.path() / "MANIFEST-000005", "x");
    CHECK(contents_of(folder, watermark{.commits = 1, .manifest = 5}) == folder_contents::database);
    const watermark used{.commits = 2, .manifest = 5};
    CHECK_THAT(refusal_of(folder, used), ContainsSubstring("tables and logs are missing"));
    write(folder.path() / "000007.log", "");
    CHECK_THAT(refusal_of(folder, used), ContainsSubstring("nothing was changed"));
    write(folder.path() / "000007.log", "x");
    CHECK(contents_of(folder, used) == folder_contents::database);
}

TEST_CASE("a manifest that was left whole is whole, or of a later start", "[storage]")
{
    const temporary_folder folder;
    const std::string bytes = "what a manifest holds";
    write(folder.path() / "000003.sst", "x");
    write(folder.path() / "CURRENT", "MANIFEST-000005\n");
    write(folder.path() / "MANIFEST-000005", bytes);
    const auto mark = mark_of_closed(folder.path(), 9);
    CHECK(mark.commits == 9);
    CHECK(contents_of(folder, mark) == folder_contents::database);
    // A start that was interrupted had written more.
    write(folder.path() / "MANIFEST-000005", bytes + " and more");
    CHECK(contents_of(folder, mark) == folder_contents::database);
    write(folder.path() / "MANIFEST-000005", bytes.substr(0, 8));
    CHECK_THAT(refusal_of(folder, mark), ContainsSubstring("has 8 bytes, not the 21"));
    write(folder.path() / "MANIFEST-000005", "what a manifest hosts");
    CHECK_THAT(refusal_of(folder, mark), ContainsSubstring("is not what it was"));
    // While the server runs its length is not known, but its number.
    CHECK(contents_of(folder, watermark{.commits = 9, .manifest = 5}) == folder_contents::database);
    CHECK(contents_of(folder, watermark{.commits = 9, .manifest = 4, .manifest_bytes = 100}) ==
          folder_contents::database);
    CHECK_THAT(refusal_of(folder, watermark{.commits = 9, .manifest = 6}), ContainsSubstring("older than"));
}
