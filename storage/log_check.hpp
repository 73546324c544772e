// Reads a log once through, as its interface gives it: whether every document's state and records can be read and are
// whole. What the records say is not looked at; okra-admin's verify does that.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/log.hpp"

namespace okra::storage {

struct log_check {
    std::uint64_t documents = 0;
    std::vector<std::string> problems;  // a sentence each
};

[[nodiscard]] log_check check_documents(const log& it);

// Calls `visit` with each document's name, in byte order.
[[nodiscard]] result<void, failure> for_each_document(const log& it,
                                                      const std::function<void(const std::string& name)>& visit);

}  // namespace okra::storage
