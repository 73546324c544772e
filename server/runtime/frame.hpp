// One WebSocket message as it goes over the wire, header included: built once, shared by everyone it is for, never
// changed. Server frames are not masked, which is what makes them the same for all.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>

#include "protocol/base/numbers.hpp"
#include "protocol/wire/messages.hpp"
#include "server/runtime/reader_budget.hpp"

namespace okra::runtime {

// The revisions a frame brings: after `before`, up to `last`. Both 0: it brings none.
struct revision_span {
    revision before;
    revision last;
    [[nodiscard]] bool empty() const { return last.value == 0; }
};

class frame {
public:
    frame() = default;
    ~frame();
    frame(const frame&) = delete;
    frame& operator=(const frame&) = delete;

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

    // From now on its readers alone keep it alive. Doing it again changes nothing. `budget` outlives the frame.
    void charge_to(reader_budget& budget) const;

    // Of all frames that exist, whoever holds them.
    [[nodiscard]] static std::size_t bytes_alive() { return bytes_alive_.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t header_bytes_max = 10;

    // Puts the header, whose length depends on the payload's, directly before the payload, and counts the frame.
    void finish();

    static inline std::atomic<std::size_t> bytes_alive_{0};

    std::string bytes_;
    std::size_t begin_ = 0;
    std::size_t counted_ = 0;  // in bytes_alive_; 0 while it is built
    revision_span brings_;
    mutable std::atomic<reader_budget*> charged_to_{nullptr};
};

using frame_ptr = std::shared_ptr<const frame>;

}  // namespace okra::runtime
