// One thread with its io_context, the documents that live on it and the sessions that were accepted on it. Everything
// here but `post` and `run` is touched by that thread only, so nothing needs a lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "protocol/base/prng.hpp"
#include "protocol/wire/decode.hpp"
#include "server/runtime/change_lane.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/commit_worker.hpp"
#include "server/runtime/fanout.hpp"
#include "server/runtime/idle_documents.hpp"
#include "server/runtime/services.hpp"

namespace okra::runtime {

class document_actor;
class session;
struct join_request;
struct session_address;

class worker {
public:
    worker(std::size_t index, std::size_t count, services& shared, std::uint64_t seed);
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    void start();
    void stop();  // any thread; joins
    [[nodiscard]] std::size_t number() const { return index_; }
    [[nodiscard]] boost::asio::io_context& context() { return context_; }

    // The worker whose thread this is.
    [[nodiscard]] static worker& current();
    [[nodiscard]] bool is_current() const;

    template <typename Task>
    void post(Task&& task)
    {
        boost::asio::post(context_, std::forward<Task>(task));
    }

    // Behind what has come from sockets by then, too: the loop looks for that less often than it takes up what was
    // posted. For work that others are not to wait for.
    template <typename Task>
    void post_behind(Task&& task)
    {
        post([this, kept = std::forward<Task>(task)]() mutable { post(std::move(kept)); });
    }

    // At once if this worker runs what asks for it, be that a due task, else posted. Order between one sender and this
    // worker is kept.
    template <typename Task>
    void run(Task&& task)
    {
        if (is_current()) {
            task();
        } else {
            post(std::forward<Task>(task));
        }
    }

    // Runs `task` on this worker after `interval`. It cannot be taken back: it looks whether it is still wanted.
    void after(std::chrono::milliseconds interval, std::function<void()> task);

    // ---- instead of `start`: a simulation's thread is every worker's ----
    // Runs one task that is due or was posted. False: there is none.
    bool step();
    [[nodiscard]] std::optional<std::int64_t> next_due_ms() const;  // of steady_clock_ms

    // ---- documents ----
    // Made and loading, on behalf of `session`, if it was not here.
    [[nodiscard]] document_actor& actor(const std::string& document, std::uint64_t session);
    [[nodiscard]] document_actor* find_actor(std::string_view document);
    void drop_actor(const std::string& document);
    // Nobody has it open any more, and it stays in memory while there is room.
    [[nodiscard]] idle_documents::place add_idle(std::string document, std::size_t bytes);
    void remove_idle(idle_documents::place at) { idle_.remove(at); }
    // Something is decided there: it is handed to the log once per turn of the loop, with all others'.
    void mark_decided(document_actor& it);
    void on_appended(std::vector<commit_job> done);
    void on_storage(bool works, const std::string& why);

    // ---- changes ----
    // Decides about it now or in its turn.
    void submit(change_lane::waiting_change it);
    // Nothing of it was stored: the same change may come again.
    void refuse_for_now(wire::session_number from, const std::string& document, sequence seq, refusal why) const;
    [[nodiscard]] static refusal not_opened();
    // The document computes its figures now or in its turn, once for all that ask for it meanwhile.
    void submit_figures(const std::string& document, std::int64_t estimate_us);
    // A session joins a document or leaves it: after what it has sent before is decided (OD9).
    void join(const std::string& document, join_request it);
    void leave(const std::string& document, const session_address& from);
    [[nodiscard]] change_lane& lane() { return lane_; }
    // Does work that follows from a document's changes, which the lane rests for if they were costly.
    template <typename Work>
    void charge(const std::string& document, Work&& work)
    {
        const std::int64_t begin = steady_clock_us();
        std::forward<Work>(work)();
        const std::int64_t end = steady_clock_us();
        lane_.charge(document, 0, end - begin, end);
    }

    // ---- fan-out ----
    [[nodiscard]] fanout& fanout_of(const std::string& document);
    [[nodiscard]] fanout* find_fanout(std::string_view document);
    // All rings together have become too large: the largest give way.
    void shrink_rings_if_needed();

    // ---- sessions ----
    [[nodiscard]] std::uint64_t add(session& it);
    void remove(std::uint64_t number);
    [[nodiscard]] session* find_session(std::uint64_t number);
    void relieve_readers();
    // Drain: of documents that would take long to load again, while there is time.
    void store_snapshots();
    void say_goodbye();  // drain: bye to all, each with a time of its own to come back

    [[nodiscard]] wire::decoder& decoder() { return decoder_; }
    [[nodiscard]] prng& random() { return random_; }
    [[nodiscard]] services& shared() { return shared_; }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <typename Value>
    using by_name = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

    [[nodiscard]] std::vector<std::shared_ptr<document_actor>> all_actors() const;
    void hand_over_decided();
    void follow_up(document_actor& it);
    void decide(const change_lane::waiting_change& it);
    void schedule_lane();
    void run_lane();
    void schedule_housekeeping();
    void set_alarm();
    [[nodiscard]] bool run_until_out_of_memory();
    bool run_due();
    void keep_house();
    [[nodiscard]] bool has_unloaded_enough(std::int64_t begin_us) const;
    void unload_idle_beyond_bounds();
    void unload_idle(std::vector<std::shared_ptr<document_actor>> candidates);

    const std::size_t index_;
    const std::size_t count_;
    services& shared_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_guard_;
    std::multimap<std::int64_t, std::function<void()>> due_;  // by steady_clock_ms
    std::optional<boost::asio::steady_timer> alarm_;          // for the first of `due_`; none in a simulation
    by_name<std::shared_ptr<document_actor>> actors_;
    rings_total rings_;
    by_name<std::unique_ptr<fanout>> fanouts_;
    std::unordered_map<std::uint64_t, session*> sessions_;
    std::vector<std::shared_ptr<document_actor>> decided_;
    change_lane lane_;
    bool lane_scheduled_ = false;
    idle_documents idle_;
    bool unloading_ = false;
    bool making_room_ = false;
    std::uint64_t sessions_made_ = 0;
    document::day_number day_;
    wire::decoder decoder_;
    prng random_;
    std::thread thread_;
};

}  // namespace okra::runtime
