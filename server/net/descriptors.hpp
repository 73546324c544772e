// How the file descriptors that the system allows are shared out, so that connections can never take those that storage
// needs to write the next edit. Pure but for `raise_descriptor_limit`.
#pragma once

#include <cstddef>
#include <optional>

namespace okra::net {

struct descriptor_plan {
    std::size_t table_files;  // that storage keeps open at a time
    std::size_t connections;  // besides limits::spare_connections, which are set aside here
};

// Nothing: `limit` is too low to serve anybody, see least_descriptors.
[[nodiscard]] std::optional<descriptor_plan> plan_descriptors(std::size_t limit, std::size_t workers);
[[nodiscard]] std::size_t least_descriptors(std::size_t workers);

// To the hard limit: the usual soft one of 1,024 is for programs that use select(). How many there may be now.
[[nodiscard]] std::size_t raise_descriptor_limit();

}  // namespace okra::net
