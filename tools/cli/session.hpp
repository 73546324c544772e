// A conversation with a server, step by step as SPEC.md tells it: hello, open, changes, and what comes back. One
// document at a time. Owned by the command that runs, one thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/document/name.hpp"
#include "tools/client/connection.hpp"
#include "tools/client/identity.hpp"
#include "tools/client/replica.hpp"

namespace okra::cli {

using client::failure;

struct session_options {
    client::address server;
    std::string workspace;
    std::string name;
    bool trace_wire = false;
    bool view = false;  // opens documents without being listed among the people (OD1)
};

class session {
public:
    // Connects and says hello (HS1–HS4).
    [[nodiscard]] static result<session, failure> connect(const session_options& options);

    // Opens a document and waits for its snapshot (OD1–OD4).
    [[nodiscard]] result<void, failure> open(const std::string& document);

    // A snapshot may be a little old: what was committed since follows it at once (OD7). Takes that in, until it is
    // quiet.
    [[nodiscard]] result<void, failure> catch_up();

    // Sends one change and waits until it is on the server's disk (CM2); a refusal is a failure that names the rule.
    [[nodiscard]] result<revision, failure> commit(client::op_list ops);

    // Hands over every message from now on, after the replica has it; returns when the connection ends. Keeps it alive
    // (LV1).
    using listener = std::function<void(const wire::server_message&)>;
    [[nodiscard]] failure follow(const listener& tell);

    [[nodiscard]] const client::replica& replica() const { return *replica_; }
    [[nodiscard]] const std::vector<wire::person>& people() const { return people_; }

private:
    session(client::connection connection, session_options options);

    [[nodiscard]] result<wire::server_message, failure> next();
    [[nodiscard]] result<void, failure> flush();
    void receive(const wire::server_message& message);

    client::connection connection_;
    session_options options_;
    client::identity identity_ = client::fresh_identity();
    std::chrono::milliseconds heartbeat_{20'000};
    std::string open_document_;
    std::unique_ptr<client::replica> replica_;  // of the open document
    std::vector<wire::person> people_;
};

}  // namespace okra::cli
