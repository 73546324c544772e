#include "tools/load/poller.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

#include "protocol/base/assert.hpp"
#include "protocol/wire/decode.hpp"

namespace okra::load {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr int batch_max = 64;  // due operations must not wait for more sockets than this

epoll_event interest(poller::watcher& it, bool for_writing)
{
    epoll_event event{};
    event.events = EPOLLIN | (for_writing ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
    event.data.ptr = &it;
    return event;
}

}  // namespace

poller::poller()
    : epoll_{epoll_create1(EPOLL_CLOEXEC)},
      buffer_(buffer_bytes + wire::decoder::padding),
      buffer_view_{buffer_.data(), buffer_bytes}
{
    if (epoll_ < 0) throw std::system_error{errno, std::system_category(), "epoll_create1"};
}

poller::~poller()
{
    ::close(epoll_);
}

void poller::watch(int socket, watcher& it, bool for_writing)
{
    auto event = interest(it, for_writing);
    const int done = epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
    OKRA_ASSERT(done == 0);
}

void poller::rewatch(int socket, watcher& it, bool for_writing)
{
    auto event = interest(it, for_writing);
    const int done = epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event);
    OKRA_ASSERT(done == 0);
}

void poller::forget(int socket)
{
    const int done = epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
    OKRA_ASSERT(done == 0);
}

void poller::serve(clock::time_point deadline)
{
    const auto wait = std::max(deadline - clock::now(), clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
    const timespec timeout{seconds.count(), static_cast<long>((wait - seconds).count())};
    std::array<epoll_event, batch_max> events;
    const int ready = epoll_pwait2(epoll_, events.data(), batch_max, &timeout, nullptr);
    for (int index = 0; index < ready; ++index) {
        const auto& event = events[static_cast<std::size_t>(index)];
        const bool readable = (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0;
        static_cast<watcher*>(event.data.ptr)->on_ready(readable, (event.events & EPOLLOUT) != 0);
    }
}

}  // namespace okra::load
