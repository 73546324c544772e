#include <optional>

#include <catch2/catch_test_macros.hpp>

#include "storage/folder_lock.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace okra;
using namespace okra::storage;

TEST_CASE("a folder has one owner until the lock goes", "[storage]")
{
    const test::temporary_folder folder;
    auto first = folder_lock::acquire(folder.path() / "data");
    REQUIRE(first);
    const auto second = folder_lock::acquire(folder.path() / "data");
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::locked);
    {
        const folder_lock moved = *std::move(first);
        CHECK_FALSE(folder_lock::acquire(folder.path() / "data"));
    }
    CHECK(folder_lock::acquire(folder.path() / "data"));
}
