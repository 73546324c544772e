// A client that edits as a browser does: a replica behind a connection that may be cut at any moment. Comes back by
// itself. Owned by the run, one thread; `take` and `submit` never wait for the server, `join` does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/base/result.hpp"
#include "tools/check/setting.hpp"
#include "tools/check/witness.hpp"
#include "tools/client/connection.hpp"
#include "tools/client/identity.hpp"
#include "tools/client/replica.hpp"

namespace okra::check {

using client::failure;

// How a connection is ended with a reset.
enum class cut : std::uint8_t {
    at_rest,        // with nothing on the way
    after_sending,  // right behind a change: its fate is unknown
    within_frame,   // in the middle of a change's frame: it was never sent
};

class peer {
public:
    struct options {
        std::string name;
        bool view = false;
        bool sends_twice = false;   // some of its changes, at once
        bool is_attentive = false;  // reads at once: what reaches it is measured
    };
    struct counts {
        std::uint64_t cuts = 0;
        std::uint64_t losses = 0;  // connections that ended and were not cut
        std::uint64_t refused = 0;
        std::uint64_t sent_twice = 0;
    };

    peer(const setting& in, options how);

    // Connects, says hello, opens the plan or resumes. What comes next is for `take`.
    [[nodiscard]] result<void, failure> join();
    // Everything that has come, and what is to be sent then. A failure is not to be healed by coming back.
    [[nodiscard]] result<void, failure> take();
    // A ping, if it is time for one (LV1).
    [[nodiscard]] result<void, failure> keep_alive();

    [[nodiscard]] result<void, failure> submit(client::op_list ops);
    [[nodiscard]] result<void, failure> place(wire::presence_place at);
    // Now, or with the next change; it comes back after `away`.
    void cut_off(cut how, std::chrono::milliseconds away);
    // At rest and for good.
    void leave();

    [[nodiscard]] bool is_live() const { return line_.has_value() && replica_.is_live(); }
    [[nodiscard]] bool is_at(revision it) const { return is_live() && replica_.confirmed().head() == it; }
    // Not connected: when it is to join again.
    [[nodiscard]] std::optional<clock::time_point> returns_at() const;
    [[nodiscard]] const client::replica& replica() const { return replica_; }
    [[nodiscard]] const witness& told() const { return witness_; }
    [[nodiscard]] const std::string& name() const { return options_.name; }
    [[nodiscard]] wire::session_number session() const { return session_; }
    [[nodiscard]] const std::string& server() const { return server_; }
    [[nodiscard]] bool is_refused_storage() const { return unavailable_; }
    [[nodiscard]] const counts& so_far() const { return counts_; }

private:
    [[nodiscard]] result<void, failure> connect();
    [[nodiscard]] result<void, failure> hear(const wire::server_message& message);
    void judge_return(const wire::opened& it);
    [[nodiscard]] result<void, failure> flush();
    [[nodiscard]] result<void, failure> send(const wire::client_message& message);
    void on_lost(const failure& why);
    void part(std::chrono::milliseconds away);

    const setting& in_;
    options options_;
    client::identity identity_;
    client::replica replica_;
    witness witness_;
    std::optional<client::connection> line_;
    std::optional<wire::resume_point> resumes_from_;
    std::optional<clock::time_point> returns_at_;
    std::optional<clock::time_point> lost_since_;
    std::optional<clock::time_point> edited_at_;  // the first edit that was not sent yet
    std::optional<clock::time_point> resend_at_;
    std::optional<std::pair<cut, std::chrono::milliseconds>> next_cut_;
    clock::time_point ping_at_;
    std::chrono::milliseconds heartbeat_{20'000};
    sequence last_sent_;
    wire::session_number session_ = 0;
    std::string server_;
    std::string farewell_;
    bool unavailable_ = false;
    counts counts_;
};

}  // namespace okra::check
