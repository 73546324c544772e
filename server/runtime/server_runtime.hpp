// The running server without its network: workers, committer, loaders, and the gateway that connections come in by.
// Construct, `start`, attach the network to each worker's context; at the end `drain`, `stop`, destroy the network,
// then this.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

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
        // How old a snapshot may be that serves a join, the newer commits following it: who comes at the same time
        // shares one, and nobody watches a page catch up.
        std::chrono::milliseconds snapshot_age{100};
        // A document that was changed or opened tells its hash so much later (AU2).
        std::chrono::milliseconds audit_interval{10'000};
    };

    // `log` outlives the runtime.
    server_runtime(storage::log& log, options how);
    ~server_runtime() override;

    void start();

    [[nodiscard]] std::size_t worker_count() const { return workers_.size(); }
    [[nodiscard]] boost::asio::io_context& context(std::size_t index) { return workers_[index]->context(); }
    [[nodiscard]] const metrics& figures() const { return figures_; }

    [[nodiscard]] std::unique_ptr<client_session> connect(transport& peer, connection_facts facts) override;
    void probe(std::function<void(bool healthy, std::string message)> done) override;
    void list_workspaces(std::function<void(std::string json)> done) override;

    // No change is taken any more; what was taken is written and sent; then everybody gets `bye` and `done` is called,
    // on some worker. The connections close by themselves as their last bytes leave.
    void drain(std::function<void()> done);

    // Ends all threads. The contexts stay, so that what is attached to them can be destroyed before them.
    void stop();

private:
    static constexpr std::size_t writing_rounds = 2;

    void finish_writing(std::function<void()> done, std::size_t rounds);

    metrics figures_;
    boost::asio::thread_pool loaders_;
    services shared_;
    std::vector<std::unique_ptr<worker>> workers_;
    std::unique_ptr<commit_worker> committer_;
};

}  // namespace okra::runtime
