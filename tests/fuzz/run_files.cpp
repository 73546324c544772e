// A fuzzer as an ordinary test: runs it once with every file of the given folders. Takes libFuzzer's command line, of
// which it heeds the folders only.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

namespace {

std::vector<std::filesystem::path> files_in(std::span<char*> folders)
{
    std::vector<std::filesystem::path> files;
    for (const std::string_view folder : folders) {
        if (folder.starts_with('-')) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
            if (entry.is_regular_file()) files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

int main(int count, char** arguments)
{
    const auto files = files_in(std::span{arguments, static_cast<std::size_t>(count)}.subspan(1));
    for (const auto& file : files) {
        std::ifstream in{file, std::ios::binary};
        const std::vector<char> bytes{std::istreambuf_iterator<char>{in}, {}};
        std::fprintf(stderr, "%s\n", file.c_str());  // the last one is the one that failed
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    std::printf("%zu inputs\n", files.size());
    return files.empty() ? 1 : 0;
}
