// The real runtime, run step by step in one thread: its workers, committer and loader in an order that the seed
// decides, its connections without sockets. It can die at any moment and be started anew on the same log.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "server/runtime/server_runtime.hpp"
#include "tests/simulation/simulated_log.hpp"
#include "tests/simulation/world.hpp"

namespace okra::simulation {

// Where a connection of the server leads to.
class far_end {
public:
    far_end() = default;
    far_end(const far_end&) = delete;
    far_end& operator=(const far_end&) = delete;
    virtual ~far_end() = default;

    virtual void deliver(std::string bytes) = 0;  // whole frames
    [[nodiscard]] virtual std::size_t room() const = 0;
    virtual void closed(std::optional<std::uint16_t> code) = 0;
};

// The server's end. Its session lives on one worker and is touched in that worker's steps only.
class simulated_connection final : public runtime::transport,
                                   public std::enable_shared_from_this<simulated_connection> {
public:
    simulated_connection(world& around, runtime::server_runtime& runtime, std::size_t worker,
                         std::weak_ptr<far_end> client);

    // From outside of the workers: each is posted to the connection's own one.
    void open();
    void receive(std::string text);
    void peer_gone();
    void room_again();  // the client has read
    void sweep();
    [[nodiscard]] bool has_session() const { return session_ != nullptr; }

    // The process is dying: no worker runs any more.
    void die();

    void wake() override;
    void close_after_writing(std::uint16_t code) override;

private:
    template <typename Task>
    void on_worker(Task task);

    void write();
    void finish_write();
    void end(std::optional<std::uint16_t> code);

    world& world_;
    runtime::server_runtime* runtime_;
    std::size_t worker_;
    std::weak_ptr<far_end> client_;
    std::unique_ptr<runtime::client_session> session_;
    std::vector<boost::asio::const_buffer> writing_;
    std::string written_;  // what `writing_` held when it was given: it must stay so until it is written
    std::optional<std::uint16_t> closing_;
    bool wake_posted_ = false;
};

class simulated_server {
public:
    simulated_server(world& around, simulated_log& log);
    ~simulated_server();

    [[nodiscard]] bool is_up() const { return runtime_ != nullptr; }
    void start();
    void crash();
    // In good order; `stopped` is called when the process has ended.
    void drain(std::function<void()> stopped);

    // Runs one task of one part. False: there is nothing to do now.
    [[nodiscard]] bool step();
    [[nodiscard]] std::optional<std::int64_t> next_due_ms() const;

    // Null when nobody listens.
    [[nodiscard]] std::shared_ptr<simulated_connection> accept(std::weak_ptr<far_end> client);
    void sweep();

    // Throws broken_promise where more is kept for readers than may be.
    void check_limits(std::span<const std::string> documents) const;

private:
    void check_unread(std::size_t rings, std::size_t snapshots, std::size_t largest_snapshot) const;
    [[nodiscard]] bool step_part(std::size_t index);
    [[nodiscard]] bool step_committer();
    void end_process();

    world& world_;
    simulated_log& log_;
    std::unique_ptr<runtime::server_runtime> runtime_;
    std::vector<std::shared_ptr<simulated_connection>> connections_;
    std::vector<std::int64_t> stands_still_until_;  // by part
    std::uint64_t process_ = 0;                     // tells one process's later events from the next one's
    bool writing_ = false;
    std::int64_t next_recovery_ms_ = 0;
    bool drained_ = false;
};

}  // namespace okra::simulation
