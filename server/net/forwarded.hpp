// Whose connection it is that a reverse proxy brings: the proxy's address is everybody's, so limits by address need the
// one that it tells. Pure functions of header fields.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "protocol/base/result.hpp"

namespace okra::net {

// Addresses that begin with the same bits: "10.0.0.0/8", "2001:db8::/32", or a single one.
class address_range {
public:
    [[nodiscard]] static std::optional<address_range> parse(std::string_view text);
    [[nodiscard]] bool contains(const boost::asio::ip::address& it) const;

private:
    address_range(const boost::asio::ip::address& first, std::size_t bits) : first_{first}, bits_{bits} {}

    boost::asio::ip::address first_;
    std::size_t bits_;
};

// Proxies whose word about addresses counts. Whoever is none of them can write into these fields what he likes.
using trusted_proxies = std::vector<address_range>;

[[nodiscard]] bool is_trusted(const boost::asio::ip::address& it, const trusted_proxies& proxies);

// All lines of a field of a request, in order, joined by commas; empty: absent.
struct forwarded_fields {
    std::string_view x_forwarded_for;
    std::string_view forwarded;  // RFC 7239
};

// The fields tell two different addresses: one of them came from the client, and it is not known which.
struct forwarded_conflict {};

// The last address that is not a trusted proxy's: each proxy adds behind what it was told the address that it sees, so
// only what trusted ones have added is read. Nothing: there is none, or it is hidden.
[[nodiscard]] result<std::optional<boost::asio::ip::address>, forwarded_conflict> forwarded_address(
    const forwarded_fields& fields, const trusted_proxies& proxies);

// An IPv4 address in IPv6 clothes is the IPv4 address.
[[nodiscard]] boost::asio::ip::address plain_address(const boost::asio::ip::address& it);

}  // namespace okra::net
