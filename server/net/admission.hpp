// Who may connect: counts connections in total and per address. `admit` and `count_for` are called by the accepting
// thread only; tickets are given back by any thread, when the connection that holds one ends.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>

#include <boost/asio/ip/address.hpp>

#include "server/net/forwarded.hpp"
#include "server/net/limits.hpp"

namespace okra::net {

struct admission_limits {
    std::size_t connections_max = 50'000;
    // Unset: 1,000, except for loopback, where a reverse proxy brings everybody from one address.
    std::optional<std::size_t> per_address_max = {};
    // Counted by the addresses that they tell, not by their own.
    trusted_proxies proxies = {};
    // Connections beyond the limits that are taken to be told so, and to be asked about the server's health.
    std::size_t spare_max = limits::spare_connections;
};

class admission {
    struct counter {
        std::atomic<std::size_t> open{0};
        std::shared_ptr<counter> total;  // what this counter's connections also count in
    };

public:
    // Permission for one connection, for as long as it exists.
    class ticket {
    public:
        ticket() = default;
        ticket(ticket&&) noexcept = default;
        ticket& operator=(ticket&& other) noexcept
        {
            std::swap(of_, other.of_);
            std::swap(spare_, other.spare_);
            return *this;
        }
        ~ticket()
        {
            if (!of_) return;
            if (of_->total) of_->total->open.fetch_sub(1, std::memory_order_relaxed);
            of_->open.fetch_sub(1, std::memory_order_release);
        }

        // Beyond the limits: the connection may ask for the server's health, and is told to come back.
        [[nodiscard]] bool is_spare() const { return spare_; }

    private:
        friend class admission;
        ticket(std::shared_ptr<counter> of, bool spare) : of_{std::move(of)}, spare_{spare}
        {
            of_->open.fetch_add(1, std::memory_order_relaxed);
            if (of_->total) of_->total->open.fetch_add(1, std::memory_order_relaxed);
        }

        std::shared_ptr<counter> of_;
        bool spare_ = false;
    };

    explicit admission(admission_limits limits) : limits_{std::move(limits)} {}

    // Nothing: there is no room even to say so.
    [[nodiscard]] std::optional<ticket> admit(const boost::asio::ip::address& from);

    // A proxy has told whose connection this is. Nothing: that address has all that it may have.
    [[nodiscard]] std::optional<ticket> count_for(ticket now, const boost::asio::ip::address& from);

    [[nodiscard]] std::size_t open() const { return total_->open.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t connections_max() const { return limits_.connections_max; }

private:
    [[nodiscard]] std::optional<ticket> spare_ticket();
    [[nodiscard]] const std::shared_ptr<counter>& counter_of(const boost::asio::ip::address& from);
    [[nodiscard]] bool has_room(const counter& address, const boost::asio::ip::address& from) const;
    void forget_the_gone();

    admission_limits limits_;
    std::shared_ptr<counter> total_ = std::make_shared<counter>();
    std::shared_ptr<counter> spare_ = std::make_shared<counter>();
    std::unordered_map<boost::asio::ip::address, std::shared_ptr<counter>> addresses_;
    std::size_t forget_at_ = 1024;  // size of the map at which addresses without connections are dropped
};

}  // namespace okra::net
