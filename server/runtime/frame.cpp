#include "server/runtime/frame.hpp"

#include <algorithm>

#include "protocol/base/assert.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/websocket.hpp"

namespace okra::runtime {

frame_ptr frame::of(const wire::server_message& message)
{
    return make({}, 0, [&](std::string& out) { wire::encode(out, message); });
}

void frame::finish()
{
    std::string header;  // fits the small-string buffer
    wire::append_frame_header(header, wire::frame_opcode::text, bytes_.size() - header_bytes_max);
    OKRA_ASSERT(header.size() <= header_bytes_max);
    begin_ = header_bytes_max - header.size();
    std::ranges::copy(header, bytes_.begin() + static_cast<std::ptrdiff_t>(begin_));
}

}  // namespace okra::runtime
