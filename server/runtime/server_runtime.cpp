#include "server/runtime/server_runtime.hpp"

#include <atomic>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "server/runtime/document_actor.hpp"
#include "server/runtime/loading.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/session.hpp"

namespace okra::runtime {

server_runtime::server_runtime(storage::log& log, options how) : shared_{log, figures_, how.keep}
{
    const std::uint64_t seed = how.seed ? *how.seed : std::random_device{}();
    shared_.epoch = log.epoch();
    shared_.server_name = std::move(how.server_name);
    figures_.commits_lost.Increment(static_cast<double>(how.commits_lost));
    shared_.workers = &workers_;
    workers_.reserve(how.threads);
    for (std::size_t index = 0; index < how.threads; ++index) {
        workers_.push_back(std::make_unique<worker>(index, how.threads, shared_, seed + index));
    }
    committer_ = std::make_unique<commit_worker>(shared_);
    shared_.committer = committer_.get();
}

server_runtime::~server_runtime()
{
    stop();
}

// Whose thread may call into another part ends before that part's: loaders, committer, then the workers. These still
// ask the committer for something until they have ended.
void server_runtime::stop()
{
    shared_.load.stop();
    if (committer_) committer_->stop();
    for (const auto& it : workers_) it->stop();
    committer_.reset();
}

void server_runtime::start()
{
    shared_.load.start();
    committer_->start();
    for (const auto& it : workers_) it->start();
}

std::unique_ptr<client_session> server_runtime::connect(transport& peer, connection_facts facts)
{
    return std::make_unique<session>(peer, std::move(facts), worker::current());
}

std::string server_runtime::scrape() const
{
    figures_.unread_bytes.Set(static_cast<double>(shared_.unread.used()));
    figures_.under_way_bytes.Set(static_cast<double>(shared_.under_way_bytes.load()));
    figures_.frame_bytes.Set(static_cast<double>(frame::bytes_alive()));
    figures_.written_today_bytes.Set(static_cast<double>(written_->of(today())));
    return figures_.scrape();
}

void server_runtime::probe(std::function<void(bool, std::string)> done)
{
    committer_->run([this, home = &worker::current(), done = std::move(done)]() mutable {
        const auto probed = shared_.log.probe();
        std::string message;
        if (!probed) message = fmt::format("changes cannot be saved: {}", storage::name_of(probed.error().code));
        if (std::exchange(was_healthy_, probed.has_value()) && !probed) {
            log::error("health_check_failed", {{"reason", probed.error().message}});
        }
        home->post([done = std::move(done), healthy = probed.has_value(), message = std::move(message)] {
            done(healthy, message);
        });
    });
}

void server_runtime::list_workspaces(std::function<void(std::string)> done)
{
    list_some(std::make_shared<workspace_list>(shared_.log, shared_.titles), worker::current(), std::move(done));
}

// In turns with documents that are loaded.
void server_runtime::list_some(std::shared_ptr<workspace_list> list, worker& home,
                               std::function<void(std::string)> done)
{
    shared_.load.post(loader::kind::document, loader::nobody,
                      [this, list = std::move(list), &home, done = std::move(done)] {
                          auto json = list->go_on(shared_.keep.replay_turn_us);
                          if (!json) return list_some(list, home, done);
                          home.post([done, json = *std::move(json)] { done(json); });
                      });
}

void server_runtime::drain(std::function<void()> done)
{
    shared_.draining = true;
    // Each worker first hands over what it has decided; a task that the committer runs after that finds all of it
    // written.
    const auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size());
    for (const auto& each : workers_) {
        each->post([this, left, done] {
            if (--*left != 0) return;
            finish_writing(done, writing_rounds);
        });
    }
}

// A document's next append follows the one in flight: two rounds through committer and workers bring out everything.
void server_runtime::finish_writing(std::function<void()> done, std::size_t rounds)
{
    committer_->run([this, done = std::move(done), rounds] {
        const auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size());
        for (const auto& each : workers_) {
            each->post([this, worker = each.get(), left, done, rounds] {
                if (rounds == 1) worker->store_snapshots();
                if (rounds == 0) worker->say_goodbye();
                if (--*left != 0) return;
                if (rounds == 0) {
                    done();
                } else {
                    finish_writing(done, rounds - 1);
                }
            });
        }
    });
}

}  // namespace okra::runtime
