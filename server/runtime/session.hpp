// The protocol state of one connection: handshake, open documents, and for each a place in its frames. Has no queue of
// what others do: it holds a cursor into each document's ring. Owned by its connection, touched by one worker.
//
// Memory is bounded whatever the peer does: own answers by `control_frames_max`, a snapshot or tail in `first` is
// shared with all who join at that revision, and a ring's frames are the document's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/wire/decode.hpp"
#include "server/runtime/fanout.hpp"
#include "server/runtime/frame.hpp"
#include "server/runtime/transport.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

inline constexpr std::uint32_t heartbeat_ms = 20'000;

class session final : public client_session {
public:
    session(transport& peer, connection_facts facts, worker& home);
    ~session() override;

    // ---- from the connection ----
    void on_message(std::span<char> message) override;
    void on_violation(std::string_view code, std::string_view message) override;
    void on_closed() override;
    void gather(std::vector<boost::asio::const_buffer>& out, std::size_t bytes_max) override;
    void written() override;
    void on_sweep(std::int64_t now_ms) override;

    // ---- from documents and workers, on this session's worker ----
    // `first` follows `opened` and brings the reader to the ring's present end; the commits in it begin after `at`.
    void on_joined(const std::string& document, std::uint64_t attempt, const frame_ptr& opened,
                   std::vector<frame_ptr> first, revision at);
    void on_join_refused(const std::string& document, std::uint64_t attempt, const frame_ptr& told);
    void tell(frame_ptr it);
    void wake() { peer_.wake(); }
    // Says `bye` and closes. With `after_ms` the client may come back after that time.
    void end(std::string_view code, std::string_view message, std::optional<std::uint32_t> after_ms);

private:
    enum class reading : std::uint8_t { joining, following };
    struct open_document {
        std::string name;
        worker* home = nullptr;
        std::uint64_t attempt = 0;
        bool view = false;
        reading state = reading::joining;
        std::vector<frame_ptr> first;  // to be sent before the cursor's
        std::size_t first_taken = 0;
        std::uint64_t cursor = 0;
        revision seen;  // what the peer will have when everything gathered so far has arrived
    };
    struct frames_taken {
        std::vector<boost::asio::const_buffer>& out;
        std::size_t bytes_left;
    };

    void on(const wire::hello& it);
    void on(const wire::open& it);
    void on(wire::change& it);
    void on(const wire::presence& it);
    void on(const wire::close& it);
    void on(const wire::ping& it);
    void on(wire::diverged& it);
    void on_undecodable(wire::decode_failure& failure);

    void refuse(refusal why, std::optional<std::string> document = {}, std::optional<sequence> seq = {});
    void count_strike();
    [[nodiscard]] open_document* find(std::string_view name);
    void request_join(const open_document& it, std::optional<wire::resume_point> resume);
    void rejoin_lagging(open_document& it);
    void leave(open_document& it);
    [[nodiscard]] bool take(frames_taken& into, frame_ptr it);
    void gather_document(open_document& it, frames_taken& into);

    transport& peer_;
    worker& home_;
    connection_facts facts_;
    std::uint64_t number_ = 0;
    document::client_id client_;  // empty: no hello yet
    std::uint64_t greeting_ = 0;
    std::string workspace_;
    std::string name_;
    std::vector<std::unique_ptr<open_document>> documents_;
    std::vector<frame_ptr> control_;
    std::vector<frame_ptr> writing_;  // keeps alive what was gathered until it is written
    std::uint64_t attempts_ = 0;
    std::size_t message_bytes_ = 0;  // of the one that is being handled
    std::int64_t heard_ms_;
    std::uint32_t strikes_ = 0;
    bool ended_ = false;
};

}  // namespace okra::runtime
