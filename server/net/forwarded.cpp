#include "server/net/forwarded.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <boost/algorithm/string/predicate.hpp>

namespace okra::net {

namespace {

using boost::asio::ip::address;

std::string_view trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<address> parse_address(std::string_view text)
{
    boost::system::error_code ec;
    const address it = boost::asio::ip::make_address(std::string{text}, ec);
    return ec ? std::nullopt : std::optional{plain_address(it)};
}

// node := ["\""] (IPv4 [":" port] | "[" IPv6 "]" [":" port] | IPv6 | "unknown" | "_" name) ["\""]
std::optional<address> parse_node(std::string_view node)
{
    node = trim(node);
    if (node.size() >= 2 && node.front() == '"' && node.back() == '"') node = node.substr(1, node.size() - 2);
    if (node.starts_with('[')) return parse_address(node.substr(1, std::max<std::size_t>(node.find(']'), 1) - 1));
    const bool has_port = std::ranges::count(node, ':') == 1;
    return parse_address(has_port ? node.substr(0, node.find(':')) : node);
}

// element := pair (";" pair)*, of which one is "for=" node.
std::string_view node_of_element(std::string_view element)
{
    constexpr std::string_view name = "for=";
    while (!element.empty()) {
        const std::size_t end = std::min(element.find(';'), element.size());
        const std::string_view pair = trim(element.substr(0, end));
        if (boost::istarts_with(pair, name)) return pair.substr(name.size());
        element.remove_prefix(std::min(end + 1, element.size()));
    }
    return {};
}

template <typename NodeOf>
std::optional<address> last_untrusted(std::string_view list, const trusted_proxies& proxies, NodeOf node_of)
{
    while (!list.empty()) {
        const std::size_t comma = list.rfind(',');
        const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
        const std::optional<address> it = parse_node(node_of(last));
        if (!it || !is_trusted(*it, proxies)) return it;
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
    }
    return {};
}

template <typename Bytes>
bool begin_alike(const Bytes& left, const Bytes& right, std::size_t bits)
{
    constexpr std::size_t byte_bits = 8;
    const auto whole = static_cast<std::ptrdiff_t>(bits / byte_bits);
    if (!std::equal(left.begin(), left.begin() + whole, right.begin())) return false;
    const std::size_t rest = bits % byte_bits;
    if (rest == 0) return true;
    const auto index = static_cast<std::size_t>(whole);
    return (left[index] ^ right[index]) >> (byte_bits - rest) == 0;
}

}  // namespace

address plain_address(const address& it)
{
    if (!it.is_v6() || !it.to_v6().is_v4_mapped()) return it;
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, it.to_v6());
}

std::optional<address_range> address_range::parse(std::string_view text)
{
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto first = parse_address(text.substr(0, slash));
    if (!first) return {};
    const std::size_t bits_max = first->is_v4() ? 32 : 128;
    if (slash == text.size()) return address_range{*first, bits_max};
    const std::string_view digits = text.substr(slash + 1);
    std::size_t bits = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failed != std::errc{} || end != digits.data() + digits.size() || bits > bits_max) return {};
    return address_range{*first, bits};
}

bool address_range::contains(const address& it) const
{
    const address plain = plain_address(it);
    if (plain.is_v4() != first_.is_v4()) return false;
    if (plain.is_v4()) return begin_alike(plain.to_v4().to_bytes(), first_.to_v4().to_bytes(), bits_);
    return begin_alike(plain.to_v6().to_bytes(), first_.to_v6().to_bytes(), bits_);
}

bool is_trusted(const address& it, const trusted_proxies& proxies)
{
    return std::ranges::any_of(proxies, [&](const address_range& range) { return range.contains(it); });
}

result<std::optional<address>, forwarded_conflict> forwarded_address(const forwarded_fields& fields,
                                                                     const trusted_proxies& proxies)
{
    const auto from_list =
        last_untrusted(fields.x_forwarded_for, proxies, [](std::string_view element) { return element; });
    const auto from_pairs = last_untrusted(fields.forwarded, proxies, node_of_element);
    const bool both_are_there = !fields.x_forwarded_for.empty() && !fields.forwarded.empty();
    if (both_are_there && from_list != from_pairs) return forwarded_conflict{};
    return from_list ? from_list : from_pairs;
}

}  // namespace okra::net
