// What the log costs: synced appends one by one and in groups, opening after a crash and after a clean stop, reading.
//   okra-storage-bench FOLDER        FOLDER must be on the disk in question and must not exist
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "storage/rocksdb_log.hpp"

namespace {

using namespace okra;
using storage::document_append;
using storage::rocksdb_log;
using steady = std::chrono::steady_clock;
namespace fs = std::filesystem;

double milliseconds_since(steady::time_point start)
{
    return std::chrono::duration<double, std::milli>(steady::now() - start).count();
}

template <typename Result>
void check(const Result& done)
{
    if (done) return;
    fmt::print(stderr, "{}\n", done.error().message);
    std::exit(1);
}

double percentile(std::vector<double>& sorted, double share)
{
    return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)];
}

// A change of one op, as typing makes them.
const std::string record =
    R"({"client":"k3F9sLmQ2xVb7TzA","seq":1234,"at":1790000000000,"ops":[{"op":"edit","id":"a1B2c3D4e5F6",)"
    R"("field":"title","edit":[17,"x"]}]})";

void append_for(storage::log& log, std::size_t documents, double seconds)
{
    std::vector<document_append> batch;
    for (std::size_t i = 0; i < documents; ++i) {
        batch.push_back({.document = fmt::format("bench/plan/group{}/team{}", documents, i),
                         .expected_head = {},
                         .records = {record},
                         .clients = {{.client = "k3F9sLmQ2xVb7TzA", .outcome = {.seq = {1}, .what = revision{1}}}}});
    }
    std::vector<double> each;
    const auto start = steady::now();
    while (milliseconds_since(start) < seconds * 1000) {
        const auto before = steady::now();
        check(log.append(batch));
        each.push_back(milliseconds_since(before));
        for (document_append& share : batch) share.expected_head = share.expected_head.next();
    }
    const double rate = static_cast<double>(each.size()) / milliseconds_since(start) * 1000;
    std::ranges::sort(each);
    fmt::print(
        "append, {:>3} documents a batch: {:>7.0f} batches/s {:>8.0f} records/s   p50 {:.2f} p99 {:.2f} max {:.2f} "
        "ms\n",
        documents, rate, rate * static_cast<double>(documents), percentile(each, 0.5), percentile(each, 0.99),
        each.back());
}

std::unique_ptr<rocksdb_log> timed_open(const fs::path& folder, const char* what)
{
    const auto start = steady::now();
    auto log = rocksdb_log::open({.folder = folder});
    check(log);
    fmt::print("open, {:<24} {:.1f} ms\n", what, milliseconds_since(start));
    return *std::move(log);
}

// As a process that is killed: nothing is closed.
[[noreturn]] void write_and_die(const fs::path& folder)
{
    const auto log = timed_open(folder, "new:");
    for (const std::size_t documents : std::initializer_list<std::size_t>{1, 8, 64, 256})
        append_for(*log, documents, 3);
    std::fflush(stdout);
    ::_exit(0);
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2 || fs::exists(argv[1])) {
        fmt::print(stderr, "usage: okra-storage-bench FOLDER (that does not exist)\n");
        return 2;
    }
    const fs::path folder = argv[1];
    const pid_t writer = ::fork();
    if (writer == 0) write_and_die(folder);
    int status = 0;
    if (writer < 0 || ::waitpid(writer, &status, 0) != writer || status != 0) return 1;
    auto log = timed_open(folder, "after a crash:");

    auto start = steady::now();
    log.reset();
    fmt::print("close: {:.1f} ms\n", milliseconds_since(start));
    log = timed_open(folder, "after a clean stop:");

    start = steady::now();
    std::size_t count = 0;
    check(log->read("bench/plan/group1/team0", {}, [&](revision, std::string_view) { return ++count > 0; }));
    fmt::print("read: {} records in {:.1f} ms\n", count, milliseconds_since(start));
    log.reset();
    fs::remove_all(folder);
    return 0;
}
