#include "server/net/origin.hpp"

#include <algorithm>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/ip/address.hpp>

namespace okra::net {

namespace {

constexpr std::size_t host_length_max = 255;

bool is_host_text(std::string_view host)
{
    constexpr std::string_view others = ".-:[]_";
    const auto allowed = [&](char it) {
        return (it >= '0' && it <= '9') || (it >= 'a' && it <= 'z') || (it >= 'A' && it <= 'Z') ||
               others.find(it) != std::string_view::npos;
    };
    return !host.empty() && host.size() <= host_length_max && std::ranges::all_of(host, allowed);
}

std::string_view without_port(std::string_view host)
{
    const std::size_t colon = host.rfind(':');
    const std::size_t bracket = host.rfind(']');
    const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    return has_port ? host.substr(0, colon) : host;
}

bool is_address(std::string_view name)
{
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    boost::system::error_code ec;
    boost::asio::ip::make_address(std::string{name}, ec);
    return !ec;
}

// An origin's host with the scheme's usual port left out, as browsers do in both headers; empty: not http or https.
struct web_origin {
    std::string_view host;
    std::string_view usual_port;
};

web_origin parse_origin(std::string_view origin)
{
    constexpr std::string_view plain = "http://";
    constexpr std::string_view secure = "https://";
    if (origin.starts_with(plain)) return {origin.substr(plain.size()), ":80"};
    if (origin.starts_with(secure)) return {origin.substr(secure.size()), ":443"};
    return {};
}

std::string_view without(std::string_view host, std::string_view usual_port)
{
    return host.ends_with(usual_port) ? host.substr(0, host.size() - usual_port.size()) : host;
}

}  // namespace

bool is_own_host(std::string_view host, const origin_rules& rules)
{
    if (!is_host_text(host)) return false;
    const std::string_view name = without_port(host);
    if (is_address(name) || boost::iequals(name, "localhost") || boost::iends_with(name, ".localhost")) return true;
    const auto is_name = [&](std::string_view own) { return boost::iequals(own, name); };
    return std::ranges::any_of(rules.hosts, is_name) ||
           std::ranges::any_of(rules.allowed, is_name,
                               [](std::string_view origin) { return without_port(parse_origin(origin).host); });
}

bool may_connect(std::string_view origin, std::string_view host, const origin_rules& rules)
{
    if (origin.empty()) return true;
    if (std::ranges::any_of(rules.allowed, [&](std::string_view it) { return boost::iequals(it, origin); }))
        return true;
    const web_origin from = parse_origin(origin);
    if (from.host.empty()) return false;
    return boost::iequals(without(from.host, from.usual_port), without(host, from.usual_port));
}

std::optional<std::string> problem_with_origin(std::string_view origin)
{
    if (origin.find('*') != std::string_view::npos) {
        return "would let every page on the web read and change everything here; name the origins that may";
    }
    const std::string_view host = parse_origin(origin).host;
    if (host.empty()) return "does not begin with http:// or https:// and a host, like https://okra.example.com";
    if (host.find('/') != std::string_view::npos) return "has a path; an origin ends with its host or port";
    if (!is_host_text(host)) return "has characters that no host has";
    return {};
}

std::optional<std::string> problem_with_host(std::string_view name)
{
    if (name.find('*') != std::string_view::npos) return "is no single name; name each host";
    if (!is_host_text(name)) return "is not a host name, like okra.example.com";
    if (without_port(name) != name && !is_address(name)) return "has a port; a host is answered to on every port";
    return {};
}

}  // namespace okra::net
