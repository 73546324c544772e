// A published quarter of OKRs (cycle, and objectives with key results nested as people nested them) as Okra documents:
// a workspace whose teams are the owners, and a plan for each team. Pure; the command sends the result.
//
// input := {"cycle": {"name", "start", "end"}, "objectives": [node…]}
// node  := {"kind": "objective" | "key_result", "owner", "title", "result"?, "children"?: [node…]}
//
// - Owners are teams, each led by a person of the same name; spellings that differ in case or punctuation are one. A
// team
//   stands under the team that cascades most to it.
// - An objective goes into its owner's plan and is aligned to what it stands under. A key result stays under its
// objective, with its own owner.
// - The written result of an objective or key result is what was learned; no figure is made up from it.
// - What has no owner belongs to whom it stands under.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "tools/client/failure.hpp"
#include "tools/client/pending.hpp"

namespace okra::cli {

struct import_document {
    std::string name;
    client::op_list ops;  // one change
};

struct import_plan {
    std::vector<import_document> documents;  // the workspace first
    std::size_t teams = 0;
    std::size_t objectives = 0;
    std::size_t key_results = 0;
};

[[nodiscard]] result<import_plan, client::failure> plan_import(std::string_view json, const std::string& workspace);

}  // namespace okra::cli
