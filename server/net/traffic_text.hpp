// This layer's figures for /metrics, in the text format of Prometheus.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "server/net/connection_hub.hpp"

namespace okra::net {

// Adds up what the workers have counted. Any thread.
[[nodiscard]] std::string traffic_text(std::span<const traffic* const> workers, std::size_t connections_admitted);

}  // namespace okra::net
