// The authority over one document: decides about changes, keeps each client's sequence, and knows what is decided but
// not yet on disk. Pure: no I/O, no clock, no threads; the actor that owns it does what its outputs say.
//
// Life of a change: `submit` decides and applies it to the speculative document → `take_append` hands what was decided
// to the log → `committed` (it is on disk: now it may be seen) or `abandon` (the write failed: the room is thrown
// away).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"
#include "protocol/wire/messages.hpp"
#include "server/room/people.hpp"
#include "storage/log.hpp"

namespace okra::room {

// A message for one session.
struct direct_message {
    wire::session_number session;
    wire::server_message message;
};

// What a durable batch brings: the records are its changes, encoded, in order of their revisions.
struct committed_batch {
    revision last;
    document::figure_keeper::delta derived;
    std::vector<direct_message> answers;
};

class room {
public:
    room(std::string name, document::document content, const document::derive_context& context);

    [[nodiscard]] const document::document& content() const { return content_; }
    // Of the newest decided change.
    [[nodiscard]] const document::figure_table& figures();

    // The newest revision that is on disk. content().head() may be ahead of it.
    [[nodiscard]] revision durable() const { return durable_; }

    // The exactly-once table's part for the clients that are here. A client must be remembered before it submits.
    [[nodiscard]] bool knows(const document::client_id& client) const { return clients_.contains(client); }
    [[nodiscard]] std::size_t clients_known() const { return clients_.size(); }
    void remember(const document::client_id& client, const std::optional<storage::client_outcome>& last);
    void forget(const document::client_id& client);
    // What became of the client's last change. Must not be asked while that is still `in_doubt`.
    [[nodiscard]] std::pair<sequence, wire::outcome> last_outcome(const document::client_id& client) const;
    [[nodiscard]] bool in_doubt(const document::client_id& client) const;
    // No commit of the client is beyond this. It is that change's revision, if it was committed; a refusal does not
    // tell where the commit before it is, so after one it is the newest on disk. 0: the client never changed anything.
    [[nodiscard]] revision commits_until(const document::client_id& client) const;

    // HOT PATH: decides about a change. An answer that needs nothing stored comes back; otherwise it comes with
    // `committed`.
    [[nodiscard]] std::optional<wire::server_message> submit(wire::session_number from,
                                                             const document::change& incoming, std::int64_t now_ms);

    // As `submit`, for a change that could not be decoded but names its seq (ER4): the refusal is final.
    [[nodiscard]] std::optional<wire::server_message> refuse(wire::session_number from,
                                                             const document::client_id& client, sequence seq,
                                                             refusal why);
    // The same without keeping it: the seq stays the next one.
    [[nodiscard]] std::optional<wire::server_message> refuse_for_now(wire::session_number from,
                                                                     const document::client_id& client, sequence seq,
                                                                     refusal why);

    // Something is decided that no append has taken yet.
    [[nodiscard]] bool has_decided() const { return !gathering_.append.clients.empty(); }
    [[nodiscard]] bool is_writing() const { return in_flight_.has_value(); }

    // Everything decided since the last call, for the log. One append is in flight at a time: what is decided meanwhile
    // goes into the next one and later into one frame.
    [[nodiscard]] storage::document_append take_append();

    // Figures are not part of `submit`: of a large document they take longer than all the rest, and what they follow
    // from can be on its way to the disk meanwhile. Whoever has called `take_append` calls this when the append is
    // handed over; if it does not, the figures are computed where they are first needed.
    void derive_figures();

    // The append that was taken is on disk.
    [[nodiscard]] committed_batch committed();

    // The log failed: answers for all whose changes are in doubt. The room must not be used afterwards.
    [[nodiscard]] std::vector<direct_message> abandon();

    // A new day or another cycle length: the figures that changed. Those that follow from what is not durable yet come
    // with it instead.
    [[nodiscard]] document::figure_keeper::delta set_context(const document::derive_context& context);

    people present;

private:
    struct client_state {
        sequence used;
        wire::outcome last;
        bool undurable = false;  // `used` is decided and not yet on disk
        bool forgotten = false;  // to be dropped as soon as `used` is durable
    };
    struct awaited_answer {
        wire::session_number session;
        document::client_id client;
        sequence seq;
        std::optional<refusal> refused;
        revision at;
    };
    struct batch {
        storage::document_append append;
        std::vector<awaited_answer> awaited;
        document::figure_keeper::delta derived;
        revision last;
    };

    [[nodiscard]] std::optional<std::optional<wire::server_message>> answer_from_memory(
        wire::session_number from, const document::client_id& client, sequence seq);
    void use_up(wire::session_number from, const document::client_id& client, sequence seq,
                std::variant<revision, refusal> what);
    [[nodiscard]] wire::server_message retold(const client_state& known, sequence seq) const;
    void derive_figures_in_flight();

    std::string name_;
    document::document content_;
    document::figure_keeper figures_;
    std::unordered_map<document::client_id, client_state> clients_;  // looked up, never iterated in an order that shows
    batch gathering_;
    std::optional<batch> in_flight_;
    revision durable_;
};

// The later figures of an entity replace the earlier. Both are in the order of ids, and so is what comes out.
void merge(document::figure_keeper::delta& into, document::figure_keeper::delta&& later);

}  // namespace okra::room
