#include "server/net/admission.hpp"

#include <algorithm>
#include <utility>

namespace okra::net {

namespace {

constexpr std::size_t per_address_default = 1000;

}  // namespace

std::optional<admission::ticket> admission::admit(const boost::asio::ip::address& from)
{
    if (open() >= limits_.connections_max) return {};
    const bool unlimited = !limits_.per_address_max && from.is_loopback();
    auto& address = addresses_[from];
    if (!address) {
        address = std::make_shared<counter>();
        address->total = total_;
    }
    const std::size_t open_here = address->open.load(std::memory_order_acquire);
    if (!unlimited && open_here >= limits_.per_address_max.value_or(per_address_default)) return {};
    address->open.fetch_add(1, std::memory_order_relaxed);
    total_->open.fetch_add(1, std::memory_order_relaxed);
    ticket it{address};
    forget_the_gone();
    return it;
}

// Only `admit` adds to a counter, on this thread: one that stands at 0 here has no ticket left.
void admission::forget_the_gone()
{
    if (addresses_.size() < forget_at_) return;
    std::erase_if(addresses_, [](const auto& it) { return it.second->open.load(std::memory_order_acquire) == 0; });
    forget_at_ = std::max<std::size_t>(1024, addresses_.size() * 2);
}

}  // namespace okra::net
