// The answer to a request that costs something and that anybody may make: whoever asks while one is being made gets
// that, and so does whoever asks before it has rested ten times as long as it took. So asking all the time, from any
// number of connections, costs a tenth of a thread or of the disk at most. One per worker, touched by its thread only.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "server/net/answer.hpp"

namespace okra::net {

class shared_answer {
public:
    using clock = std::chrono::steady_clock;
    using receiver = std::function<void(const answer&)>;
    // Makes the answer and gives it to `done`, at once or later on this thread.
    using maker = std::function<void(receiver done)>;

    explicit shared_answer(maker make, clock::duration least_rest = {},
                           std::function<clock::time_point()> now = clock::now)
        : make_{std::move(make)}, least_rest_{least_rest}, now_{std::move(now)}
    {
    }
    shared_answer(const shared_answer&) = delete;
    shared_answer& operator=(const shared_answer&) = delete;
    ~shared_answer() = default;

    void ask(receiver done)
    {
        const clock::time_point asked = now_();
        if (last_ && asked < fresh_until_) return done(*last_);
        waiting_.push_back(std::move(done));
        if (waiting_.size() > 1) return;
        make_([this, asked](const answer& made) {
            constexpr int rest_per_work = 10;
            const clock::time_point now = now_();
            last_ = made;
            fresh_until_ = now + std::max(least_rest_, (now - asked) * rest_per_work);
            for (const receiver& it : std::exchange(waiting_, {})) it(made);
        });
    }

private:
    maker make_;
    clock::duration least_rest_;
    std::function<clock::time_point()> now_;
    std::vector<receiver> waiting_;
    std::optional<answer> last_;
    clock::time_point fresh_until_;
};

}  // namespace okra::net
