// The books of one run: every change that was sent, every revision as each connection was told of it, every
// acknowledgement. A reference document, kept by the same rules as the server's but from what was sent, tells what each
// revision must say. Owned by a run, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "protocol/document/document.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/check/findings.hpp"
#include "tools/client/stream.hpp"
#include "tools/load/histogram.hpp"

namespace okra::check {

using client::clock;

// A connection that is told of revisions.
struct listener {
    std::string name;  // for the report
    document::client_id client;
    // It reads at once, since then: what reaches it counts for the latencies.
    std::optional<clock::time_point> attentive_since = {};
};

class ledger {
public:
    // The run begins with `content`, at its head.
    ledger(findings& found, document::document content);

    // Somebody of ours, who may or may not send something.
    void joins(const document::client_id& client) { clients_.insert(client); }
    // Will not come back: nobody learns what became of what it sent last.
    void leaves(const document::client_id& client) { gone_.insert(client); }
    // A change is about to be sent for the first time. `edited_at`: when its user made the first edit in it, to be
    // measured.
    void sent(const wire::change& it, std::optional<clock::time_point> edited_at = {});
    // Says `to` for the first time that `what` is revision `at`.
    void told(const listener& to, revision at, const document::committed_change& what);
    // Said otherwise than by a commit: by a notice, or by the outcome in `opened`.
    void acknowledged(const document::client_id& client, sequence seq, revision at);
    void refused(const document::client_id& client, sequence seq);

    // When all is quiet: was every change answered, is what was acknowledged in the history?
    void close();

    [[nodiscard]] revision begin() const { return begin_; }
    [[nodiscard]] revision head() const;
    // A client of nobody here has edited the plan.
    [[nodiscard]] const std::optional<document::client_id>& stranger() const { return stranger_; }

    // Nothing, when it is not known any more what the content must be: after the first breach of `as_written`, or with
    // a revision that nobody was told of.
    [[nodiscard]] const document::document* reference() const;

    [[nodiscard]] std::uint64_t sent_count() const { return sent_.size(); }
    [[nodiscard]] std::uint64_t committed_count() const { return committed_.size(); }
    [[nodiscard]] const load::histogram& to_durable() const { return to_durable_; }
    [[nodiscard]] const load::histogram& to_seen() const { return to_seen_; }

private:
    using change_name = std::pair<document::client_id, sequence>;
    struct sent_change {
        document::change what;
        std::optional<clock::time_point> edited_at = {};
        bool refused = false;
        std::optional<revision> acknowledged_at = {};
    };
    struct recorded {
        change_name name;
        std::string json;   // as it was told first
        std::string first;  // told to
        document::committed_change what;
    };

    void record(const listener& to, revision at, const document::committed_change& what);
    void measure(const listener& to, const change_name& name);
    void judge_next();
    [[nodiscard]] bool judge(const recorded& it);

    findings& found_;
    revision begin_;
    document::document reference_;
    bool is_lost_ = false;  // the reference
    std::map<change_name, sent_change> sent_;
    std::set<document::client_id> clients_;
    std::set<document::client_id> gone_;
    std::map<change_name, revision> committed_;
    std::map<revision, recorded> history_;
    std::optional<document::client_id> stranger_;
    load::histogram to_durable_;
    load::histogram to_seen_;
};

}  // namespace okra::check
