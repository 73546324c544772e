#include "server/runtime/frame.hpp"

#include <algorithm>

#include "protocol/base/assert.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/websocket.hpp"

namespace okra::runtime {

namespace {

// What else a commit holds than its changes, and the figures of one entity, about.
constexpr std::size_t around_changes = 128;
constexpr std::size_t figures_bytes = 128;

// Memory that was reserved and is not needed, beyond which a frame is worth copying.
constexpr std::size_t spare_bytes_max = 4 << 10;

}  // namespace

frame::~frame()
{
    bytes_alive_.fetch_sub(counted_, std::memory_order_relaxed);
    if (reader_budget* const budget = charged_to_.load(std::memory_order_relaxed)) budget->give_back(size());
}

void frame::charge_to(reader_budget& budget) const
{
    reader_budget* nobody = nullptr;
    if (charged_to_.compare_exchange_strong(nobody, &budget, std::memory_order_relaxed)) budget.charge(size());
}

frame_ptr frame::of(const wire::server_message& message)
{
    return make({}, 0, [&](std::string& out) { wire::encode(out, message); });
}

frame_ptr frame::of_commit(std::string_view document, revision_span brings, std::string_view changes,
                           const document::figure_keeper::delta& derived, const wire::presence_delta& people)
{
    return make(brings, around_changes + changes.size() + derived.size() * figures_bytes,
                [&](std::string& out) { wire::encode_commit(out, document, brings.last, changes, derived, people); });
}

void frame::finish()
{
    std::string header;  // fits the small-string buffer
    wire::append_frame_header(header, wire::frame_opcode::text, bytes_.size() - header_bytes_max);
    OKRA_ASSERT(header.size() <= header_bytes_max);
    begin_ = header_bytes_max - header.size();
    std::ranges::copy(header, bytes_.begin() + static_cast<std::ptrdiff_t>(begin_));
    // A string that grew by doubling may hold twice what is counted.
    const std::size_t spare = bytes_.capacity() - bytes_.size();
    if (spare > spare_bytes_max && spare > bytes_.size() / 4) bytes_.shrink_to_fit();
    counted_ = size();
    bytes_alive_.fetch_add(counted_, std::memory_order_relaxed);
}

}  // namespace okra::runtime
