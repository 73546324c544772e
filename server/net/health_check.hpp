// GET /healthz is a real synced write, and anybody may ask: whoever asks while one is under way gets its answer too, so
// that asking often costs the disk no more than asking all the time. One per worker, touched by its thread only.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/runtime/transport.hpp"

namespace okra::net {

class health_check {
public:
    using receiver = std::function<void(bool healthy, const std::string& message)>;

    explicit health_check(runtime::gateway& gateway) : gateway_{gateway} {}

    void ask(receiver done)
    {
        waiting_.push_back(std::move(done));
        if (waiting_.size() > 1) return;
        gateway_.probe([this](bool healthy, const std::string& message) {
            for (const receiver& it : std::exchange(waiting_, {})) it(healthy, message);
        });
    }

private:
    runtime::gateway& gateway_;
    std::vector<receiver> waiting_;
};

}  // namespace okra::net
