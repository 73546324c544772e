// The documents of one worker that nobody has open, in the order in which they were left. They stay in memory for who
// comes back, and these say which is the first to go when there are too many. Owned by a worker, touched by its thread
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "server/runtime/metrics.hpp"

namespace okra::runtime {

class idle_documents {
public:
    using place = std::uint64_t;

    // `figures` outlive it.
    explicit idle_documents(metrics& figures) : figures_{figures} {}
    ~idle_documents();
    idle_documents(const idle_documents&) = delete;
    idle_documents& operator=(const idle_documents&) = delete;

    [[nodiscard]] place add(std::string document, std::size_t bytes);
    void remove(place at);

    [[nodiscard]] bool exceed(std::size_t count_max, std::size_t bytes_max) const
    {
        return waiting_.size() > count_max || bytes_ > bytes_max;
    }
    // Not empty.
    [[nodiscard]] const std::string& oldest() const { return waiting_.begin()->second.name; }

private:
    struct document {
        std::string name;
        std::size_t bytes;
    };

    metrics& figures_;
    std::map<place, document> waiting_;
    std::size_t bytes_ = 0;
    place last_ = 0;
};

}  // namespace okra::runtime
