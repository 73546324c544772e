// The part of document_actor about the time when nobody has the document open: it stays in memory for a while, and
// leaves it.
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "server/runtime/clock.hpp"
#include "server/runtime/commit_worker.hpp"
#include "server/runtime/document_actor.hpp"
#include "server/runtime/loading.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/memory.hpp"
#include "server/runtime/worker.hpp"

namespace okra::runtime {

namespace {

// What an actor takes in memory, and what its entities and their texts do, about.
constexpr std::size_t actor_bytes = 5 << 10;
constexpr std::size_t bytes_per_entity = 600;
constexpr std::size_t bytes_per_text_byte = 4;

// Writing down what a document of so many holds, and giving back its memory, takes about a third of a millisecond.
constexpr std::size_t entities_put_away_at_once = 1'000;

std::size_t memory_of(const document::document& it)
{
    return actor_bytes + it.entity_count() * bytes_per_entity + it.text_bytes() * bytes_per_text_byte;
}

// A document that has left its worker, until a loader's thread has written it down and given back its memory. Those
// that wait for that are counted, as they are neither in use nor idle any more. One thread at a time.
class document_put_away {
public:
    // `is_stored`: its snapshot is the newest already.
    document_put_away(services& shared, std::string name, room::room authority, bool is_stored);
    ~document_put_away();
    document_put_away(const document_put_away&) = delete;
    document_put_away& operator=(const document_put_away&) = delete;

    void store() const;

private:
    services& shared_;
    const std::string name_;
    const room::room authority_;
    const bool is_stored_;
};

document_put_away::document_put_away(services& shared, std::string name, room::room authority, bool is_stored)
    : shared_{shared}, name_{std::move(name)}, authority_{std::move(authority)}, is_stored_{is_stored}
{
    ++shared_.documents_put_away;
}

document_put_away::~document_put_away()
{
    --shared_.documents_put_away;
}

// A cache: without it the next one who opens the document waits for the replay.
void document_put_away::store() const
{
    if (is_stored_ || !shared_.storage_works) return;
    try {
        const memory::expendable scope;
        memory::refuse_if_short();
        const document::document& content = authority_.content();
        const auto saved =
            shared_.log.put_snapshot(name_, {.at = content.head(), .entities = stamped_entities_in_turns(content)});
        if (!saved) log::warning("snapshot_not_saved", {{"document", name_}, {"reason", saved.error().message}});
    } catch (const std::bad_alloc&) {
        shared_.figures.allocations_failed.Increment();
    }
}

}  // namespace

void document_actor::leave_memory_if_idle(std::int64_t now_ms)
{
    if (idle_place_ && now_ms - idle_since_ms_ >= shared_.keep.idle_before_unload_ms) leave_memory();
}

void document_actor::begin_use()
{
    if (idle_place_) home_.remove_idle(*std::exchange(idle_place_, {}));
}

// At the end of the turn: who opens a document anew leaves it first.
void document_actor::end_use_soon()
{
    if (is_in_use() || std::exchange(use_ends_, true)) return;
    home_.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->end_use();
    });
}

// What is being written comes here again when that is done.
void document_actor::end_use()
{
    use_ends_ = false;
    if (idle_place_ || is_in_use() || home_.find_actor(name_) != this) return;
    if (std::holds_alternative<loading_state>(state_)) return drop_load();
    const live_state* const now = live();
    if (now != nullptr && (now->authority.is_writing() || now->authority.has_decided() || settled_)) return;
    idle_since_ms_ = steady_clock_ms();
    idle_place_ = home_.add_idle(name_, now == nullptr ? actor_bytes : memory_of(now->authority.content()));
    // To read it again costs nothing.
    if (now != nullptr && now->authority.content().head() == revision{}) leave_memory();
}

// A snapshot saves the next one who opens it the replay. Of a large document a loader's thread makes it, and gives back
// the memory: both take milliseconds, which others on this worker would wait for.
void document_actor::put_away()
{
    live_state* const now = live();
    if (now == nullptr) return;
    const document::document& content = now->authority.content();
    const bool is_stored = content.head() == stored_snapshot_at_;
    if (content.entity_count() <= entities_put_away_at_once) {
        if (is_stored) return;
        shared_.committer->save_snapshot(name_, {.at = content.head(), .entities = stamped_entities(content)});
        return;
    }
    auto left = std::make_shared<document_put_away>(shared_, name_, std::move(now->authority), is_stored);
    state_ = loading_state{};
    shared_.load.post(loader::kind::document, loader::nobody, [left = std::move(left)]() mutable {
        left->store();
        left.reset();
    });
}

void document_actor::leave_memory()
{
    begin_use();
    put_away();
    if (!parsed_.cycle.empty()) {
        const std::string workspace = std::string{parsed_.workspace()} + "/workspace";
        worker& supplier = shared_.home_of(workspace);
        // Not posted where it can be done at once: whoever opens the plan again asks for supplies anew, at once.
        supplier.run([&supplier, workspace, plan = name_, cycle = parsed_.cycle] {
            if (document_actor* found = supplier.find_actor(workspace)) found->stop_supplying(plan, cycle);
        });
    }
    retire_snapshot();
    home_.drop_actor(name_);
}

}  // namespace okra::runtime
