// One document as one client has it: what the server has confirmed, the change in flight, and what comes next (SPEC §4,
// §7). Shown = confirmed + in flight + next. Pure and deterministic: no socket, clock or randomness. Its host brings
// server messages and its user's ops; it answers with messages to send and events. Owned by its host, one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/document/document.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/client/pending.hpp"
#include "tools/client/self_audit.hpp"

namespace okra::client {

// Somebody else's edit, as it applies to the text that was shown just before it.
struct remote_edit {
    document::edit_op what;
    document::client_id by;
    sequence seq;
};

// The own change `seq` is on disk. `at` is its revision, or the one of the snapshot that brought it.
struct acknowledged {
    sequence seq;
    revision at;
};

// The own change `seq` was refused for good (RB3). Its ops are for the user to copy or try again.
struct drafted {
    sequence seq;
    refusal why;
    op_list ops;
};

// The change in flight was refused for now: call `resend` after a moment (RF2).
struct retry_wanted {
    refusal why;
};

// A snapshot replaced the confirmed state.
struct reloaded {
    revision at;
};

// The server will not open this document.
struct not_opened {
    refusal why;
};

// The server broke a rule that the replica relies on; the replica asked for a fresh snapshot.
struct server_fault {
    std::string what;
};

// An audit found that the confirmed state was not the server's (AU3); the replica asked for a fresh snapshot.
struct found_different {
    revision at;
    bool helpless;  // it did so before, in vain
};

using event =
    std::variant<remote_edit, acknowledged, drafted, retry_wanted, reloaded, not_opened, server_fault, found_different>;

struct replica_options {
    document::client_id client;
    std::string document;
    bool view = false;
};

class replica {
public:
    replica(replica_options options, const document::document_schema& schema);

    // The connection said `welcome`: opens the document, or resumes from what is here (OD1).
    void connect();
    // The connection is gone. The change in flight keeps its seq and its bytes until its fate is known (CH3).
    void disconnect();

    // The user's ops, shown at once. At most limits::ops_per_change: they are committed together or not at all.
    [[nodiscard]] result<void, refusal> submit(op_list ops);

    // Messages about other documents are ignored, so a host may hand over everything it receives.
    void receive(const wire::server_message& message);

    // Sends the change in flight again, byte for byte: encoding is deterministic and the message is kept as it was
    // sent.
    void resend();

    [[nodiscard]] std::vector<wire::client_message> take_messages();
    [[nodiscard]] std::vector<event> take_events();

    [[nodiscard]] const document::document& confirmed() const { return confirmed_; }
    // Those that the server told, of the confirmed state.
    [[nodiscard]] const document::figure_table& figures() const { return figures_; }
    [[nodiscard]] document::document shown() const;  // a copy: for tests and tools, not for every key
    [[nodiscard]] std::string shown_text(std::string_view id, std::string_view field) const;

    [[nodiscard]] const std::string& epoch() const { return epoch_; }
    [[nodiscard]] sequence last_used() const { return used_; }
    [[nodiscard]] bool is_live() const { return std::holds_alternative<live>(state_); }
    [[nodiscard]] bool has_pending() const { return flight_.has_value() || !next_.empty(); }
    [[nodiscard]] std::optional<sequence> in_flight() const;

private:
    struct offline {};
    struct opening {};  // `open` is sent
    struct loading {
        wire::opened head;
        bool asked = false;    // it answers our `open`, so what it says of the change in flight is final
        bool resends = false;  // what is in flight did not get through and goes out again behind it
        std::vector<document::entity> entities;
        document::figure_table figures;
        std::uint32_t parts = 0;
    };
    struct live {};
    using connection_state = std::variant<offline, opening, loading, live>;

    struct flight {
        wire::change sent;  // never altered once it was on the wire (CH3)
        op_list ops;        // the same ops, rebased on what was committed since; all say what they had seen (OP2)
    };

    void on_opened(const wire::opened& it);
    void on_part(const wire::part& it);
    void on_commit(const wire::commit& it);
    void on_derived(const wire::derived& it);
    void on_audit(const wire::audit& it);
    void on_refused(const wire::refused& it);
    void on_notice(const wire::notice& it);

    void ask_to_open();
    void resume_tail(const wire::opened& it, bool asked, bool resends);
    void finish_loading();
    void rebase_by_difference(const document::document& snapshot, const op_list& absorbed);
    [[nodiscard]] bool refused_in(const wire::opened& it) const;
    [[nodiscard]] bool committed_in(const wire::opened& it) const;
    [[nodiscard]] bool is_behind(const wire::opened& it) const;
    void open_afresh(std::string why);

    [[nodiscard]] bool apply(const document::committed_change& it);
    void use_up_flight();
    void acknowledge(revision at);
    void make_draft(refusal why);
    void learn_refusal(refusal why);
    void put_flight_back();
    void send_next();
    [[nodiscard]] wire::change as_sent(const op_list& ops) const;

    replica_options options_;
    const document::document_schema* schema_;
    connection_state state_;
    std::string epoch_;
    document::document confirmed_;
    document::figure_table figures_;
    self_audit audit_;
    sequence used_;     // the last seq whose fate is decided
    sequence decided_;  // the last one that the server had used up when it said `opened`
    std::optional<flight> flight_;
    std::deque<op_list> next_;  // one list per `submit`
    revision hold_until_;       // nothing is sent before this has come (CH7)
    std::vector<wire::client_message> messages_;
    std::vector<event> events_;
};

}  // namespace okra::client
