#include "server/net/admission.hpp"

#include <algorithm>
#include <utility>

namespace okra::net {

namespace {

using boost::asio::ip::address;

constexpr std::size_t per_address_default = 1000;

// Whoever has one IPv6 address has the 2^64 that begin like it.
address counted_as(const address& from)
{
    const address plain = plain_address(from);
    if (plain.is_v4()) return plain;
    auto bytes = plain.to_v6().to_bytes();
    std::fill(bytes.begin() + bytes.size() / 2, bytes.end(), 0);
    return boost::asio::ip::address_v6{bytes};
}

}  // namespace

std::optional<admission::ticket> admission::admit(const address& from)
{
    if (open() >= limits_.connections_max) return spare_ticket();
    const std::shared_ptr<counter> it = counter_of(from);
    if (!is_trusted(from, limits_.proxies) && !has_room(*it, from)) return spare_ticket();
    return ticket{it, false};
}

std::optional<admission::ticket> admission::count_for(ticket now, const address& from)
{
    if (now.is_spare()) return now;
    const std::shared_ptr<counter> it = counter_of(from);
    if (!has_room(*it, from)) return {};
    return ticket{it, false};
}

std::optional<admission::ticket> admission::spare_ticket()
{
    if (spare_->open.load(std::memory_order_acquire) >= limits_.spare_max) return {};
    return ticket{spare_, true};
}

const std::shared_ptr<admission::counter>& admission::counter_of(const address& from)
{
    forget_the_gone();
    std::shared_ptr<counter>& it = addresses_[counted_as(from)];
    if (!it) {
        it = std::make_shared<counter>();
        it->total = total_;
    }
    return it;
}

bool admission::has_room(const counter& of, const address& from) const
{
    if (!limits_.per_address_max && from.is_loopback()) return true;
    return of.open.load(std::memory_order_acquire) < limits_.per_address_max.value_or(per_address_default);
}

// Only this thread adds to a counter: one that stands at 0 here has no ticket left.
void admission::forget_the_gone()
{
    if (addresses_.size() < forget_at_) return;
    std::erase_if(addresses_, [](const auto& it) { return it.second->open.load(std::memory_order_acquire) == 0; });
    forget_at_ = std::max<std::size_t>(1024, addresses_.size() * 2);
}

}  // namespace okra::net
