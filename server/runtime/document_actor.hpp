// One document on its worker: owns the room, loads it, takes joins and changes, hands appends to the committer, builds
// the frames. All of it runs on the worker's thread; slow reads go to the loader pool and come back.
//
// States: loading → live → (a failed write) → loading …; loading → quarantined.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/document/name.hpp"
#include "server/room/room.hpp"
#include "server/runtime/commit_worker.hpp"
#include "server/runtime/frame.hpp"
#include "server/runtime/idle_documents.hpp"
#include "server/runtime/loading.hpp"
#include "server/runtime/services.hpp"
#include "server/runtime/snapshot.hpp"

namespace okra::runtime {

class worker;
struct beginning;

// Where a session is. `attempt` tells its opens of one document apart: an answer to an earlier one is stale.
struct session_address {
    worker* home = nullptr;
    wire::session_number number = 0;
    std::uint64_t attempt = 0;
    std::uint64_t greeting = 0;  // of a client's sessions, the one that said hello later has the greater one
};

struct join_request {
    session_address from;
    document::client_id client;
    std::string name;
    bool view = false;
    std::optional<wire::resume_point> resume;
    bool wants_snapshot = false;  // although it has a revision to go on from
};

class document_actor : public std::enable_shared_from_this<document_actor> {
public:
    document_actor(std::string document, worker& home);
    ~document_actor();
    document_actor(const document_actor&) = delete;
    document_actor& operator=(const document_actor&) = delete;

    [[nodiscard]] worker& home() const { return home_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    // The clients whose outcomes are kept: no more than there are members, and a few that wait to become some.
    [[nodiscard]] std::size_t clients_known() const
    {
        const auto* const now = std::get_if<live_state>(&state_);
        return now == nullptr ? 0 : now->authority.clients_known();
    }
    // Of the snapshot that joins get now.
    [[nodiscard]] std::size_t snapshot_bytes() const { return snapshot_ ? snapshot_->bytes() : 0; }
    // Loads it, on behalf of this session.
    void start(std::uint64_t session);

    // ---- from sessions ----
    void join(join_request it);
    void leave(const session_address& from);
    void submit(const sender& from, const wire::change& it);
    void refuse(const sender& from, const document::client_id& client, sequence seq, refusal why);
    void place(wire::session_number from, std::optional<wire::presence_place> at);

    // What a client found in an audit (AU4).
    void on_diverged(wire::session_number from, const wire::diverged& it);

    // What deciding about a change took: replaying it takes as long.
    void count_replay(std::int64_t took_us) { replay_us_ += took_us; }
    void store_snapshot_at_end();

    // ---- with the committer, through the worker ----
    [[nodiscard]] std::optional<commit_job> take_job();
    // What comes with the job that was taken, made while that is on its way to the disk.
    void follow_up();
    void settle(commit_job& done);
    void publish_settled();

    // ---- between workspace and plans ----
    // Tells `plan` (living on `plan_home`) its figures' context now and whenever it changes.
    void supply_context(const std::string& plan, worker& plan_home, const std::string& cycle);
    void stop_supplying(const std::string& plan, const std::string& cycle);
    void on_context(const document::derive_context& context);
    // In its turn, after `on_context`.
    void compute_figures();

    void on_storage_recovered();
    void on_new_day();
    void drop_stale_snapshot(std::int64_t now_ms);
    void leave_memory_if_idle(std::int64_t now_ms);
    // Nobody has it open and nothing of it is being written.
    void leave_memory();

private:
    struct loading_state {};
    struct quarantined_state {
        refusal why;
    };
    struct live_state {
        room::room authority;
    };
    struct loading_task {
        std::uint64_t session = 0;
        std::uint64_t incarnation = 0;
        std::shared_ptr<const std::atomic<bool>> wanted;
        std::shared_ptr<document_load> load;
    };
    // A session whose client's outcome is being looked up: one look-up at a time, for its newest `open`.
    struct looking_up {
        std::optional<join_request> wanted;  // none: it has left
        bool is_stale = false;  // the client was here meanwhile and has left: what is found may be of before
    };
    struct member {
        session_address where;
        document::client_id client;
        bool view = false;
    };
    struct supplied_cycle {
        std::optional<document::derive_context> told;
        std::map<std::string, worker*, std::less<>> plans;
    };
    // What plans are to be told when `at` is durable, by cycle.
    struct supplied_contexts {
        revision at;
        std::vector<std::pair<std::string, document::derive_context>> changed;
    };
    // What all contexts follow from.
    struct contexts_origin {
        revision at;
        document::day_number today = 0;
        friend bool operator==(const contexts_origin&, const contexts_origin&) = default;
    };
    struct told_context {
        std::string plan;
        document::derive_context context;
    };
    // The hash as it was told, or as it will be when `at` is durable.
    struct audit {
        revision at;
        std::uint64_t hash = 0;
        std::set<wire::session_number> reporters;  // who has said that theirs was another
    };
    struct settled_batch {
        room::committed_batch batch;
        std::vector<std::string> records;
    };

    [[nodiscard]] static refusal no_memory();
    [[nodiscard]] bool is_in_use() const
    {
        return !members_.empty() || !waiting_.empty() || !supplied_.empty() || !looking_up_.empty();
    }
    [[nodiscard]] live_state* live() { return std::get_if<live_state>(&state_); }

    void begin_use();
    void put_away();
    void end_use_soon();
    void end_use();
    void load(std::uint64_t session);
    void load_some(const loading_task& task);
    void keep_progress(document_load& load) const;
    void drop_load();
    void load_again_after(std::chrono::milliseconds interval);
    void on_loaded(load_result loaded);
    void on_too_large();
    void become_live_if_complete();
    // Whether an append of the room is with the committer, so that what the log holds is known only later.
    enum class append : std::uint8_t { back, under_way };
    void fail(const storage::failure& why, append of_it);
    void lose(wire::session_number from);

    void admit(join_request it);
    void admit_waiting();
    void look_up_outcome(join_request it);
    [[nodiscard]] result<std::optional<storage::client_outcome>, storage::failure> find_outcome(
        const document::client_id& client) const;
    void on_outcome(wire::session_number from, result<std::optional<storage::client_outcome>, storage::failure> found);
    // `snapshot_` begins it: with its parts, or with its figures before what the log has.
    void finish_join(const join_request& it, beginning where, std::uint64_t next_frame);
    void refuse_join(const join_request& it, const refusal& why);
    [[nodiscard]] bool take_over(const join_request& it);
    [[nodiscard]] snapshot_ptr durable_snapshot(revision at_least);
    void build_snapshot_if_wanted();
    void retire_snapshot();
    void store_snapshot_if_due();

    void audit_soon();
    void audit_if_wanted();
    void publish_audit_if_durable();
    void check_what_was_told(revision at, std::uint64_t hash);
    struct self_check {
        std::shared_ptr<std::atomic<bool>> running;  // false when the last task of the check is gone
        std::shared_ptr<document_load> load;
        revision at;
        std::uint64_t hash = 0;
    };
    void check_some(const self_check& it);

    [[nodiscard]] bool may_change(const sender& from) const;
    [[nodiscard]] std::optional<refusal> check_quota() const;
    [[nodiscard]] bool may_write_refusal() const;
    void remove_member(const session_address& where);
    void forget(const document::client_id& client);
    void forget_if_absent(const document::client_id& client);
    void mark_decided();

    void tell_title();
    void publish_records(settled_batch& done);
    void publish(const frame_ptr& it);
    void publish_presence_soon();
    void take_contexts();
    void tell_contexts_if_durable();
    static void tell_plans(std::shared_ptr<document_actor> from, worker& at, std::vector<told_context> news);

    const std::string name_;
    const document::document_name parsed_;
    worker& home_;
    services& shared_;
    const std::shared_ptr<daily_bytes> written_;               // here
    const std::shared_ptr<daily_bytes> written_in_workspace_;  // to all its documents
    const std::shared_ptr<daily_bytes> written_to_server_;
    std::variant<loading_state, quarantined_state, live_state> state_;
    std::uint64_t incarnation_ = 0;

    std::shared_ptr<std::atomic<bool>> load_wanted_;  // the newest load is; false: it may stop
    // While loading: what has arrived of the two things a room needs.
    std::optional<document::document> loaded_;
    std::optional<document::derive_context> context_;

    std::map<wire::session_number, member> members_;
    std::map<worker*, std::size_t, by_number> readers_by_worker_;
    std::vector<join_request> waiting_;  // for loading, for a snapshot to become durable, for an outcome in doubt
    std::map<wire::session_number, looking_up> looking_up_;  // joins that are away in the loader
    snapshot_ptr snapshot_;                                  // for joins; may be given out once its revision is durable
    std::int64_t snapshot_fresh_until_ms_ = 0;               // until then also when there are newer revisions
    bool snapshot_wanted_ = false;
    revision stored_snapshot_at_;
    std::int64_t replay_us_ = 0;  // of the changes since
    std::optional<storage::stored_snapshot> unstored_snapshot_;
    std::optional<settled_batch> settled_;
    std::map<std::string, supplied_cycle, std::less<>> supplied_;
    std::vector<std::string> new_cycles_;  // of supplied_, never looked at
    std::optional<contexts_origin> contexts_from_;
    std::optional<supplied_contexts> untold_contexts_;
    std::size_t tellings_ = 0;  // on their way to a worker
    bool presence_scheduled_ = false;
    bool audit_scheduled_ = false;
    bool audit_wanted_ = false;       // to be taken where a batch ends
    std::int64_t next_check_ms_ = 0;  // of what was told, when somebody says that it is not what he has
    std::optional<audit> unpublished_audit_;
    std::vector<audit> audits_;    // the last ones, oldest first
    bool awaits_storage_ = false;  // to load when the log works again: only then is it known what it holds
    bool awaits_append_ = false;   // to load when the append is back, for the same reason
    bool marked_ = false;          // handed to the worker for the end of this turn
    bool use_ends_ = false;        // to be looked at, at the end of this turn
    std::optional<idle_documents::place> idle_place_;
    std::int64_t idle_since_ms_ = 0;
};

}  // namespace okra::runtime
