// Who may connect: counts connections in total and per address. `admit` is called by the accepting thread only; tickets
// are given back by any thread, when the connection that holds one ends.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>

#include <boost/asio/ip/address.hpp>

namespace okra::net {

struct admission_limits {
    std::size_t connections_max = 50'000;
    // Unset: 1,000, except for loopback, where a reverse proxy brings everybody from one address.
    std::optional<std::size_t> per_address_max;
};

class admission {
    struct counter {
        std::atomic<std::size_t> open{0};
        std::shared_ptr<counter> total;  // set in the counters of addresses
    };

public:
    // Permission for one connection, for as long as it exists.
    class ticket {
    public:
        ticket() = default;
        explicit ticket(std::shared_ptr<counter> of) : of_{std::move(of)} {}
        ticket(ticket&&) noexcept = default;
        ticket& operator=(ticket&& other) noexcept
        {
            std::swap(of_, other.of_);
            return *this;
        }
        ~ticket()
        {
            if (!of_) return;
            of_->total->open.fetch_sub(1, std::memory_order_relaxed);
            of_->open.fetch_sub(1, std::memory_order_release);
        }

    private:
        std::shared_ptr<counter> of_;
    };

    explicit admission(admission_limits limits) : limits_{limits} {}

    // Nothing: one of the limits is reached.
    [[nodiscard]] std::optional<ticket> admit(const boost::asio::ip::address& from);

    [[nodiscard]] std::size_t open() const { return total_->open.load(std::memory_order_relaxed); }

private:
    void forget_the_gone();

    admission_limits limits_;
    std::shared_ptr<counter> total_ = std::make_shared<counter>();
    std::unordered_map<boost::asio::ip::address, std::shared_ptr<counter>> addresses_;
    std::size_t forget_at_ = 1024;  // size of the map at which addresses without connections are dropped
};

}  // namespace okra::net
