// Files of changes for `okra-cli apply`: a JSON array of operations (one change), or of {"ops":[…]} (one change each).
// Operations are written as on the wire (SPEC §5). A string that is wholly "$name" stands for a fresh id, the same in
// the whole file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "tools/client/failure.hpp"
#include "tools/client/pending.hpp"

namespace okra::cli {

[[nodiscard]] result<std::vector<client::op_list>, client::failure> parse_changes(std::string_view json);

}  // namespace okra::cli
