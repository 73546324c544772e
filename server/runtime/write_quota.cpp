#include "server/runtime/write_quota.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace okra::runtime {

namespace {

constexpr std::uint64_t worth_saving_bytes = 64 << 10;

// Takes the text up to `end` off its front; all of it, if there is no `end`.
std::string_view take_until(std::string_view& text, char end)
{
    const std::size_t size = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    return taken;
}

std::string heading_of(document::day_number day)
{
    return fmt::format("okra quotas 1 {}", day);
}

}  // namespace

void daily_bytes::add(std::uint64_t bytes, document::day_number today)
{
    const std::uint64_t day = static_cast<std::uint64_t>(today) << byte_bits;
    std::uint64_t before = day_and_bytes_.load(std::memory_order_relaxed);
    std::uint64_t after = 0;
    do {
        const std::uint64_t counted = (before & ~byte_mask) == day ? before & byte_mask : 0;
        after = day | std::min(counted + bytes, byte_mask);
    } while (!day_and_bytes_.compare_exchange_weak(before, after, std::memory_order_relaxed));
}

std::uint64_t daily_bytes::of(document::day_number today) const
{
    const std::uint64_t now = day_and_bytes_.load(std::memory_order_relaxed);
    return now >> byte_bits == static_cast<std::uint64_t>(today) ? now & byte_mask : 0;
}

std::shared_ptr<daily_bytes> write_quotas::counter_of(std::string_view name)
{
    const std::scoped_lock lock{mutex_};
    std::shared_ptr<daily_bytes>& it = counters_[std::string{name}];
    if (!it) it = std::make_shared<daily_bytes>();
    return it;
}

std::string write_quotas::save(document::day_number today)
{
    const std::scoped_lock lock{mutex_};
    std::erase_if(counters_, [&](const auto& it) { return it.second.use_count() == 1 && it.second->of(today) == 0; });
    std::string saved = heading_of(today) + '\n';
    for (const auto& [name, counter] : counters_) {
        const std::uint64_t bytes = counter->of(today);
        if (bytes >= worth_saving_bytes) saved += fmt::format("{} {}\n", bytes, name);
    }
    return saved;
}

void write_quotas::restore(std::string_view saved, document::day_number today)
{
    if (take_until(saved, '\n') != heading_of(today)) return;
    while (!saved.empty()) {
        std::string_view name = take_until(saved, '\n');
        const std::string_view digits = take_until(name, ' ');
        std::uint64_t bytes = 0;
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
        if (failed != std::errc{} || end != digits.data() + digits.size() || name.empty()) continue;
        counter_of(name)->add(bytes, today);
    }
}

}  // namespace okra::runtime
