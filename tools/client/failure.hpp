// Why a tool cannot go on: a sentence for a person. A type of its own, so that a result can tell it from a string
// value.
#pragma once

#include <string>

namespace okra::client {

struct failure {
    std::string message;
};

}  // namespace okra::client
