#include "tests/unit/net/echo_server.hpp"

#include <sstream>
#include <stdexcept>
#include <utility>

#include <boost/asio/post.hpp>

#include "protocol/wire/websocket.hpp"
#include "server/runtime/transport.hpp"

namespace okra::test {

namespace {

thread_local std::size_t worker_number = 0;
thread_local boost::asio::io_context* worker_context = nullptr;

void raise(std::atomic<int>& count)
{
    ++count;
    count.notify_all();
}

class echo_session final : public runtime::client_session {
public:
    echo_session(runtime::transport& peer, session_events& events) : peer_{peer}, events_{events}
    {
        raise(events_.connected);
    }

    void on_message(std::span<char> message) override
    {
        std::istringstream words{std::string{message.begin(), message.end()}};
        std::string verb;
        words >> verb;
        if (verb == "echo") {
            say(words.str().substr(5));
        } else if (verb == "where") {
            say(std::to_string(worker_number));
        } else if (verb == "flood") {
            words >> flood_left_ >> flood_size_;
            peer_.wake();
        } else if (verb == "bye") {
            std::uint16_t code = 0;
            words >> code;
            say("bye");
            peer_.close_after_writing(code);
        }
    }

    void on_violation(std::string_view code, std::string_view message) override
    {
        raise(events_.violations);
        say(std::string{code} + ": " + std::string{message});
        peer_.close_after_writing(code == "too_large" ? 1009 : 4102);
    }

    void on_overload(std::string_view message) override
    {
        raise(events_.overloads);
        say("overloaded: " + std::string{message});
        peer_.close_after_writing(4001);
    }

    void on_closed() override { raise(events_.closed); }

    void gather(std::vector<boost::asio::const_buffer>& out, std::size_t bytes_max) override
    {
        if (!writing_.empty()) throw std::logic_error{"gather before written"};
        std::size_t bytes = 0;
        while (writing_.size() < 64 && bytes < bytes_max) {
            if (!said_.empty()) {
                writing_.push_back(std::move(said_.front()));
                said_.erase(said_.begin());
            } else if (flood_left_ != 0) {
                std::string text = std::to_string(flooded_++);
                text.resize(flood_size_, '.');
                --flood_left_;
                writing_.push_back(frame_of(text));
            } else {
                break;
            }
            bytes += writing_.back().size();
        }
        for (const std::string& it : writing_) out.emplace_back(it.data(), it.size());
    }

    void written() override { writing_.clear(); }

    void on_sweep(std::int64_t) override { raise(events_.sweeps); }

private:
    static std::string frame_of(std::string_view text)
    {
        std::string frame;
        wire::append_frame(frame, wire::frame_opcode::text, text);
        return frame;
    }

    void say(std::string_view text)
    {
        said_.push_back(frame_of(text));
        peer_.wake();
    }

    runtime::transport& peer_;
    session_events& events_;
    std::vector<std::string> said_;
    std::vector<std::string> writing_;
    std::size_t flood_left_ = 0;
    std::size_t flood_size_ = 0;
    std::size_t flooded_ = 0;
};

}  // namespace

void session_events::wait_for(const std::atomic<int>& which, int count)
{
    for (int seen = which.load(); seen != count; seen = which.load()) which.wait(seen);
}

class echo_server::gateway final : public runtime::gateway {
public:
    explicit gateway(session_events& events) : events_{events} {}

    std::unique_ptr<runtime::client_session> connect(runtime::transport& peer, runtime::connection_facts) override
    {
        return std::make_unique<echo_session>(peer, events_);
    }
    bool is_congested() const override { return events_.congested_times.fetch_sub(1) > 0; }
    void probe(std::function<void(bool, std::string)> done) override
    {
        raise(events_.probes);
        boost::asio::post(*worker_context, [this, done = std::move(done)] {
            done(events_.healthy, events_.healthy ? "" : "the disk is full");
        });
    }
    void list_workspaces(std::function<void(std::string)> done) override { done(R"([{"id":"acme","name":"Acme"}])"); }

private:
    session_events& events_;
};

echo_server::echo_server(options how) : gateway_{std::make_unique<gateway>(events_)}
{
    std::vector<context*> contexts;
    for (std::size_t index = 0; index < how.workers; ++index) {
        contexts_.push_back(std::make_unique<context>(1));
        guards_.push_back(boost::asio::make_work_guard(*contexts_.back()));
        contexts.push_back(contexts_.back().get());
    }
    net::server::options options{
        .host = "127.0.0.1",
        .port = 0,
        .web = {},
        .origins = {.allowed = {"https://okra.example.com"}},
        .admission = how.admission,
        .websocket = {.message_bytes_max = how.message_bytes_max,
                      .messages = how.messages,
                      .bytes = how.bytes,
                      .unfinished_bytes_max = how.unfinished_bytes_max,
                      .close_deadline = how.close_deadline},
        .header_deadline = how.header_deadline,
        .scrape = [] { return std::string{"okra_test 1\n"}; },
    };
    if (!how.web.empty()) options.web = how.web;
    network_ = std::make_unique<net::server>(std::move(options), *gateway_, contexts);
    network_->start();
    for (std::size_t index = 0; index < how.workers; ++index) {
        threads_.emplace_back([it = contexts_[index].get(), index] {
            worker_number = index;
            worker_context = it;
            it->run();
        });
    }
}

echo_server::~echo_server()
{
    network_->stop();
    for (const auto& it : contexts_) it->stop();
    for (std::thread& it : threads_) it.join();
}

}  // namespace okra::test
