// Several replicas and a model server, joined by connections that delay, break and come back. One seed, one history.
// The document begins with an objective "o0", title "Start", at revision 1.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "protocol/base/prng.hpp"
#include "tests/unit/tools/model_server.hpp"
#include "tools/client/replica.hpp"

namespace okra::test {

inline const std::string plan_name = "acme/plan/web/2026q1";

struct simulated_client {
    explicit simulated_client(document::client_id name);

    document::client_id id;
    client::replica replica;
    bool connected = false;
    bool overtaken = false;  // a snapshot came while a change was in flight
    std::deque<wire::client_message> up;
    mailbox down;
    // Kept to be checked at the end.
    std::uint64_t created_ids = 0;
    std::int64_t votes_submitted = 0;
    std::int64_t votes_drafted = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t drafts = 0;
    std::vector<std::string> faults;
};

class simulated_world {
public:
    simulated_world(std::uint64_t seed, std::size_t clients);

    // One thing happens: somebody edits, a message arrives, a connection breaks, the server commits, …
    void step();
    // All connections come back and everything arrives.
    void settle();
    // The same for all but one, who stays as they are.
    void settle_without(const simulated_client& one);

    void submit(simulated_client& by, client::op_list ops);
    void connect(simulated_client& it);
    void disconnect(simulated_client& it);
    void deliver_up(simulated_client& it);
    // Tells the events that the message brought.
    std::vector<client::event> deliver_down(simulated_client& it);
    void collect(simulated_client& it);

    model_server server;
    std::vector<std::unique_ptr<simulated_client>> clients;

private:
    void submit_something(simulated_client& by);
    [[nodiscard]] client::op_list some_ops(simulated_client& by, const document::document& shown);
    [[nodiscard]] document::edit_op some_typing(const document::document& shown, const document::entity& it);
    void settle_those(const std::vector<simulated_client*>& whom);

    prng random_;
};

}  // namespace okra::test
