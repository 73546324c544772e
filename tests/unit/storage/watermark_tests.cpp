#include <fstream>
#include <iterator>

#include <catch2/catch_test_macros.hpp>

#include "storage/watermark.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace okra::storage;
using okra::test::temporary_folder;
namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& path)
{
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator{stream}, {}};
}

void write(const fs::path& path, std::string_view bytes)
{
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

}  // namespace

TEST_CASE("a watermark says what was noted last, and how a database was left", "[storage]")
{
    const temporary_folder folder;
    CHECK_FALSE(read_watermark(folder.path()));
    {
        const auto file = watermark_file::open(folder.path(), {.commits = 1, .manifest = 5});
        REQUIRE(file);
        CHECK(read_watermark(folder.path()) == watermark{.commits = 1, .manifest = 5});
        for (std::uint64_t commits = 2; commits < 10; ++commits) {
            (*file)->note(commits);
            REQUIRE(read_watermark(folder.path()) == watermark{.commits = commits, .manifest = 5});
        }
        const watermark last{.commits = 9, .manifest = 5, .manifest_bytes = 77, .manifest_crc32c = 88};
        REQUIRE((*file)->seal(last));
        CHECK(read_watermark(folder.path()) == last);
    }
    // It goes on from there, also to a smaller number: what was lost is not waited for for ever.
    REQUIRE(watermark_file::open(folder.path(), {.commits = 3, .manifest = 6}));
    CHECK(read_watermark(folder.path()) == watermark{.commits = 3, .manifest = 6});
}

TEST_CASE("a watermark of which one write is torn says what the one before said", "[storage]")
{
    const temporary_folder folder;
    const fs::path path = folder.path() / watermark_name;
    const auto file = watermark_file::open(folder.path(), {.commits = 1, .manifest = 5});
    REQUIRE(file);
    (*file)->note(2);
    const std::string two = contents(path);
    (*file)->note(3);
    const std::string three = contents(path);
    std::size_t differ = 0;
    for (std::size_t at = 0; at < three.size(); ++at) {
        if (three[at] == two[at]) continue;
        ++differ;
        std::string torn = three;
        torn[at] = static_cast<char>(torn[at] ^ 1);
        write(path, torn);
        REQUIRE(read_watermark(folder.path()) == watermark{.commits = 2, .manifest = 5});
    }
    CHECK(differ != 0);
    for (const std::string& spoilt : {std::string{}, std::string(17, 'x'), std::string(8192, '\0')}) {
        write(path, spoilt);
        CHECK_FALSE(read_watermark(folder.path()));
        REQUIRE(watermark_file::open(folder.path(), {.commits = 7, .manifest = 5}));
        CHECK(read_watermark(folder.path()) == watermark{.commits = 7, .manifest = 5});
    }
}
