#include "tests/scenarios/scenario.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace okra::scenarios {

namespace {

std::vector<std::filesystem::path> all_files()
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{OKRA_SOURCE_DIR "/protocol/fixtures/scenarios"}) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

TEST_CASE("[CH4] [CM6] the scenarios of protocol/fixtures give what they say", "[scenarios]")
{
    const auto files = all_files();
    REQUIRE(files.size() >= 12);
    for (const auto& file : files) {
        DYNAMIC_SECTION(file.stem().string())
        {
            for (const std::string& difference : scenario{file}.differences()) FAIL_CHECK(difference);
        }
    }
}

}  // namespace okra::scenarios
