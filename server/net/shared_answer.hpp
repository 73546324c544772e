// The answer to a request that costs something and that anybody may make: whoever asks while one is being made gets
// that, and so does whoever asks before it has rested ten times as long as it took. So making it all the time costs a
// tenth of a thread or of the disk at most. Who has been given it asks in vain for the same again, and waits for the
// next: so giving it to any number of connections that ask all the time costs each of them one answer a rest. One per
// worker, touched by its thread only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/net/answer.hpp"

namespace okra::net {

class shared_answer {
public:
    using clock = std::chrono::steady_clock;
    using receiver = std::function<void(const answer&)>;
    // Makes the answer and gives it to `done`, at once or later on this thread.
    using maker = std::function<void(receiver done)>;
    // Runs `task` on this thread after so long.
    using waiter = std::function<void(clock::duration after, std::function<void()> task)>;

    shared_answer(maker make, waiter wait, clock::duration least_rest = {},
                  std::function<clock::time_point()> now = clock::now)
        : make_{std::move(make)}, wait_{std::move(wait)}, least_rest_{least_rest}, now_{std::move(now)}
    {
    }
    shared_answer(const shared_answer&) = delete;
    shared_answer& operator=(const shared_answer&) = delete;
    ~shared_answer() = default;

    // The number of the newest answer; 0: there was none.
    [[nodiscard]] std::uint64_t number() const { return number_; }

    // `had`: the number of the newest answer that whoever asks was given.
    void ask(receiver done, std::uint64_t had = 0)
    {
        const clock::time_point now = now_();
        const bool rests = number_ != 0 && now < fresh_until_;
        if (rests && had != number_) return done(*last_);
        waiting_.push_back(std::move(done));
        if (std::exchange(is_coming_, true)) return;
        if (rests) {
            wait_(fresh_until_ - now, [this] { make(); });
        } else {
            make();
        }
    }

private:
    void make()
    {
        make_([this, begin = now_()](const answer& made) {
            constexpr int rest_per_work = 10;
            const clock::time_point now = now_();
            last_ = made;
            ++number_;
            fresh_until_ = now + std::max(least_rest_, (now - begin) * rest_per_work);
            is_coming_ = false;
            for (const receiver& it : std::exchange(waiting_, {})) it(made);
        });
    }

    maker make_;
    waiter wait_;
    clock::duration least_rest_;
    std::function<clock::time_point()> now_;
    std::vector<receiver> waiting_;
    bool is_coming_ = false;  // being made, or waited for
    std::optional<answer> last_;
    std::uint64_t number_ = 0;
    clock::time_point fresh_until_;
};

inline shared_answer::waiter wait_on(boost::asio::io_context& context)
{
    return [&context](shared_answer::clock::duration after, std::function<void()> task) {
        const auto timer = std::make_shared<boost::asio::steady_timer>(context, after);
        timer->async_wait([timer, task = std::move(task)](boost::system::error_code ec) {
            if (!ec) task();
        });
    };
}

}  // namespace okra::net
