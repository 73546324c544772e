// A server as SPEC describes it, for one document, in memory: document::accept decides, and changes become visible in
// commits, as if a disk came between. What it sends is put into the sessions' mailboxes; a test carries it from there.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "protocol/base/prng.hpp"
#include "protocol/document/document.hpp"
#include "protocol/wire/messages.hpp"

namespace okra::test {

using mailbox = std::deque<wire::server_message>;

class model_server {
public:
    model_server(std::string document, std::uint64_t seed);

    void connect(const document::client_id& client, mailbox& to);
    void disconnect(const document::client_id& client);
    void receive(const document::client_id& from, const wire::client_message& message);

    // What was accepted since the last time becomes durable, and goes to everybody in one frame.
    void commit();
    // What was accepted and not committed is forgotten, as by a crash; the connections must be ended by the caller.
    void crash();
    // A snapshot is sent although nobody asked, as to a reader that fell behind.
    void send_snapshot(const document::client_id& client);
    // Everybody who reads is told the hash of the durable state (AU2).
    void audit();
    // History was lost: back to `kept` revisions, under another epoch; the connections must be ended by the caller.
    void restore_backup(revision kept);

    // One in so many changes is refused for good, for no reason of its own; 0: none.
    std::uint64_t refuse_one_in = 0;
    // One in so many is refused for now.
    std::uint64_t unavailable_one_in = 0;
    // What audits tell is not the hash: the fault is the server's.
    bool tells_wrong_hash = false;
    // Resuming is possible from here on.
    revision history_floor;

    [[nodiscard]] const document::document& durable() const { return durable_; }
    [[nodiscard]] const std::vector<document::committed_change>& log() const { return log_; }
    // What clients said of audits.
    [[nodiscard]] const std::vector<wire::diverged>& divergences() const { return divergences_; }
    [[nodiscard]] bool has_uncommitted() const { return !accepted_.empty() || !refused_.empty(); }

private:
    struct outcome {
        sequence seq;
        wire::outcome what;
    };
    struct session {
        mailbox* to;
        bool open = false;
    };

    void open(const document::client_id& from, const wire::open& it);
    void change(const document::client_id& from, const wire::change& it);
    void answer_used(const document::client_id& from, sequence seq);
    void refuse(const document::client_id& to, sequence seq, refusal why, bool final);
    [[nodiscard]] sequence last_used(const document::client_id& client) const;
    void reload();

    std::string name_;
    prng random_;
    std::string epoch_ = "epoch-1";
    document::document speculative_;
    document::document durable_;
    std::vector<document::committed_change> log_;
    std::vector<wire::diverged> divergences_;
    std::vector<document::committed_change> accepted_;  // since the last commit
    std::map<document::client_id, std::pair<sequence, refusal>> refused_;
    std::map<document::client_id, outcome> outcomes_;
    std::map<document::client_id, session> sessions_;
};

[[nodiscard]] std::vector<document::entity> entities_of(const document::document& it);

}  // namespace okra::test
