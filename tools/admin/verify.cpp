#include "tools/admin/verify.hpp"

#include <map>

#include <fmt/format.h>

#include "protocol/base/overloaded.hpp"
#include "protocol/document/invariants.hpp"
#include "protocol/wire/encode.hpp"

namespace okra::admin {
namespace {

using problems = std::vector<std::string>;

// What each client has in the log last.
struct last_commit {
    sequence seq;
    revision at;
};
using commit_table = std::map<std::string, last_commit, std::less<>>;

void note_commit(commit_table& commits, revision at, const document::committed_change& change, problems& found)
{
    last_commit& last = commits[change.client];
    if (change.seq <= last.seq) {
        found.push_back(fmt::format("revision {}: {} commits seq {} after {}", at.value, change.client,
                                    change.seq.value, last.seq.value));
    }
    last = {.seq = change.seq, .at = at};
}

// The exactly-once table against the log: a client's last committed seq is the one in its row, unless a refusal
// followed.
void check_outcomes(const storage::log& log, std::string_view name, const commit_table& commits, problems& found)
{
    for (const auto& [client, last] : commits) {
        const auto stored = log.last_outcome(name, client);
        if (!stored) {
            found.push_back(stored.error().message);
            continue;
        }
        const std::string expected =
            fmt::format("client {}: seq {} is in the log at revision {}", client, last.seq.value, last.at.value);
        if (!*stored) {
            found.push_back(expected + ", but no outcome is stored");
            continue;
        }
        const storage::client_outcome& outcome = **stored;
        std::visit(overloaded{[&](revision at) {
                                  if (outcome.seq != last.seq || at != last.at) {
                                      found.push_back(fmt::format("{}, but the stored outcome is seq {} at revision {}",
                                                                  expected, outcome.seq.value, at.value));
                                  }
                              },
                              [&](const refusal&) {
                                  if (outcome.seq <= last.seq) {
                                      found.push_back(fmt::format("{}, but the stored outcome is a refusal of seq {}",
                                                                  expected, outcome.seq.value));
                                  }
                              }},
                   outcome.what);
    }
}

std::string stamped(const document::entity& it)
{
    std::string out;
    wire::encode_entity(out, it, true);
    return out;
}

// Compared in today's encoding, so that a snapshot written by an older version with the same meaning is the same.
void check_snapshot(const document::document& replayed, const storage::stored_snapshot& snapshot, record_parser& parser,
                    problems& found)
{
    const auto entities = parser.entities(replayed.schema(), snapshot.entities);
    if (!entities) {
        found.push_back(fmt::format("the snapshot of revision {} cannot be parsed: {}", snapshot.at.value,
                                    entities.error().message));
        return;
    }
    const auto expected = replayed.in_tree_order();
    if (entities->size() != expected.size()) {
        found.push_back(fmt::format("the snapshot of revision {} has {} entities, the log gives {}", snapshot.at.value,
                                    entities->size(), expected.size()));
        return;
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (stamped((*entities)[i]) == stamped(*expected[i])) continue;
        found.push_back(fmt::format("the snapshot of revision {} differs from the log in entity {}", snapshot.at.value,
                                    expected[i]->id));
        return;
    }
}

}  // namespace

document_report verify_document(const storage::log& log, std::string_view name, record_parser& parser)
{
    document_report report{.name = std::string{name}, .head = {}, .entities = 0, .clients = 0, .problems = {}};
    const auto state = log.load(name);
    if (!state) {
        report.problems.push_back(state.error().message);
        return report;
    }
    report.head = state->head;
    if (state->snapshot_damaged)
        report.problems.emplace_back("the snapshot is damaged (it is a cache; the log is not)");

    commit_table commits;
    const auto observe = [&](const document::document& now, const document::committed_change& change) {
        note_commit(commits, now.head(), change, report.problems);
        if (state->snapshot && state->snapshot->at == now.head()) {
            check_snapshot(now, *state->snapshot, parser, report.problems);
        }
    };
    const auto replayed = replay(log, name, parser, {.observe = observe});
    if (!replayed) {
        report.problems.push_back(replayed.error());
        return report;
    }
    report.entities = replayed->entity_count();
    report.clients = commits.size();
    for (std::string& broken : document::broken_invariants(*replayed)) report.problems.push_back(std::move(broken));
    check_outcomes(log, name, commits, report.problems);
    return report;
}

}  // namespace okra::admin
