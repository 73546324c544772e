// One simulated world from its beginning to its end: people edit while everything that can fail fails; then the faults
// end and everything has to come to rest. Time, chance and order come from the seed alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "tests/simulation/client.hpp"
#include "tests/simulation/simulated_log.hpp"
#include "tests/simulation/simulated_server.hpp"
#include "tests/simulation/web_client.hpp"
#include "tests/simulation/world.hpp"

namespace okra::simulation {

class simulation {
public:
    // `browser` runs the web clients; without it there are none.
    simulation(const options& how, counters& counted, simulated_disk& disk, browser_process* browser);

    // Prints what this client is told and says.
    void trace(const std::string& client) { world_.traced = client; }

    // Throws broken_promise.
    void run();

    // Of everything that became durable: the same seed gives the same.
    [[nodiscard]] std::uint64_t fingerprint() const;

private:
    void found_documents();
    void found(const std::string& name, const std::vector<std::vector<document::operation>>& changes);
    void people_come();
    [[nodiscard]] std::unique_ptr<simulated_client> newcomer(bool view);
    void act_later(std::size_t seat);
    void plan_faults();
    void again_and_again(const span_ms& every, const std::function<void()>& happens);
    void start_later();
    void sweep_later();
    void check_sometimes();

    [[nodiscard]] bool step();
    void run_until(std::int64_t steady_ms, const std::function<bool()>& done);
    void end_faults();
    void settle();

    const options how_;
    prng random_;
    runtime::virtual_clock clock_;
    agenda later_;
    world world_;
    oracle truth_;
    simulated_log log_;
    simulated_server server_;
    std::unique_ptr<browser> browser_;
    std::vector<std::unique_ptr<simulated_client>> clients_;  // by seat; others take the seats of those who leave
    std::vector<std::string> plans_;
    std::uint64_t people_ = 0;
};

}  // namespace okra::simulation
