// The engines of all threads as one: rooms are shared out among them, steps run at the same time, counts are added up.
// Between calls no thread runs. Owned by the mode that uses it, main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/load/engine.hpp"

namespace okra::load {

struct fleet_options {
    dialect speaks = dialect::okra;
    client::address server;
    std::string workspace;
    std::uint64_t seed = 0;
    std::size_t threads = 1;
    std::size_t rooms = 1;
    std::size_t editors_per_room = 0;
    std::size_t viewers_per_room = 0;
    std::size_t replicas_per_room = 0;
    bool view = true;
};

class fleet {
public:
    // Resolves, connects everybody and creates the documents.
    [[nodiscard]] static result<fleet, client::failure> assemble(const fleet_options& options);

    [[nodiscard]] result<void, client::failure> add_viewers(std::size_t count_per_room);
    [[nodiscard]] tally run(const step_options& step);
    [[nodiscard]] result<agreement, client::failure> verify();
    [[nodiscard]] result<survival, client::failure> survey();
    void idle(std::chrono::duration<double> length);

private:
    using task = std::function<result<void, client::failure>(engine&)>;
    [[nodiscard]] result<void, client::failure> on_all(const task& work);

    std::vector<std::unique_ptr<engine>> engines_;
};

}  // namespace okra::load
