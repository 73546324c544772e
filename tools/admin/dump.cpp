#include "tools/admin/dump.hpp"

#include <fmt/format.h>

#include "protocol/base/printable.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/json_writer.hpp"
#include "storage/log_check.hpp"

namespace okra::admin {
namespace {

using done = result<void, std::string>;

// JSON may hold raw what a terminal obeys; escaped it means the same.
std::string quoted(std::string_view text)
{
    std::string out;
    wire::append_string(out, text);
    return printable(out);
}

}  // namespace

done dump_list(const storage::log& log, std::FILE* out)
{
    fmt::print(out, R"({{"epoch":{},"documents":[)", quoted(log.epoch()));
    const char* separator = "\n";
    const auto listed = storage::for_each_document(log, [&](const std::string& name) {
        const auto state = log.load(name);
        if (state) {
            fmt::print(out, R"({}{{"document":{},"revision":{}}})", separator, quoted(name), state->head.value);
        } else {
            fmt::print(out, R"({}{{"document":{},"error":{}}})", separator, quoted(name),
                       quoted(state.error().message));
        }
        separator = ",\n";
    });
    fmt::print(out, "\n]}}\n");
    if (!listed) return listed.error().message;
    return {};
}

done dump_document(const storage::log& log, std::string_view name, std::optional<revision> until, std::FILE* out)
{
    record_parser parser;
    const auto replayed = replay(log, name, parser, {.until = until});
    if (!replayed) return fmt::format("{}: {}", name, replayed.error());
    std::string json = fmt::format(R"({{"document":{},"epoch":{},"revision":{},"hash":"{:016x}","entities":)",
                                   quoted(name), quoted(log.epoch()), replayed->head().value, replayed->hash());
    wire::encode_entities(json, replayed->in_tree_order(), false);
    fmt::print(out, "{}}}\n", printable(json));
    return {};
}

done dump_log(const storage::log& log, std::string_view name, std::FILE* out)
{
    const std::string document = quoted(name);
    const auto read = log.read(name, {}, [&](revision at, std::string_view record) {
        fmt::print(out, R"({{"document":{},"revision":{},"change":{}}})", document, at.value, printable(record));
        fmt::print(out, "\n");
        return true;
    });
    if (!read) return read.error().message;
    return {};
}

}  // namespace okra::admin
