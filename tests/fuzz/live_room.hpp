// A room with its log, clients that send whatever an input holds, and replicas that must follow: the server's path of a
// change without sockets and threads. Driven by lines of text; whatever they say, everything that SPEC promises must
// hold after each of them. What the actor does around its room (server/runtime) is done here, in a few lines.
//
//   line    := client ' ' (message | ops | '>' | '<' | '+' | '-' | '*') | command
//   client  := 'a' | 'c'   sends `message` as it is on the wire, `$seq` and `$head` filled in
//            | 'b' | 'd'   a replica: its user does `ops`, a JSON array; '>' its next message reaches the server, '<'
//            the
//                          server's next message reaches it; '-' its connection ends, '+' it is back; '*' it fell
//                          behind
//   command := "take"      what was decided goes to the log       "write"  and is written
//            | "fail"      the write fails                        "lost"   it is reported as failed, and was written
//            | "snapshot"  the room is stored whole               "reload" the room leaves memory and is loaded again
//            | "day" n     n days later
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/document/name.hpp"
#include "protocol/wire/decode.hpp"
#include "server/room/room.hpp"
#include "storage/memory_log.hpp"
#include "tools/client/replica.hpp"

namespace okra::fuzz {

// The names that inputs are about. Both begin with content: see live_room.cpp.
inline constexpr std::string_view plan_name = "w/plan/t/c";
inline constexpr std::string_view workspace_name = "w/workspace";

class live_room {
public:
    explicit live_room(std::string_view name);
    ~live_room();

    void run(std::string_view line);

    // Everything arrives and is written: then all are equal.
    void settle();

private:
    struct raw_client {
        document::client_id id;
        wire::session_number session;
    };
    struct follower {
        follower(document::client_id name, wire::session_number its_session, const document::document_name& of);

        document::client_id id;
        wire::session_number session;
        client::replica replica;
        bool connected = false;
        bool joined = false;     // to the room
        revision sent;           // the last revision that was put into `down`
        bool overtaken = false;  // a snapshot came while a change was in flight
        std::deque<std::string> up, down;
    };

    void run_command(std::string_view line);
    void run_follower(follower& it, std::string_view what);
    void hear(const raw_client& from, std::string message);
    void user_does(follower& it, std::string_view ops);

    void connect(follower& it);
    void disconnect(follower& it);
    void arrive_up(follower& it);
    void arrive_down(follower& it);
    void handle(follower& it, const client::event& event, std::array<std::string, 2>& texts);
    void collect(follower& it);
    void join(follower& it, const std::optional<wire::resume_point>& resume);
    void send_snapshot(follower& it);
    void send_tail(follower& it, revision after);
    [[nodiscard]] wire::opened opened_for(const follower& it) const;

    void submit(wire::session_number from, const document::change& incoming);
    void answer(wire::session_number to, const wire::server_message& message);
    void tell_all(const std::string& json, revision last = {});
    void take();
    void write();
    void fail(bool stays);
    void load();
    void shift_context(std::int32_t days);

    void check();
    void check_records(const std::vector<std::string>& records);
    void check_figures();
    void check_durable();
    void check_snapshot();

    document::document_name name_;
    storage::memory_log log_{"epoch-1"};
    document::derive_context context_;
    std::optional<room::room> room_;
    std::optional<storage::document_append> taken_;
    document::document durable_;   // replays what is written
    document::figure_table told_;  // what everybody was told of the figures
    std::array<raw_client, 2> raw_;
    std::array<std::unique_ptr<follower>, 2> followers_;
    std::int64_t now_ms_ = 1'790'000'000'000;
    wire::decoder decoder_;
    struct snapshot {
        revision at;
        std::vector<std::string> parts;
    };
    std::optional<snapshot> snapshot_;  // as the actor keeps one for those who join soon after
};

}  // namespace okra::fuzz
