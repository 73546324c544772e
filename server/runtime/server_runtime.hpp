// The running server without its network: workers, committer, loaders, and the gateway that connections come in by.
// Construct, `start`, attach the network to each worker's context; at the end `drain`, `stop`, destroy the network,
// then this.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "server/runtime/bounds.hpp"
#include "server/runtime/commit_worker.hpp"
#include "server/runtime/metrics.hpp"
#include "server/runtime/services.hpp"
#include "server/runtime/transport.hpp"
#include "server/runtime/worker.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

class server_runtime final : public gateway {
public:
    struct options {
        std::size_t threads = 1;
        std::string server_name;  // "okra 0.1.0"
        bounds keep = {};
        std::uint64_t commits_lost = 0;          // that the log missed when it was opened
        std::optional<std::uint64_t> seed = {};  // of what is left to chance; none: unpredictable
    };

    // `log` outlives the runtime.
    server_runtime(storage::log& log, options how);
    ~server_runtime() override;

    void start();

    // ---- instead of `start`, for a simulation: one thread runs all parts, step by step, in the order that it likes
    // ----
    [[nodiscard]] worker& worker_at(std::size_t index) { return *workers_[index]; }
    [[nodiscard]] commit_worker& committer() { return *committer_; }
    bool step_loader() { return shared_.load.step(); }
    [[nodiscard]] const services& shared() const { return shared_; }

    [[nodiscard]] std::size_t worker_count() const { return workers_.size(); }
    [[nodiscard]] boost::asio::io_context& context(std::size_t index) { return workers_[index]->context(); }
    [[nodiscard]] const metrics& figures() const { return figures_; }
    // For whoever keeps them over restarts. Any thread.
    [[nodiscard]] write_quotas& quotas() { return shared_.quotas; }
    // All of them, in the text format of Prometheus. Any thread.
    [[nodiscard]] std::string scrape() const;

    [[nodiscard]] std::unique_ptr<client_session> connect(transport& peer, connection_facts facts) override;
    [[nodiscard]] bool is_congested() const override { return shared_.is_congested(); }
    void probe(std::function<void(bool healthy, std::string message)> done) override;
    void list_workspaces(std::function<void(std::string json)> done) override;

    // No change is taken any more; what was taken is written and sent; then everybody gets `bye` and `done` is called,
    // on some worker. The connections close by themselves as their last bytes leave.
    void drain(std::function<void()> done);

    // Ends all threads. The contexts stay, so that what is attached to them can be destroyed before them.
    void stop();

private:
    static constexpr std::size_t writing_rounds = 2;

    void list_some(std::shared_ptr<workspace_list> list, worker& home, std::function<void(std::string)> done);
    void finish_writing(std::function<void()> done, std::size_t rounds);

    metrics figures_;
    services shared_;
    const std::shared_ptr<daily_bytes> written_ = shared_.quotas.counter_of(whole_server);
    std::vector<std::unique_ptr<worker>> workers_;
    std::unique_ptr<commit_worker> committer_;
    bool was_healthy_ = true;  // at the last probe; touched by the committer's thread only
};

}  // namespace okra::runtime
