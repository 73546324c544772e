// The few threads that read from storage, and put large documents away, because a worker must not wait for it. Work
// comes in small portions and is done in turns: a session that asks for much waits for itself, not others for it. What
// is short never waits for what is long: one thread does no long work at all. Any thread may post; the owner starts and
// stops it.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace okra::runtime {

class loader {
public:
    using task = std::function<void()>;

    // From the shortest to the longest.
    enum class kind : std::uint8_t {
        outcome,   // one row
        piece,     // of a tail: bounds::piece_bytes
        document,  // a whole one, or several
    };

    // Work without a session, such as loading a document again after a failed write.
    static constexpr std::uint64_t nobody = 0;

    loader() = default;
    ~loader() { stop(); }
    loader(const loader&) = delete;
    loader& operator=(const loader&) = delete;

    void start();
    // What has begun is finished, what waits is dropped.
    void stop();
    // Instead of `start`, for a simulation: does one task. False: there is none.
    bool step();

    void post(kind what, std::uint64_t session, task work);
    // What is left of the task that runs, when others have had their turn: before all else of that session.
    void post_rest(kind what, std::uint64_t session, task work);

private:
    // The sessions that wait, in turns; of each one, its tasks in order.
    class turns {
    public:
        void add(std::uint64_t session, task work);
        void add_first(std::uint64_t session, task work);
        [[nodiscard]] std::optional<task> take();

    private:
        std::map<std::uint64_t, std::deque<task>> waiting_;
        std::deque<std::uint64_t> next_;
    };

    static constexpr std::size_t kinds = 3;

    void work(bool long_too);
    [[nodiscard]] std::optional<task> take(bool long_too);
    [[nodiscard]] turns& of(kind what) { return waiting_[static_cast<std::size_t>(what)]; }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<turns, kinds> waiting_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace okra::runtime
