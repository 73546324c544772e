// A process that owns a data folder and appends to it, for tests that need a live one to read beside or to kill. Reads
// counts (u64, native) from its input, appends as many times to the documents "a" and "b", and writes the new head
// after each acknowledged append. Ends with its input.
#include <cstdlib>
#include <string>
#include <unistd.h>

#include "storage/rocksdb_log.hpp"

int main(int argc, char** argv)
{
    if (argc != 3) return 2;
    const auto log = okra::storage::rocksdb_log::open({.folder = argv[1]});
    if (!log) return log.error().code == okra::storage::errc::locked ? 3 : 4;
    const std::string filling(std::strtoul(argv[2], nullptr, 10), ' ');
    std::uint64_t count = 0;
    std::uint64_t head = 0;
    while (::read(STDIN_FILENO, &count, sizeof count) == sizeof count) {
        for (; count > 0; --count) {
            const std::string record = std::to_string(head + 1) + filling;
            const okra::storage::document_append batch[]{
                {.document = "a", .expected_head = {head}, .records = {record}, .clients = {}},
                {.document = "b", .expected_head = {head}, .records = {record}, .clients = {}}};
            if (!(*log)->append(batch)) return 5;
            ++head;
            if (::write(STDOUT_FILENO, &head, sizeof head) != sizeof head) return 0;
        }
    }
    return 0;
}
