// okra-admin: looks after a data folder. Exit codes: 0 done and sound, 1 problems were found, 2 it could not be done.
#include <filesystem>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "protocol/base/printable.hpp"
#include "storage/log_check.hpp"
#include "storage/private_folder.hpp"
#include "storage/rocksdb_backup.hpp"
#include "storage/rocksdb_log.hpp"
#include "tools/admin/dump.hpp"
#include "tools/admin/schema_table.hpp"
#include "tools/admin/verify.hpp"

namespace {

namespace fs = std::filesystem;
using namespace okra;

constexpr int sound = 0;
constexpr int problems_found = 1;
constexpr int impossible = 2;

int give_up(std::string_view why)
{
    fmt::print(stderr, "okra-admin: {}\n", printable(why));
    return impossible;
}

int give_up(const storage::failure& why)
{
    return give_up(fmt::format("{}: {}", storage::name_of(why.code), why.message));
}

void print(const admin::document_report& report)
{
    fmt::print("{:<8} {}  revision {}, {} entities, {} clients\n", report.problems.empty() ? "sound" : "PROBLEM",
               printable(report.name), report.head.value, report.entities, report.clients);
    for (const std::string& problem : report.problems) fmt::print("         {}\n", printable(problem));
}

int verify(const fs::path& data, bool only_problems)
{
    const auto log = storage::rocksdb_log::open_read_only(data);
    if (!log) return give_up(log.error());
    admin::record_parser parser;
    std::uint64_t documents = 0;
    std::uint64_t changes = 0;
    std::uint64_t damaged = 0;
    const auto listed = storage::for_each_document(**log, [&](const std::string& name) {
        const auto report = admin::verify_document(**log, name, parser);
        ++documents;
        changes += report.head.value;
        if (!report.problems.empty()) ++damaged;
        if (!report.problems.empty() || !only_problems) print(report);
    });
    if (!listed) return give_up(listed.error());
    const std::uint64_t lost = (*log)->findings().commits_lost;
    if (lost != 0) fmt::print("PROBLEM  {} acknowledged commits are missing at the end of the log\n", lost);
    fmt::print("epoch {}: {} documents, {} changes, {} with problems\n", printable((*log)->epoch()), documents, changes,
               damaged);
    return damaged == 0 && lost == 0 ? sound : problems_found;
}

// What verify does, as a check of what is backed up or restored.
std::vector<std::string> replay_all(const storage::log& log)
{
    admin::record_parser parser;
    std::vector<std::string> problems;
    const auto listed = storage::for_each_document(log, [&](const std::string& name) {
        for (const std::string& it : admin::verify_document(log, name, parser).problems) {
            problems.push_back(fmt::format("{}: {}", name, it));
        }
    });
    if (!listed) problems.push_back(listed.error().message);
    return problems;
}

struct dump_options {
    std::string document;  // empty: all
    bool whole_log = false;
    std::optional<std::uint64_t> until;
};

int dump(const fs::path& data, const dump_options& what)
{
    const auto& [document, whole_log, until] = what;
    const auto log = storage::rocksdb_log::open_read_only(data);
    if (!log) return give_up(log.error());
    if (document.empty() && !whole_log) {
        const auto done = admin::dump_list(**log, stdout);
        return done ? sound : give_up(done.error());
    }
    if (document.empty()) {
        int worst = sound;
        const auto listed = storage::for_each_document(**log, [&](const std::string& name) {
            if (const auto done = admin::dump_log(**log, name, stdout); !done) worst = give_up(done.error());
        });
        return listed ? worst : give_up(listed.error());
    }
    const auto state = (*log)->load(document);
    if (!state) return give_up(state.error());
    if (state->head == revision{}) return give_up(fmt::format("there is no document '{}'", document));
    const auto done = whole_log ? admin::dump_log(**log, document, stdout)
                                : admin::dump_document(**log, document,
                                                       until ? std::optional{revision{*until}} : std::nullopt, stdout);
    return done ? sound : give_up(done.error());
}

int print_problems(const std::vector<std::string>& problems)
{
    for (const std::string& it : problems) fmt::print("PROBLEM  {}\n", printable(it));
    return problems.empty() ? sound : problems_found;
}

int run_backup(const storage::backup_options& options)
{
    storage::keep_private(options.to);
    const auto done = storage::back_up(options);
    if (!done) return give_up(done.error());
    fmt::print("backup {} of epoch {}: {} documents, {} bytes in {}\n", done->number, printable(done->epoch),
               done->documents, done->bytes, options.to.string());
    const int problems = print_problems(done->problems);
    if (problems != sound) {
        fmt::print("It is marked: `restore` passes it over. No older backup was deleted.\n");
        return problems;
    }
    if (!done->none_deleted_because.empty()) {
        fmt::print("PROBLEM  {}: is this the right folder? No older backup was deleted.\n", done->none_deleted_because);
        return problems_found;
    }
    if (done->documents == 0) fmt::print("warning: the database holds no document\n");
    return sound;
}

int run_restore(const storage::restore_options& options)
{
    storage::keep_private(options.data);
    const auto done = storage::restore(options);
    if (!done) return give_up(done.error());
    for (const std::uint32_t number : done->passed_over) {
        fmt::print("passed over backup {}, which is newer and has problems\n", number);
    }
    fmt::print("restored backup {} to {}: {} documents, with the new epoch {}\n", done->number, options.data.string(),
               done->documents, done->epoch);
    return print_problems(done->problems);
}

// Adds a command that ends with what `run` returns.
template <typename Run>
CLI::App& add_command(CLI::App& app, const std::string& name, const std::string& description, int& exit_code,
                      const Run& run)
{
    CLI::App* command = app.add_subcommand(name, description);
    command->callback([&exit_code, run] { exit_code = run(); });
    return *command;
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Looks after an Okra server's data folder. All commands but restore also work while the server runs.",
                 "okra-admin"};
    app.require_subcommand(1);
    app.footer("Exit codes: 0 done and sound, 1 problems were found, 2 it could not be done.");
    int exit_code = sound;
    fs::path data;
    const auto needs_data = [&](CLI::App& command) {
        command.add_option("--data", data, "the server's data folder")->required()->type_name("FOLDER");
    };

    bool only_problems = false;
    auto& verify_command =
        add_command(app, "verify", "replay every document and compare it with everything that is stored", exit_code,
                    [&] { return verify(data, only_problems); });
    needs_data(verify_command);
    verify_command.add_flag("--only-problems", only_problems, "do not list sound documents");

    dump_options what;
    auto& dump_command =
        add_command(app, "dump", "print documents as JSON", exit_code, [&] { return dump(data, what); });
    needs_data(dump_command);
    dump_command.add_option("DOCUMENT", what.document, "e.g. acme/plan/growth/2026-q1; without it: a list of all")
        ->type_name("");
    dump_command.add_flag("--log", what.whole_log, "every committed change, one a line, instead of the present state");
    dump_command.add_option("--until", what.until, "the state as it was at this revision")->type_name("REVISION");

    storage::backup_options to;
    auto& backup_command = add_command(app, "backup", "add a backup to a folder of backups", exit_code, [&] {
        to.data = data;
        return run_backup(to);
    });
    needs_data(backup_command);
    backup_command.add_option("--to", to.to, "the folder of backups; made if missing")->required()->type_name("FOLDER");
    backup_command
        .add_option("--keep", to.keep, "if all is sound, delete what is older than so many of the newest sound ones")
        ->type_name("N");
    backup_command.add_flag_callback(
        "--verify", [&] { to.examine = replay_all; }, "also replay every document, as `verify` does");

    storage::restore_options from;
    auto& restore_command = add_command(
        app, "restore", "make a data folder from the newest sound backup, with a new epoch", exit_code, [&] {
            from.data = data;
            return run_restore(from);
        });
    restore_command.add_option("--from", from.from, "the folder of backups")->required()->type_name("FOLDER");
    restore_command
        .add_option("--number", from.number, "this backup and no other, also one that is known to have problems")
        ->type_name("N");
    restore_command.add_flag_callback(
        "--verify", [&] { from.examine = replay_all; }, "also replay every document, as `verify` does");
    needs_data(restore_command);

    add_command(app, "schema", "print kinds and fields of documents as Markdown", exit_code, [] {
        fmt::print("{}", admin::schema_as_markdown());
        return sound;
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? sound : impossible;
    }
    return exit_code;
}
