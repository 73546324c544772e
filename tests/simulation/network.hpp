// Connections between clients and the server: what is under way takes its time, keeps its order, and is lost when the
// connection breaks. A reader may stop; then what is under way fills up and the server's socket takes no more.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/wire/websocket.hpp"
#include "tests/simulation/simulated_server.hpp"
#include "tests/simulation/world.hpp"

namespace okra::simulation {

// The client's end of a connection, as it hears of it.
class wire_user {
public:
    wire_user() = default;
    wire_user(const wire_user&) = delete;
    wire_user& operator=(const wire_user&) = delete;
    virtual ~wire_user() = default;

    virtual void on_opened(std::uint64_t wire) = 0;
    virtual void on_message(std::uint64_t wire, std::string_view text) = 0;
    virtual void on_closed(std::uint64_t wire, std::optional<std::uint16_t> code) = 0;  // the last of a wire
};

class network;

// One connection. Lives as long as anything about it is under way.
class simulated_wire final : public far_end, public std::enable_shared_from_this<simulated_wire> {
public:
    simulated_wire(std::uint64_t number, world& around, simulated_server& server, wire_user& user);

    // ---- by the client ----
    void connect();
    void send(std::string text);
    void close();  // in good order: what was sent before arrives
    void cut();    // it breaks; who hears of it, and when, is chance
    void stop_reading_for(std::int64_t ms);
    // The client is gone without a word.
    void abandon();
    [[nodiscard]] bool is_open() const { return state_ == state::open; }

    // ---- far_end: by the server ----
    void deliver(std::string bytes) override;
    [[nodiscard]] std::size_t room() const override;
    void closed(std::optional<std::uint16_t> code) override;

private:
    enum class state : std::uint8_t { connecting, open, over };

    [[nodiscard]] std::int64_t arrival(std::int64_t& last) const;
    void refuse();
    void arrive_at_server(std::string text);
    void arrive_at_client();
    void tell_closed(std::int64_t in_ms, std::optional<std::uint16_t> code);

    const std::uint64_t number_;
    world& world_;
    simulated_server& server_;
    wire_user* user_;
    std::shared_ptr<simulated_connection> far_;
    state state_ = state::connecting;
    bool broken_ = false;  // nothing arrives any more, on either side
    std::int64_t last_up_ms_ = 0;
    std::int64_t last_down_ms_ = 0;
    std::int64_t reading_from_ms_ = 0;
    std::deque<std::string> down_;
    std::size_t down_bytes_ = 0;
    wire::frame_reader reader_{wire::frame_reader::role::client, 8 << 20};
};

}  // namespace okra::simulation
