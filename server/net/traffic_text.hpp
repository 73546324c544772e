// This layer's figures for /metrics, in the text format of Prometheus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "server/net/connection_hub.hpp"

namespace okra::net {

struct connection_figures {
    std::size_t open;
    std::size_t most;
    std::uint64_t refused;
};

// Adds up what the workers have counted. Any thread.
[[nodiscard]] std::string traffic_text(std::span<const traffic* const> workers, const connection_figures& connections);

}  // namespace okra::net
