// A connection without a socket: it writes what its session gives as soon as the session asks for it, and keeps the
// messages for the test, which runs on another thread than the session's worker.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "protocol/wire/websocket.hpp"
#include "server/runtime/server_runtime.hpp"

namespace okra::tests {

class test_peer final : public runtime::transport {
public:
    // Connects on the worker numbered `at`.
    test_peer(runtime::server_runtime& server, std::size_t at);
    ~test_peer() override;

    void send(std::string json);
    // What peers of one worker send, in this order and before that worker does anything else.
    struct sent {
        test_peer& by;
        std::string json;
    };
    static void send_in_one_turn(std::vector<sent> messages);
    // The next message, waiting for it; fails the test when none comes for a long time.
    [[nodiscard]] std::string next();
    // The next message of this type, leaving out others.
    [[nodiscard]] std::string next_of(const std::string& type);
    [[nodiscard]] std::optional<std::uint16_t> wait_for_close();

    // A peer that does not read: nothing is gathered until `resume_reading`.
    void stop_reading();
    void resume_reading();
    // A peer whose socket takes so many writes: what is gathered after that stays under way, until `resume_writing`.
    void stop_writing_after(std::size_t writes);
    void resume_writing();

    void say_hello(const std::string& client, const std::string& workspace = "acme");

    // The worker's sweep as it would come so much later.
    void sweep_after(std::int64_t milliseconds);

    void wake() override;
    void close_after_writing(std::uint16_t code) override;

private:
    void write_soon();
    void write_all();
    void deliver(std::string bytes);
    template <typename Task>
    void on_worker(Task task);

    boost::asio::io_context& context_;
    std::shared_ptr<int> here_ = std::make_shared<int>();  // gone with the peer: what is posted may come after it
    std::unique_ptr<runtime::client_session> session_;     // worker's thread
    bool writing_ = false;                                 // worker's thread
    bool reading_ = true;                                  // worker's thread
    std::optional<std::size_t> writes_left_;               // worker's thread
    std::string held_;                                     // worker's thread
    wire::frame_reader reader_{wire::frame_reader::role::client, 8 << 20};  // worker's thread

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::string> messages_;
    std::optional<std::uint16_t> closed_;
};

}  // namespace okra::tests
