// okra-crash-test: kills the real server again and again while clients edit, takes from its disk what was not synced,
// and compares what everybody has seen with what is there afterwards. See docs/testing.md.
#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/crash/crash_test.hpp"
#include "tests/support/commit.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace okra;

std::vector<crash::death> chosen_deaths(const std::string& name)
{
    std::vector<crash::death> chosen;
    for (const crash::death& it : crash::deaths) {
        if (name.empty() || it.name == name) chosen.push_back(it);
    }
    return chosen;
}

int run(const crash::crash_options& options, bool keep)
{
    test::temporary_folder folder;
    crash::crash_test test{options, folder.path()};
    int code = 0;
    try {
        test.run();
        fmt::print("every promise was kept\n");
    } catch (const crash::broken_promise& broken) {
        fmt::print("BROKEN PROMISE: {}\n", broken.what());
        code = 1;
    }
    test.print_report();
    if (keep) {
        fmt::print("the data folder is in {}\n", folder.path().string());
        folder.keep();
    }
    return code;
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{
        "Kills an Okra server again and again while clients edit, and checks that nothing that anybody has seen is "
        "lost.\n"
        "The same seed makes the same choices; what a process is doing at a moment is its own affair."};
    crash::crash_options options;
    std::string point;
    std::vector<std::string> names;
    for (const crash::death& it : crash::deaths) names.emplace_back(it.name);
    const std::map<std::string, crash::disk_model> disks{{"keeps", crash::disk_model::keeps},
                                                         {"loses", crash::disk_model::loses},
                                                         {"either", crash::disk_model::either}};
    bool keep = false;
    app.add_option("--seed", options.seed, "of all choices")->capture_default_str();
    app.add_option("--rounds", options.rounds, "deaths")->capture_default_str();
    app.add_option("--point", point, "where to die, instead of everywhere in turn")->check(CLI::IsMember(names));
    app.add_option("--disk", options.disk, "what becomes of writes that were not synced")
        ->transform(CLI::CheckedTransformer(disks).description("{keeps,loses,either}"))
        ->default_str("either");
    app.add_option("--documents", options.documents)->check(CLI::Range(1, 16))->capture_default_str();
    app.add_option("--editors", options.editors)
        ->check(CLI::Range(std::size_t{1}, crash::editors_max))
        ->capture_default_str();
    app.add_option("--watchers", options.watchers)->capture_default_str();
    app.add_flag("--wal-syncs-lie", options.wal_syncs_lie,
                 "the write-ahead log is not synced when the disk says so: must be found out");
    app.add_flag("--keep", keep, "leave the data folder");
    CLI11_PARSE(app, argc, argv);
    options.deaths = chosen_deaths(point);

    fmt::print("okra-crash-test --seed {} --rounds {}{}{}, commit {}: {} editors and {} watchers in {} documents\n",
               options.seed, options.rounds, point.empty() ? "" : " --point ", point, test::commit_of_source(),
               options.editors, options.watchers, options.documents);
    std::fflush(stdout);
    return run(options, keep);
}
