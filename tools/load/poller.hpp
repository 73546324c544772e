// Waits for many sockets at once: epoll, level-triggered, one system call to read a ready socket into a buffer that all
// of them share. Asio would try each read twice and keep a buffer for each connection; the generator has to be lighter
// than what it measures. Owned by one engine, one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace okra::load {

using clock = std::chrono::steady_clock;

class poller {
public:
    class watcher {
    public:
        watcher() = default;
        watcher(const watcher&) = delete;
        watcher& operator=(const watcher&) = delete;
        virtual ~watcher() = default;
        virtual void on_ready(bool readable, bool writable) = 0;
    };

    poller();  // throws std::system_error: start-up
    ~poller();
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    void watch(int socket, watcher& it, bool for_writing);
    void rewatch(int socket, watcher& it, bool for_writing);
    void forget(int socket);

    // Serves sockets that are ready, at most one batch; waits for one no longer than until `deadline`.
    void serve(clock::time_point deadline);

    // Where a watcher reads to; free again when on_ready returns. Readable for decoder::padding bytes beyond its end.
    [[nodiscard]] std::span<char> buffer() { return buffer_view_; }

    // Bytes that all watchers together have read.
    void count_received(std::size_t bytes) { received_ += bytes; }
    [[nodiscard]] std::uint64_t received() const { return received_; }

private:
    int epoll_;
    std::vector<char> buffer_;
    std::span<char> buffer_view_;
    std::uint64_t received_ = 0;
};

}  // namespace okra::load
