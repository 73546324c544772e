// A file of a cycle's OKRs, read and checked as a whole before anything is made of it: every mistake is told with its
// place in the file. Pure. docs/import.md describes the format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "tools/client/failure.hpp"

namespace okra::cli {

// Where something stands in the file, and what it is called: `objectives[3].children[0] “Grow”`.
struct import_place {
    std::string path;
    std::string title;
};
[[nodiscard]] std::string describe(const import_place& place);

struct import_node {
    bool is_objective = false;
    std::string owner;  // empty: whose it stands under
    std::string title;
    std::string outcome;  // the written result
    std::optional<double> score;
    import_place place;
    std::vector<import_node> children;
};

struct import_file {
    std::string cycle;
    std::string start;  // dates, or empty
    std::string end;
    std::vector<import_node> objectives;
};

// A failure lists the first 20 mistakes, one a line.
[[nodiscard]] result<import_file, client::failure> read_import(std::string_view json);

}  // namespace okra::cli
