#include "tools/client/self_audit.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "protocol/document/rolling_hash.hpp"

namespace okra::client {

namespace {

using document::entity;

const document::initial_value& value_of(const entity& it, const std::string& field)
{
    static const document::initial_value unset;
    const auto found = it.fields.find(field);
    if (found == it.fields.end() || document::is_unset(*it.kind, field, found->second.value)) return unset;
    return found->second.value;
}

bool same_but_fields(const entity& a, const entity& b)
{
    return std::tie(a.kind, a.parent, a.position, a.removed) == std::tie(b.kind, b.parent, b.position, b.removed);
}

void note_differences(const entity& a, const entity& b, std::vector<std::string>& out)
{
    if (!same_but_fields(a, b)) out.push_back(a.id);
    std::set<std::string> fields;
    for (const auto* it : {&a, &b}) {
        for (const auto& [field, state] : it->fields) fields.insert(field);
    }
    for (const auto& field : fields) {
        if (value_of(a, field) != value_of(b, field)) out.push_back(a.id + "/" + field);
    }
}

}  // namespace

bool self_audit::finds_difference(const wire::audit& told, const document::document& confirmed)
{
    if (report_) return false;  // a snapshot is on its way
    const auto hash = confirmed.hash();
    if (hash == told.hash) {
        if (++agreed_ >= agreements_to_forget) reloads_ = 0;
        return false;
    }
    agreed_ = 0;
    if (waits_ > 0) {
        --waits_;
        return false;
    }
    // None before the second, then 2, 6, 14, … audits are let pass.
    waits_ = std::min((1U << std::min(++reloads_, 31U)) - 2, waits_max);
    report_ = wire::diverged{told.document, told.at, hash, since_, false, {}};
    return true;
}

std::optional<wire::diverged> self_audit::take_report(const document::document& confirmed,
                                                      const document::document& snapshot)
{
    since_ = snapshot.head();
    auto report = std::exchange(report_, {});
    if (report) report->differs = differences(confirmed, snapshot);
    return report;
}

std::vector<std::string> differences(const document::document& a, const document::document& b)
{
    std::vector<std::string> out;
    for (const auto* it : a.in_tree_order()) {
        const auto* other = b.find(it->id);
        if (other == nullptr) {
            out.push_back(it->id);
        } else {
            note_differences(*it, *other, out);
        }
    }
    for (const auto* it : b.in_tree_order()) {
        if (a.find(it->id) == nullptr) out.push_back(it->id);
    }
    out.resize(std::min(out.size(), wire::diverged_differs_max));
    return out;
}

}  // namespace okra::client
