// A client that lives through its server's deaths: one session with several documents open, which comes back by itself
// and goes on with what it has (SPEC §9). An editor edits, connected or not; a watcher only looks. Owned by a fleet,
// one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/prng.hpp"
#include "protocol/wire/decode.hpp"
#include "tests/crash/edits.hpp"
#include "tests/crash/witness.hpp"
#include "tools/client/replica.hpp"
#include "tools/load/link.hpp"

namespace okra::crash {

// What all clients share.
struct surroundings {
    load::poller sockets;
    wire::decoder decoder;
    witness seen;
    std::optional<load::target> server;  // nothing: there is none
    bool editing = false;
    bool pasting = false;  // edits are large
};

struct survivor_options {
    document::client_id client;
    std::vector<std::string> documents;
    std::optional<std::size_t> editor;  // its number; nothing: a watcher
    std::uint64_t seed = 0;
};

// A client's half of one document, with the account of what became of its changes.
struct open_document {
    client::replica replica;
    std::string name;
    sequence sent;  // the last on the wire
    std::uint64_t changes_sent = 0;
    std::uint64_t resent = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t drafted = 0;
    std::uint64_t renumbered = 0;  // refused as too old, and sent again under another seq (CH7)
    contents submitted = {};
    contents given_up = {};  // in drafts
    std::optional<load::clock::time_point> resend_at = {};
};

class survivor : load::link::handler {
public:
    survivor(surroundings& among, survivor_options options);

    // Connects again and edits, when it is time.
    void tick(load::clock::time_point now);

    [[nodiscard]] bool is_connected() const { return !link_.is_closed(); }
    [[nodiscard]] bool is_live() const;
    [[nodiscard]] bool has_pending() const;
    [[nodiscard]] const document::client_id& id() const { return options_.client; }
    [[nodiscard]] const std::deque<open_document>& documents() const { return documents_; }

private:
    void on_connected() override;
    void on_received(std::span<char> message) override;
    void on_broken(std::string_view why) override;

    void note(const wire::server_message& message);
    void take_events(open_document& of);
    void forward(open_document& of);
    void edit();

    surroundings& among_;
    survivor_options options_;
    prng random_;
    edit_source edits_;
    load::link link_;
    std::deque<open_document> documents_;
    load::clock::time_point connect_at_;
    load::clock::time_point edit_at_;
};

}  // namespace okra::crash
