#include "storage/folder_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "storage/crc32c.hpp"

namespace okra::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest_prefix = "MANIFEST-";

// A manifest of this number is written before CURRENT is, by the creation alone; every start makes one of a greater
// number.
constexpr std::uint64_t manifest_of_creation = 1;

std::string read_file(const fs::path& path)
{
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator{stream}, {}};
}

// 0: `name` is not that of a manifest.
std::uint64_t manifest_number(std::string_view name)
{
    if (!name.starts_with(manifest_prefix)) return 0;
    name.remove_prefix(manifest_prefix.size());
    std::uint64_t number = 0;
    const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), number);
    return ec == std::errc{} && end == name.data() + name.size() ? number : 0;
}

fs::path manifest_path(const fs::path& folder, std::uint64_t number)
{
    return folder / fmt::format("{}{:06}", manifest_prefix, number);
}

// Whether only a database in use leaves such a file: a table, a log, its options, a later manifest.
bool tells_of_database(const fs::path& file)
{
    constexpr std::array<std::string_view, 3> extensions{".sst", ".log", ".blob"};
    const std::string name = file.filename().string();
    return std::ranges::find(extensions, file.extension().string()) != extensions.end() ||
           name.starts_with("OPTIONS-") || manifest_number(name) > manifest_of_creation;
}

std::vector<std::string> files_of_database(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code ignored;  // no folder: no files
    for (const auto& entry : fs::directory_iterator{folder, ignored}) {
        if (tells_of_database(entry.path())) names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

// By this code alone, before anything else has touched the folder.
failure refuse_untouched(const fs::path& folder, std::string_view what)
{
    return refuse_folder(folder, fmt::format("{} (nothing was changed in it)", what));
}

// Whether there is a table, or a log with something in it.
bool holds_data(const fs::path& folder)
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{folder, ignored}) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".sst" || (extension == ".log" && entry.file_size(ignored) > 0)) return true;
    }
    return false;
}

// Without CURRENT.
result<folder_contents, failure> inspect_remains(const fs::path& folder, const std::optional<watermark>& mark)
{
    const std::vector<std::string> remains = files_of_database(folder);
    if (!remains.empty()) {
        return refuse_untouched(folder, fmt::format("CURRENT is missing beside {} other files of a database ({}, …)",
                                                    remains.size(), remains.front()));
    }
    if (mark && mark->commits > 1) {
        return refuse_untouched(
            folder, fmt::format("all files of its database are missing, to which {} commits were made", mark->commits));
    }
    return folder_contents::nothing;
}

result<void, failure> check_manifest(const fs::path& folder, std::uint64_t number, const watermark& mark)
{
    const std::string name = manifest_path(folder, number).filename().string();
    if (number < mark.manifest) {
        return refuse_untouched(folder, fmt::format("CURRENT names {}, which is older than the one that was in use, {}",
                                                    name, manifest_path(folder, mark.manifest).filename().string()));
    }
    if (number > mark.manifest || mark.manifest_bytes == 0) return {};
    const std::string bytes = read_file(folder / name);
    if (bytes.size() < mark.manifest_bytes) {
        return refuse_untouched(folder, fmt::format("{} has {} bytes, not the {} that it had when the server ended",
                                                    name, bytes.size(), mark.manifest_bytes));
    }
    if (crc32c(std::string_view{bytes}.substr(0, mark.manifest_bytes)) != mark.manifest_crc32c) {
        return refuse_untouched(folder, fmt::format("{} is not what it was when the server ended", name));
    }
    return {};
}

}  // namespace

result<folder_contents, failure> inspect_folder(const fs::path& folder, const std::optional<watermark>& mark)
{
    std::error_code ec;
    if (!fs::exists(folder / "CURRENT", ec)) return inspect_remains(folder, mark);
    const std::uint64_t number = current_manifest(folder);
    if (number == 0) return refuse_untouched(folder, "CURRENT names no manifest");
    if (!fs::exists(manifest_path(folder, number), ec)) {
        return refuse_untouched(folder, fmt::format("CURRENT names {}, which is missing",
                                                    manifest_path(folder, number).filename().string()));
    }
    if (mark) {
        if (auto checked = check_manifest(folder, number, *mark); !checked) return checked.error();
        if (mark->commits > 1 && !holds_data(folder)) {
            return refuse_untouched(
                folder, fmt::format("its tables and logs are missing, to which {} commits were made", mark->commits));
        }
    }
    return folder_contents::database;
}

std::uint64_t current_manifest(const fs::path& folder)
{
    std::string name = read_file(folder / "CURRENT");
    if (!name.ends_with('\n')) return 0;
    name.pop_back();
    return manifest_number(name);
}

fs::path current_manifest_path(const fs::path& folder)
{
    return manifest_path(folder, current_manifest(folder));
}

watermark mark_of_closed(const fs::path& folder, std::uint64_t commits)
{
    const std::string bytes = read_file(current_manifest_path(folder));
    return {.commits = commits,
            .manifest = current_manifest(folder),
            .manifest_bytes = bytes.size(),
            .manifest_crc32c = crc32c(bytes)};
}

failure refuse_folder(const fs::path& folder, std::string_view what)
{
    return {errc::damaged,
            fmt::format("{} cannot be used: {}. Nothing was changed in it. Put the missing file back, or "
                        "the newest backup with `okra-admin restore`, into a folder of its own",
                        folder.string(), what)};
}

}  // namespace okra::storage
