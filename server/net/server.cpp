#include "server/net/server.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include "server/net/http_session.hpp"
#include "server/net/listener.hpp"
#include "server/net/shared_answer.hpp"
#include "server/net/traffic_text.hpp"

namespace okra::net {

namespace {

using boost::asio::io_context;

struct worker_parts {
    worker_parts(io_context& context, runtime::gateway& gateway, websocket_options options,
                 const std::function<std::string()>& scrape)
        : hub{context, gateway, options},
          health{[&gateway](const auto& done) {
                     gateway.probe([done](bool healthy, const std::string& message) {
                         done(healthy ? text_answer(200, "ok\n") : text_answer(503, message + "\n"));
                     });
                 },
                 wait_on(context)},
          metrics{[scrape](const auto& done) {
                      done(text_answer(200, scrape(), "text/plain; version=0.0.4; charset=utf-8"));
                  },
                  wait_on(context), limits::metrics_age},
          workspaces{[&gateway](const auto& done) {
                         gateway.list_workspaces(
                             [done](std::string json) { done(text_answer(200, std::move(json), "application/json")); });
                     },
                     wait_on(context)}
    {
    }
    connection_hub hub;
    shared_answer health;
    shared_answer metrics;
    shared_answer workspaces;
};

// Runs `task` on each worker and comes back when all have.
template <typename Task>
void on_each(std::span<const std::unique_ptr<worker_parts>> workers, const Task& task)
{
    std::vector<std::future<void>> done;
    for (const auto& it : workers) {
        std::packaged_task<void()> one{[&task, &it] { task(*it); }};
        done.push_back(one.get_future());
        boost::asio::post(it->hub.context(), std::move(one));
    }
    for (std::future<void>& it : done) it.get();
}

websocket_options share_of(websocket_options all, std::size_t workers)
{
    all.unfinished_bytes_max =
        std::max(all.unfinished_bytes_max / workers, all.message_bytes_max * limits::unfinished_messages_min);
    return all;
}

boost::asio::ip::tcp::endpoint endpoint_of(const server::options& how)
{
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(how.host, ec);
    if (ec) throw startup_failure{fmt::format("{} is not an IP address to listen on.", how.host)};
    return {address, how.port};
}

site load_site(const std::optional<std::filesystem::path>& folder)
{
    if (!folder) return {};
    auto loaded = site::load(*folder);
    if (!loaded) throw startup_failure{loaded.error().sentence};
    return std::move(*loaded);
}

}  // namespace

struct server::state {
    http_shared shared;
    std::vector<std::unique_ptr<worker_parts>> workers;
    std::vector<const traffic*> figures;
    std::shared_ptr<net::listener> listener;
};

server::server(options how, runtime::gateway& gateway, std::span<io_context* const> workers)
    : state_{std::make_unique<state>()}
{
    const auto at = endpoint_of(how);
    state_->shared.files = load_site(how.web);
    state_->shared.origins = std::move(how.origins);
    state_->shared.header_deadline = how.header_deadline;
    state_->shared.proxies = how.admission.proxies;
    const auto scrape = [parts = state_.get(), runtime = std::move(how.scrape)] {
        return runtime() + traffic_text(parts->figures, {.open = parts->listener->admitted().open(),
                                                         .most = parts->listener->admitted().connections_max(),
                                                         .refused = parts->listener->refused()});
    };
    const websocket_options share = share_of(how.websocket, workers.size());
    for (io_context* const it : workers) {
        state_->workers.push_back(std::make_unique<worker_parts>(*it, gateway, share, scrape));
        state_->figures.push_back(&state_->workers.back()->hub.figures());
    }
    const auto receive = [parts = state_.get()](std::size_t index, tcp_socket socket, admission::ticket ticket) {
        worker_parts& it = *parts->workers[index];
        serve_http(std::move(socket), std::move(ticket),
                   {.hub = it.hub, .health = it.health, .metrics = it.metrics, .workspaces = it.workspaces},
                   parts->shared);
    };
    try {
        state_->listener =
            std::make_shared<listener>(at, std::vector(workers.begin(), workers.end()), how.admission, receive);
    } catch (const boost::system::system_error& failed) {
        throw startup_failure{fmt::format("Cannot listen on {}:{}: {}.", how.host, how.port, failed.code().message())};
    }
    state_->shared.count_for = [parts = state_.get()](admission::ticket now, const boost::asio::ip::address& from,
                                                      std::function<void(std::optional<admission::ticket>)> done) {
        parts->listener->count_for(std::move(now), from, std::move(done));
    };
}

server::~server() = default;

std::uint16_t server::port() const
{
    return state_->listener->port();
}

void server::start()
{
    for (const auto& it : state_->workers) it->hub.start();
    state_->listener->start();
}

void server::stop_accepting()
{
    state_->shared.stopping = true;
    boost::asio::post(state_->workers.front()->hub.context(), [it = state_->listener] { it->stop(); });
}

void server::when_empty(std::function<void()> done)
{
    const auto left = std::make_shared<std::atomic<std::size_t>>(state_->workers.size());
    const auto one_less = [left, done = std::move(done)] {
        if (--*left == 0) done();
    };
    for (const auto& it : state_->workers) {
        boost::asio::post(it->hub.context(), [&hub = it->hub, one_less] { hub.when_empty(one_less); });
    }
}

void server::stop()
{
    stop_accepting();
    on_each(state_->workers, [](worker_parts& it) {
        it.hub.drop_all();
        it.hub.stop();
    });
}

}  // namespace okra::net
