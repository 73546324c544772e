// One WebSocket message as it goes over the wire, header included: built once, shared by everyone it is for, never
// changed. Server frames are not masked, which is what makes them the same for all.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>

#include "protocol/base/numbers.hpp"
#include "protocol/wire/messages.hpp"

namespace okra::runtime {

// The revisions a frame brings: after `before`, up to `last`. Both 0: it brings none.
struct revision_span {
    revision before;
    revision last;
    [[nodiscard]] bool empty() const { return last.value == 0; }
};

class frame {
public:
    // `build` appends the JSON to the string that it is given; no second copy is made. It will be about `expected`
    // bytes.
    template <typename Build>
    [[nodiscard]] static std::shared_ptr<const frame> make(revision_span brings, std::size_t expected, Build&& build)
    {
        auto it = std::make_shared<frame>();
        it->brings_ = brings;
        it->bytes_.reserve(header_bytes_max + expected);
        it->bytes_.assign(header_bytes_max, '\0');
        build(it->bytes_);
        it->finish();
        return it;
    }

    [[nodiscard]] static std::shared_ptr<const frame> of(const wire::server_message& message);

    // A commit of changes that are encoded already, separated by commas.
    [[nodiscard]] static std::shared_ptr<const frame> of_commit(std::string_view document, revision_span brings,
                                                                std::string_view changes,
                                                                const document::figure_keeper::delta& derived = {},
                                                                const wire::presence_delta& people = {});

    [[nodiscard]] boost::asio::const_buffer buffer() const { return {bytes_.data() + begin_, size()}; }
    [[nodiscard]] std::size_t size() const { return bytes_.size() - begin_; }
    [[nodiscard]] const revision_span& brings() const { return brings_; }

private:
    static constexpr std::size_t header_bytes_max = 10;

    // Puts the header, whose length depends on the payload's, directly before the payload.
    void finish();

    std::string bytes_;
    std::size_t begin_ = 0;
    revision_span brings_;
};

using frame_ptr = std::shared_ptr<const frame>;

}  // namespace okra::runtime
