// The web client's real sync core: a Node process that does what it is told, one request at a time
// (web-client/tests/simulation), and its tabs as clients of the simulated world.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "protocol/wire/decode.hpp"
#include "tests/simulation/client.hpp"

namespace okra::simulation {

// One process for all worlds of a run. Throws std::runtime_error when it does not answer.
class browser_process {
public:
    explicit browser_process(const std::string& script);
    ~browser_process();
    browser_process(const browser_process&) = delete;
    browser_process& operator=(const browser_process&) = delete;

    // One line of JSON there, one back; the answer has room behind it for the decoder.
    [[nodiscard]] std::string ask(std::string_view request);

private:
    pid_t process_ = -1;
    int in_ = -1;
    int out_ = -1;
    std::string read_;  // what came behind the last answer
};

class web_tab;

// The browsers of one world: carries what their wires and timers ask for.
class browser final : private wire_user {
public:
    browser(world& around, simulated_server& server, oracle& truth, browser_process& process);
    ~browser() override;

    [[nodiscard]] std::unique_ptr<simulated_client> open_tab(const std::string& client, const std::string& document);

    // `request` without its closing brace. The answer, whose outputs have been carried out.
    std::string ask(std::string request);
    void cut_of(const std::string& client);
    void stop_reading_of(const std::string& client, std::int64_t ms);
    // Everything that was told or asked so far: when it has not moved, nothing in the process has.
    [[nodiscard]] std::uint64_t requests() const { return requests_; }

private:
    struct open_wire {
        std::shared_ptr<simulated_wire> wire;
        std::string client;
    };

    void on_opened(std::uint64_t wire) override;
    void on_message(std::uint64_t wire, std::string_view text) override;
    void on_closed(std::uint64_t wire, std::optional<std::uint16_t> code) override;

    [[nodiscard]] std::int64_t now() const;
    void tell_time();
    std::string exchange(std::string_view request);
    void carry_out(const std::string& answer);
    void set_timer(std::int64_t at_ms);

    world& world_;
    simulated_server& server_;
    oracle& truth_;
    browser_process& process_;
    std::map<std::uint64_t, open_wire> wires_;
    std::int64_t told_ms_ = 0;  // the time that the process knows
    std::optional<std::int64_t> timer_ms_;
    std::uint64_t requests_ = 0;
    wire::decoder decoder_;
    std::shared_ptr<int> here_ = std::make_shared<int>();
};

}  // namespace okra::simulation
