// Why a tool cannot go on: a sentence for a person, which may quote what a server or a file says; so whoever prints it
// makes each line printable. A type of its own, so that a result can tell it from a string value.
#pragma once

#include <string>
#include <vector>

namespace okra::client {

struct failure {
    std::string message;
    std::vector<std::string> more = {};  // further lines: of many reasons, one each
};

}  // namespace okra::client
