#include "tools/cli/importing.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace okra::cli {

namespace {

using change_list = std::vector<client::op_list>;

// Twice as old as a server lets a small snapshot get (docs/operations.md).
constexpr std::chrono::milliseconds snapshot_age{200};

failure at(const std::string& document, const failure& why)
{
    return failure{document + ": " + why.message};
}

result<change_list, failure> missing_in(session& to, const import_document& wanted)
{
    if (auto opened = to.open(wanted.name); !opened) return at(wanted.name, opened.error());
    // A snapshot may be a little old, and with it what is missing (OD3). An empty one is of a time after the import has
    // begun, and there may be a hundred of them.
    if (to.replica().confirmed().head() > revision{}) {
        if (auto current = to.catch_up(); !current) return at(wanted.name, current.error());
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    auto changes = changes_for(wanted, to.replica().confirmed(), now_ms);
    if (!changes) return failure{at(wanted.name, changes.error()).message + "; nothing was written"};
    return changes;
}

}  // namespace

result<import_result, failure> bring(session& to, const import_plan& plan)
{
    import_result out;
    std::this_thread::sleep_for(snapshot_age);
    std::vector<std::pair<std::string, change_list>> work;
    for (const auto& wanted : plan.documents) {
        auto changes = missing_in(to, wanted);
        if (!changes) return changes.error();
        std::size_t entries = 0;
        for (const auto& ops : *changes) entries += ops.size();
        out.present += wanted.rows.size() - entries;
        if (!changes->empty()) work.emplace_back(wanted.name, std::move(*changes));
    }
    for (auto& [document, changes] : work) {
        auto opened = to.open(document);
        for (std::size_t index = 0; opened && index < changes.size(); ++index) {
            const auto entries = changes[index].size();
            const auto committed = to.commit(std::move(changes[index]));
            if (!committed) opened = committed.error();
            if (!committed) break;
            out.written += entries;
            ++out.changes;
        }
        if (!opened) {
            return failure{
                at(document, opened.error()).message,
                {fmt::format("{} entries are written. Import the same file again: it writes the rest.", out.written)}};
        }
    }
    return out;
}

}  // namespace okra::cli
