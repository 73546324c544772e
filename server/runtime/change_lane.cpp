#include "server/runtime/change_lane.hpp"

#include <algorithm>
#include <utility>

#include "protocol/base/assert.hpp"
#include "server/runtime/change_memory.hpp"

namespace okra::runtime {

namespace {

// Decoding has cost something like it, and so will encoding.
constexpr double us_per_byte = 0.02;

// How much the newest change tells about the next one's cost.
constexpr double weight_of_newest = 0.25;

constexpr double us_per_second = 1e6;

wire::session_number session_of(const change_lane::waiting_change& it)
{
    return it.from.session;
}

}  // namespace

change_lane::document_share& change_lane::share_of(std::string_view document, std::int64_t now_us)
{
    const auto burst = static_cast<double>(bounds_.document_burst_us);
    auto found = documents_.find(document);
    if (found == documents_.end()) {
        found = documents_.try_emplace(std::string{document}).first;
        found->second.balance_us = burst;
        found->second.refilled_us = now_us;
    }
    document_share& it = found->second;
    const double passed = static_cast<double>(now_us - it.refilled_us) / us_per_second;
    it.balance_us = std::min(burst, it.balance_us + passed * static_cast<double>(bounds_.document_us_per_second));
    it.refilled_us = now_us;
    return it;
}

// HOT PATH: a look-up and some arithmetic for each change.
change_lane::verdict change_lane::submit(waiting_change&& it, std::int64_t now_us)
{
    document_share& share = share_of(it.what.document, now_us);
    const auto same = std::ranges::find(share.waiting, it.from.session, session_of);
    if (same != share.waiting.end()) {
        return same->what.what.seq == it.what.what.seq ? verdict::copy : verdict::gap;
    }
    const double estimate =
        share.us_per_op * static_cast<double>(it.what.what.ops.size()) + us_per_byte * static_cast<double>(it.bytes);
    if (share.balance_us > 0 && estimate <= static_cast<double>(bounds_.at_once_us)) {
        share.is_costly = false;
        note_light(it.what.document, now_us);
        return verdict::at_once;
    }
    if (size_ != 0 && memory_ + memory_bytes(it.what) > bounds_.memory_max) return verdict::lane_full;
    wait(share, std::move(it));
    return verdict::waits;
}

bool change_lane::submit_figures(std::string_view document, std::int64_t estimate_us, std::int64_t now_us)
{
    document_share& share = share_of(document, now_us);
    if (find(document, nobody) != nullptr) return false;
    if (share.balance_us > 0 && estimate_us <= bounds_.at_once_us) {
        share.balance_us -= static_cast<double>(estimate_us);
        return true;
    }
    waiting_change it;
    it.what.document = document;
    wait(share, std::move(it));
    return false;
}

void change_lane::wait(document_share& share, waiting_change&& it)
{
    if (it.from.session != nobody) ++size_;
    memory_ += memory_bytes(it.what);
    if (share.waiting.empty()) turns_.push_back(it.what.document);
    share.waiting.push_back(std::move(it));
}

void change_lane::charge(std::string_view document, std::size_t ops, std::int64_t took_us, std::int64_t now_us)
{
    document_share& share = share_of(document, now_us);
    if (share.is_costly) rests_until_us_ = std::max(rests_until_us_, now_us) + took_us * bounds_.rest_per_work;
    // A frame costs what its readers cost: who writes a little in a large room has not used up the document's share.
    if (ops == 0) return;
    share.balance_us -= static_cast<double>(took_us);
    const double each = static_cast<double>(took_us) / static_cast<double>(ops);
    share.us_per_op += weight_of_newest * (each - share.us_per_op);
}

void change_lane::note_light(std::string_view document, std::int64_t now_us)
{
    if (light_document_ != document) {
        other_light_us_ = light_us_;
        light_document_ = document;
    }
    light_us_ = now_us;
}

change_lane::waiting_change change_lane::next()
{
    OKRA_ASSERT(!turns_.empty());
    std::string document = std::move(turns_.front());
    turns_.pop_front();
    document_share& share = documents_.find(document)->second;
    share.is_costly = true;
    std::deque<waiting_change>& waiting = share.waiting;
    waiting_change it = std::move(waiting.front());
    waiting.pop_front();
    if (it.from.session != nobody) --size_;
    memory_ -= memory_bytes(it.what);
    if (!waiting.empty()) turns_.push_back(std::move(document));
    return it;
}

std::int64_t change_lane::rest_us(std::int64_t now_us) const
{
    const std::optional<std::int64_t>& others = light_document_ == turns_.front() ? other_light_us_ : light_us_;
    const bool others_edit = others && now_us - *others <= bounds_.others_recent_us;
    return others_edit ? std::max<std::int64_t>(0, rests_until_us_ - now_us) : 0;
}

change_lane::waiting_change* change_lane::find(std::string_view document, wire::session_number from)
{
    const auto share = documents_.find(document);
    if (share == documents_.end()) return nullptr;
    const auto found = std::ranges::find(share->second.waiting, from, session_of);
    return found == share->second.waiting.end() ? nullptr : &*found;
}

std::function<void()> change_lane::leave_in_turn(std::string_view document, wire::session_number from,
                                                 std::function<void()> leave)
{
    waiting_change* const before = find(document, from);
    if (before == nullptr) return leave;
    before->joins = {};
    if (!before->leaves) before->leaves = std::move(leave);
    return {};
}

std::function<void()> change_lane::join_in_turn(std::string_view document, wire::session_number from,
                                                std::function<void()> join)
{
    waiting_change* const before = find(document, from);
    if (before == nullptr) return join;
    before->joins = std::move(join);
    return {};
}

void change_lane::forget_quiet(std::int64_t now_us)
{
    std::erase_if(documents_, [&](const auto& it) {
        const document_share& share = it.second;
        const std::int64_t debt_us = bounds_.document_burst_us - static_cast<std::int64_t>(share.balance_us);
        const double passed = static_cast<double>(now_us - share.refilled_us) / us_per_second;
        return share.waiting.empty() &&
               passed * static_cast<double>(bounds_.document_us_per_second) >= static_cast<double>(debt_us);
    });
}

}  // namespace okra::runtime
