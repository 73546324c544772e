#include "server/net/connection_hub.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include <boost/asio/post.hpp>

#include "protocol/wire/decode.hpp"
#include "server/net/limits.hpp"
#include "server/runtime/memory.hpp"

namespace okra::net {

connection_hub::connection_hub(boost::asio::io_context& context, runtime::gateway& gateway, websocket_options options)
    : context_{context},
      gateway_{gateway},
      options_{options},
      read_buffer_(limits::read_bytes + wire::decoder::padding),
      sweep_timer_{context},
      resume_timer_{context}
{
}

void connection_hub::start()
{
    boost::asio::post(context_, [this] { schedule_sweep(); });
}

void connection_hub::adopt(tcp_socket socket, runtime::connection_facts facts, admission::ticket ticket,
                           std::string_view early)
{
    if (stopped_) return;  // its upgrade was answered while the others were dropped
    const websocket_connection::pointer it{new websocket_connection{*this, std::move(socket), std::move(ticket)}};
    all_.push_back(*it);
    traffic::add(figures_.connections_opened, 1);
    it->start(std::move(facts), early);
}

void connection_hub::when_empty(std::function<void()> done)
{
    when_empty_ = std::move(done);
    if (all_.empty()) std::exchange(when_empty_, nullptr)();
}

void connection_hub::drop_all()
{
    while (!all_.empty()) websocket_connection::pointer
        {
            &all_.front()
        } -> shut();
}

void connection_hub::stop()
{
    stopped_ = true;
    sweep_timer_.cancel();
}

std::int64_t connection_hub::now_ms()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::span<char> connection_hub::read_buffer()
{
    return std::span{read_buffer_}.first(limits::read_bytes);
}

std::vector<boost::asio::const_buffer>& connection_hub::gather_buffer()
{
    return gather_buffer_;
}

void connection_hub::strike_off(websocket_connection& it)
{
    all_.erase(all_.iterator_to(it));
    traffic::add(figures_.connections_closed, 1);
    if (all_.empty() && when_empty_) std::exchange(when_empty_, nullptr)();
}

void connection_hub::count_unfinished(std::size_t before, std::size_t now)
{
    const std::uint64_t held = figures_.unfinished_bytes.load(std::memory_order_relaxed) - before + now;
    figures_.unfinished_bytes.store(held, std::memory_order_relaxed);
    if (now > before && held > options_.unfinished_bytes_max) make_room();
}

// A quarter at once: so all connections are not looked at again before as much has come.
void connection_hub::make_room()
{
    std::vector<websocket_connection::pointer> holders;
    for (websocket_connection& it : all_) {
        if (it.unfinished_bytes() != 0) holders.emplace_back(&it);
    }
    std::ranges::sort(holders, std::greater{}, [](const auto& it) { return it->unfinished_bytes(); });
    const std::size_t enough = options_.unfinished_bytes_max / 4 * 3;
    for (const websocket_connection::pointer& it : holders) {
        if (figures_.unfinished_bytes.load(std::memory_order_relaxed) <= enough) return;
        it->give_way();
    }
}

void connection_hub::flush_soon(websocket_connection& it)
{
    if (it.flush_queued) return;
    const runtime::memory::indispensable scope;  // the others' turn hangs on it
    it.flush_queued = true;
    to_flush_.emplace_back(&it);
    if (to_flush_.size() == 1) schedule_flushes();
}

void connection_hub::schedule_flushes()
{
    boost::asio::post(context_, [this] { run_flushes(); });
}

// HOT PATH: a commit in a room of thousands wakes as many connections. They are written to in the order of waking, some
// hundreds in a turn, so that a message that comes meanwhile does not wait for all of them.
void connection_hub::run_flushes()
{
    const std::size_t end = std::min(to_flush_.size(), flushed_ + limits::flushes_per_turn);
    for (; flushed_ < end; ++flushed_) {
        // Moved out, as flushing may wake others and so move the list.
        const websocket_connection::pointer it = std::move(to_flush_[flushed_]);
        it->flush_queued = false;
        it->flush();
    }
    if (flushed_ < to_flush_.size()) return schedule_flushes();
    to_flush_.clear();
    flushed_ = 0;
}

void connection_hub::resume_next_turn(websocket_connection& it)
{
    boost::asio::post(context_, [kept = websocket_connection::pointer{&it}] { kept->resume(); });
}

void connection_hub::resume_later(websocket_connection& it)
{
    const runtime::memory::indispensable scope;
    paused_.emplace_back(&it);
    if (paused_.size() == 1) schedule_resumes();
}

void connection_hub::schedule_resumes()
{
    resume_timer_.expires_after(limits::pause_step);
    resume_timer_.async_wait([this](boost::system::error_code ec) {
        if (!ec) run_resumes();
    });
}

void connection_hub::run_resumes()
{
    // One that has to pause again puts itself into the new list, which then has its own timer.
    const std::vector<websocket_connection::pointer> due = std::exchange(paused_, {});
    for (const websocket_connection::pointer& it : due) it->resume();
}

void connection_hub::schedule_sweep()
{
    if (stopped_) return;
    sweep_timer_.expires_after(limits::sweep_interval);
    sweep_timer_.async_wait([this](boost::system::error_code ec) {
        if (ec) return;
        sweep();
        schedule_sweep();
    });
}

void connection_hub::sweep()
{
    const std::int64_t now = now_ms();
    for (auto at = all_.begin(); at != all_.end();) {
        const websocket_connection::pointer it{&*at};
        ++at;  // before the connection may leave the list
        it->on_sweep(now);
    }
}

}  // namespace okra::net
