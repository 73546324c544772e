// The protocol state of one connection: handshake, open documents, and for each a place in its frames. Has no queue of
// what others do: it holds a cursor into each document's ring. Owned by its connection, touched by one worker.
//
// Memory is bounded whatever the peer does. It holds places, not bytes: a number in a ring, a part of a snapshot that
// all who join share, a revision up to which the log was read. Its own are the answers that it has not read
// (`control_bytes_max`), what is being written (one gather), and one piece of a tail, for all its documents together.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/wire/decode.hpp"
#include "server/runtime/fanout.hpp"
#include "server/runtime/frame.hpp"
#include "server/runtime/loading.hpp"
#include "server/runtime/snapshot.hpp"
#include "server/runtime/transport.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

inline constexpr std::uint32_t heartbeat_ms = 20'000;

// Where a reader begins: with the parts of a snapshot, or at a revision that it has. Up to `first`'s revision the rest
// of a tail comes from the log, after its figures; then `recent` follows, what the document's ring has after that.
struct beginning {
    wire::open_mode mode;
    revision at;
    snapshot_ptr first;  // null: a tail that the ring has whole
    std::vector<frame_ptr> recent;
    std::uint64_t published = 0;  // the document's count of frames when this was made
    bool ring_follows = false;    // the reader's worker had readers, so that its ring has missed nothing
};

class session final : public client_session {
public:
    session(transport& peer, connection_facts facts, worker& home);
    ~session() override;

    // ---- from the connection ----
    void on_message(std::span<char> message) override;
    void on_violation(std::string_view code, std::string_view message) override;
    void on_overload(std::string_view message) override;
    void on_closed() override;
    void gather(std::vector<boost::asio::const_buffer>& out, std::size_t bytes_max) override;
    void written() override;
    void on_sweep(std::int64_t now_ms) override;

    // ---- from documents and workers, on this session's worker ----
    void on_joined(const std::string& document, std::uint64_t attempt, const frame_ptr& opened, const beginning& where);
    void on_join_refused(const std::string& document, std::uint64_t attempt, const frame_ptr& told);
    void tell(frame_ptr it);
    void wake() { peer_.wake(); }
    // Too many bytes are unread, in the whole server: gives back what only this reader keeps alive and does not take.
    void relieve();
    // Says `bye` and closes. With `after_ms` the client may come back after that time.
    void end(std::string_view code, std::string_view message, std::optional<std::uint32_t> after_ms);

private:
    enum class reading : std::uint8_t {
        joining,    // its document will say where to begin
        following,  // what comes first, then the log, then the ring
        behind,     // what it had yet to take is gone: it joins again when its connection takes bytes
    };
    // The part of a tail that the ring does not have. `wanted` is the piece that is being read; it is false when nobody
    // waits for it any more.
    struct log_tail {
        revision until;
        std::size_t bytes = 0;  // read so far
        std::vector<frame_ptr> piece;
        std::size_t taken = 0;
        bool is_written = false;  // some of the piece is under way
        std::shared_ptr<std::atomic<bool>> wanted;

        explicit log_tail(revision to) : until{to} {}
        ~log_tail() { abandon(); }
        log_tail(const log_tail&) = delete;
        log_tail& operator=(const log_tail&) = delete;
        void abandon()
        {
            if (wanted) *std::exchange(wanted, nullptr) = false;
        }
        [[nodiscard]] bool is_busy() const { return wanted != nullptr || !piece.empty() || is_written; }
    };
    struct open_document {
        std::string name;
        worker* home = nullptr;
        std::uint64_t attempt = 0;
        bool view = false;
        reading state = reading::joining;
        wire::open_mode mode = wire::open_mode::snapshot;
        snapshot_ptr first;  // its parts or, before a tail from the log, its figures, until all are taken
        std::size_t first_taken = 0;
        std::optional<log_tail> tail;
        std::uint64_t cursor = 0;
        // What the peer will have when everything gathered so far has arrived. Nothing: less than a whole snapshot.
        std::optional<revision> seen;

        [[nodiscard]] const std::vector<frame_ptr>& first_frames() const
        {
            return mode == wire::open_mode::snapshot ? first->parts() : first->figures();
        }
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
    [[nodiscard]] sender as_sender(const open_document& it) const
    {
        return {.session = number_, .attempt = it.attempt};
    }
    void leave(open_document& it);

    // ---- reading (session_reading.cpp) ----
    enum class catch_up : std::uint8_t { best, snapshot };
    void request_join(const open_document& it, std::optional<wire::resume_point> resume, catch_up by);
    void join_again(open_document& it, catch_up by);
    void fall_behind(open_document& it);
    [[nodiscard]] bool take(frames_taken& into, frame_ptr it);
    void gather_document(open_document& it, frames_taken& into);
    [[nodiscard]] bool gather_first(open_document& it, frames_taken& into);
    [[nodiscard]] bool gather_tail(open_document& it, frames_taken& into);
    void gather_ring(open_document& it, frames_taken& into);
    void ask_for_piece(open_document& it);
    void on_piece(const std::string& document, const std::shared_ptr<std::atomic<bool>>& asked,
                  result<std::vector<frame_ptr>, storage::failure> piece);

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
    std::size_t control_bytes_ = 0;
    std::vector<frame_ptr> writing_;  // keeps alive what was gathered until it is written
    std::uint64_t attempts_ = 0;
    std::size_t message_bytes_ = 0;  // of the one that is being handled
    std::int64_t heard_ms_;
    std::uint32_t strikes_ = 0;
    bool has_written_ = false;          // since the last sweep
    std::uint32_t stalled_sweeps_ = 0;  // that found nothing written, although there was something to write
    bool ended_ = false;
};

}  // namespace okra::runtime
