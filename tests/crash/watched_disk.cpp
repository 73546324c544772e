#include "tests/crash/watched_disk.hpp"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <new>
#include <set>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/watermark.hpp"

namespace okra::crash {

namespace fs = std::filesystem;

namespace {

disk_record* make_record(const fs::path& path)
{
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || ::ftruncate(file, sizeof(disk_record)) != 0)
        throw std::runtime_error{"cannot make " + path.string()};
    void* mapped = ::mmap(nullptr, sizeof(disk_record), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped == MAP_FAILED) throw std::runtime_error{"cannot map " + path.string()};
    return new (mapped) disk_record{};
}

template <std::size_t Size>
void copy(const fs::path& from, std::array<char, Size>& to)
{
    if (from.native().size() >= Size) throw std::runtime_error{from.string() + " is too long a path"};
    std::ranges::copy(from.native(), to.begin());
}

std::string contents_of(const fs::path& path)
{
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator{stream}, {}};
}

std::uint64_t index_of(point it)
{
    return static_cast<std::uint64_t>(it);
}

}  // namespace

watched_disk::watched_disk(const fs::path& parent)
    : data_{fs::canonical(parent) / "data"},
      shadow_{fs::canonical(parent) / "shadow"},
      record_file_{fs::canonical(parent) / "record"},
      record_{make_record(record_file_)}
{
    fs::create_directory(data_);
    fs::create_directory(shadow_);
    copy(data_, record_->folder);
    copy(shadow_, record_->shadow);
}

watched_disk::~watched_disk()
{
    ::munmap(record_, sizeof(disk_record));
}

std::vector<std::string> watched_disk::environment() const
{
    return {"LD_PRELOAD=" OKRA_INTERPOSER, std::string{record_variable} + '=' + record_file_.string()};
}

void watched_disk::arm(const death_order& order)
{
    record_->left = order.occurrence;
    record_->torn_share = order.torn_share;
    record_->died_at = point::none;
    record_->armed = order.at;
}

void watched_disk::disarm()
{
    record_->armed = point::none;
}

std::uint64_t watched_disk::passed(point it) const
{
    return record_->passed[index_of(it)];
}

watched_disk::name_table watched_disk::names_now() const
{
    name_table names;
    for (const auto& entry : fs::directory_iterator{data_}) {
        struct stat about{};
        if (::lstat(entry.path().c_str(), &about) != 0 || !S_ISREG(about.st_mode)) continue;
        names.emplace(entry.path().filename().string(), about.st_ino);
    }
    return names;
}

watched_disk::name_table watched_disk::names_synced() const
{
    name_table names;
    const disk_record::name_list& list = record_->synced_names[record_->which];
    for (std::uint32_t i = 0; i < list.count; ++i) names.emplace(list.names[i].text.data(), list.names[i].inode);
    return names;
}

std::uint64_t watched_disk::synced_bytes(ino_t inode) const
{
    for (const auto& it : record_->files) {
        if (it.inode == inode) return it.synced_bytes;
    }
    return 0;
}

fs::path watched_disk::shadow_of(ino_t inode) const
{
    return shadow_ / std::to_string(inode);
}

power_cut watched_disk::cut_power(prng& random)
{
    power_cut done;
    if (random.one_in(2)) restore_names(done);
    for (const auto& [name, inode] : names_now()) tear(data_ / name, synced_bytes(inode), random, done);
    tear_watermark(random, done);
    take_as_synced();
    return done;
}

void watched_disk::restore_names(power_cut& into)
{
    const name_table now = names_now();
    const name_table synced = names_synced();
    for (const auto& [name, inode] : now) {
        const auto was = synced.find(name);
        if (was != synced.end() && was->second == inode) continue;
        fs::remove(data_ / name);
        ++into.names_undone;
    }
    for (const auto& [name, inode] : synced) {
        const auto is = now.find(name);
        if (is != now.end() && is->second == inode) continue;
        fs::create_hard_link(shadow_of(inode), data_ / name);
        ++into.names_undone;
    }
}

// A disk writes sectors in any order: of what was not synced each may be there, or its place hold zeros or what was
// there before.
void watched_disk::tear(const fs::path& file, std::uint64_t synced, prng& random, power_cut& into)
{
    constexpr std::uint64_t sector = 512;
    const std::uint64_t size = fs::file_size(file);
    if (size <= synced) return;
    enum { all_lost, cut_short, damaged };
    const auto how = random.below(3);
    const std::uint64_t left = how == all_lost ? synced : synced + random.below(size - synced + 1);
    fs::resize_file(file, left);
    into.bytes_lost += size - left;
    if (how != damaged) return;

    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    for (std::uint64_t begin = synced; begin < left;) {
        const std::uint64_t end = std::min(left, (begin / sector + 1) * sector);
        if (const auto what = random.below(3); what != 0) {
            std::string bytes(end - begin, '\0');
            if (what == 1) std::ranges::generate(bytes, [&] { return static_cast<char>(random.below(256)); });
            stream.seekp(static_cast<std::streamoff>(begin));
            stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            into.bytes_damaged += bytes.size();
        }
        begin = end;
    }
}

// Each of its two pages is as it is, as it was synced, or torn where the two differ.
void watched_disk::tear_watermark(prng& random, power_cut& into)
{
    constexpr std::size_t page = 4096;
    const fs::path path = data_ / storage::watermark_name;
    std::string bytes = contents_of(path);
    if (bytes.size() != record_->watermark.size()) return;  // it is not made yet
    for (std::size_t begin = 0; begin < bytes.size(); begin += page) {
        const auto what = random.below(3);
        if (what == 0) continue;
        for (std::size_t at = begin; at < begin + page; ++at) {
            if (bytes[at] == record_->watermark[at]) continue;
            bytes[at] = what == 1 ? record_->watermark[at] : static_cast<char>(random.below(256));
            ++into.bytes_damaged;
        }
    }
    std::ofstream{path, std::ios::binary} << bytes;
}

void watched_disk::take_as_synced()
{
    if (const std::string mark = contents_of(data_ / storage::watermark_name); mark.size() == record_->watermark.size())
        std::ranges::copy(mark, record_->watermark.begin());

    for (auto& it : record_->files) it.inode = 0;
    disk_record::name_list& list = record_->synced_names[record_->which];
    list.count = 0;
    std::set<std::string> shadows;
    std::size_t place = 0;
    for (const auto& [name, inode] : names_now()) {
        record_->files.at(place).synced_bytes = fs::file_size(data_ / name);
        record_->files[place++].inode = inode;
        auto& entry = list.names.at(list.count++);
        entry.text.fill('\0');
        std::ranges::copy(name, entry.text.begin());
        entry.inode = inode;
        if (!fs::exists(shadow_of(inode))) fs::create_hard_link(data_ / name, shadow_of(inode));
        shadows.insert(shadow_of(inode).string());
    }
    for (const auto& entry : fs::directory_iterator{shadow_}) {
        if (!shadows.contains(entry.path().string())) fs::remove(entry.path());
    }
}

}  // namespace okra::crash
