#include "test_peer.hpp"

#include <chrono>
#include <future>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include "protocol/base/assert.hpp"
#include "protocol/wire/decode.hpp"

namespace okra::tests {

namespace {

// Far beyond what a loaded machine needs: it only ends a test that would hang.
constexpr std::chrono::seconds patience{30};

}  // namespace

template <typename Task>
void test_peer::on_worker(Task task)
{
    std::promise<void> done;
    boost::asio::post(context_, [&] {
        task();
        done.set_value();
    });
    done.get_future().wait();
}

test_peer::test_peer(runtime::server_runtime& server, std::size_t at) : context_{server.context(at)}
{
    on_worker([&] { session_ = server.connect(*this, {.address = "test", .user_agent = ""}); });
}

test_peer::~test_peer()
{
    on_worker([&] {
        session_->on_closed();
        session_.reset();
        here_.reset();
    });
}

void test_peer::send(std::string json)
{
    json.reserve(json.size() + wire::decoder::padding);
    on_worker([&] { session_->on_message(std::span<char>{json}); });
}

void test_peer::send_in_one_turn(std::vector<sent> messages)
{
    OKRA_ASSERT(!messages.empty());
    messages.front().by.on_worker([&] {
        for (auto& [by, json] : messages) {
            OKRA_ASSERT(&by.context_ == &messages.front().by.context_);
            json.reserve(json.size() + wire::decoder::padding);
            by.session_->on_message(std::span<char>{json});
        }
    });
}

std::string test_peer::next()
{
    std::unique_lock lock{mutex_};
    REQUIRE(arrived_.wait_for(lock, patience, [&] { return !messages_.empty(); }));
    std::string message = std::move(messages_.front());
    messages_.pop_front();
    return message;
}

std::string test_peer::next_of(const std::string& type)
{
    const std::string head = R"({"type":")" + type + '"';
    for (;;) {
        std::string message = next();
        if (message.starts_with(head)) return message;
    }
}

std::optional<std::uint16_t> test_peer::wait_for_close()
{
    std::unique_lock lock{mutex_};
    arrived_.wait_for(lock, patience, [&] { return closed_.has_value(); });
    return closed_;
}

void test_peer::stop_reading()
{
    on_worker([&] { reading_ = false; });
}

void test_peer::stop_writing_after(std::size_t writes)
{
    on_worker([&] { writes_left_ = writes; });
}

void test_peer::resume_writing()
{
    on_worker([&] {
        writes_left_.reset();
        if (!std::exchange(writing_, false)) return;
        session_->written();
        deliver(std::exchange(held_, {}));
    });
    write_soon();
}

void test_peer::resume_reading()
{
    on_worker([&] { reading_ = true; });
    write_soon();
}

void test_peer::say_hello(const std::string& client, const std::string& workspace)
{
    send(R"({"type":"hello","protocol":1,"client":")" + client + R"(","workspace":")" + workspace +
         R"(","name":"Test","language":"en"})");
    static_cast<void>(next_of("welcome"));
}

void test_peer::sweep_after(std::int64_t milliseconds)
{
    on_worker([&] { session_->on_sweep(runtime::steady_clock_ms() + milliseconds); });
}

void test_peer::wake()
{
    write_soon();
}

void test_peer::write_soon()
{
    boost::asio::post(context_, [this, here = std::weak_ptr{here_}] {
        if (!here.expired()) write_all();
    });
}

void test_peer::write_all()
{
    if (writing_ || !reading_ || !session_) return;
    writing_ = true;
    std::vector<boost::asio::const_buffer> buffers;
    for (session_->gather(buffers, 64 << 10); !buffers.empty(); session_->gather(buffers, 64 << 10)) {
        std::string bytes;
        for (const auto& buffer : buffers) bytes.append(static_cast<const char*>(buffer.data()), buffer.size());
        buffers.clear();
        if (writes_left_ && (*writes_left_)-- == 0) {
            held_ = std::move(bytes);
            return;
        }
        session_->written();
        deliver(std::move(bytes));
    }
    writing_ = false;
}

void test_peer::deliver(std::string bytes)
{
    bytes.reserve(bytes.size() + wire::decoder::padding);
    reader_.feed(bytes);
    for (;;) {
        const auto event = reader_.next();
        if (const auto* message = std::get_if<wire::frame_reader::message>(&event)) {
            const std::scoped_lock lock{mutex_};
            messages_.emplace_back(message->text.data(), message->text.size());
            arrived_.notify_all();
        } else {
            OKRA_ASSERT(std::holds_alternative<wire::frame_reader::need_more>(event));
            return;
        }
    }
}

void test_peer::close_after_writing(std::uint16_t code)
{
    wake();
    const std::scoped_lock lock{mutex_};
    closed_ = code;
    arrived_.notify_all();
}

}  // namespace okra::tests
