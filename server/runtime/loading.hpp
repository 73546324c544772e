// Reading documents from storage: slow, so it runs on the loader's threads. Pure functions of the log's content. What
// is made of it may need more memory than there is (std::bad_alloc); reading it draws on the reserve.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/document/document.hpp"
#include "protocol/document/errors.hpp"
#include "protocol/document/name.hpp"
#include "protocol/wire/decode.hpp"
#include "server/runtime/frame.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

struct services;

struct loaded_document {
    document::document content;
    revision snapshot_at;        // of the stored snapshot it was built from
    std::int64_t replay_us = 0;  // what the changes since have taken
};
using load_result = result<loaded_document, storage::failure>;

// A document on its way from storage: the newest stored snapshot with the tail replayed on it; the whole log, where the
// snapshot cannot be read. A document that was never changed is empty. Replaying a change can take as long as deciding
// about it, so it is done in turns. One thread at a time.
class document_load {
public:
    struct turn {
        std::int64_t us = std::numeric_limits<std::int64_t>::max();  // about; one change at least
        std::function<bool()> still_wanted = [] { return true; };    // no: ends early, and what came is of no use
    };

    // `until`: as it was then; without a snapshot that is so old everything is replayed. `log` outlives it.
    document_load(const storage::log& log, document::document_name name, std::optional<revision> until = {});

    // No value: there is more to do.
    [[nodiscard]] std::optional<load_result> go_on(const turn& it);
    // Since it began, or since `take_progress` gave something.
    [[nodiscard]] std::int64_t replay_us() const { return loaded_.replay_us; }

    // How far it has come, for whoever begins again, if replaying that takes longer than `after_us`. To be stored.
    [[nodiscard]] std::optional<storage::stored_snapshot> take_progress(std::int64_t after_us);

private:
    [[nodiscard]] result<void, storage::failure> take_snapshot();
    [[nodiscard]] result<void, storage::failure> replay(std::string_view record, revision at);

    const storage::log& log_;
    const document::document_name name_;
    const std::optional<revision> until_;
    wire::decoder decoder_;
    bool begun_ = false;
    loaded_document loaded_;
};

// All of it at once.
[[nodiscard]] load_result load_document(const storage::log& log, const document::document_name& name);

// A stretch of a document's log, as private frames for one reader, without figures.
struct tail_stretch {
    std::string_view document;
    revision after;
    revision until;
    std::size_t bytes_max = std::numeric_limits<std::size_t>::max();  // ends before this is exceeded, but not empty
};

// Ends early when `still_wanted` says no; then what came is of no use.
[[nodiscard]] result<std::vector<frame_ptr>, storage::failure> load_tail(
    const storage::log& log, const tail_stretch& wanted,
    const std::function<bool()>& still_wanted = [] { return true; });

// The exactly-once table's row of a client. If that row is damaged, what the document's log says: the client's last
// commit. A refusal behind that is forgotten; the change would be decided again.
struct found_outcome {
    std::optional<storage::client_outcome> outcome;
    bool row_damaged = false;
};
[[nodiscard]] result<found_outcome, storage::failure> load_outcome(const storage::log& log, const std::string& document,
                                                                   std::string_view client);

// What a client is told of a failure: the reason names files, and is for the server's log.
[[nodiscard]] refusal told_to_clients(const storage::failure& why);

// What a stored snapshot holds: every entity, stamped.
[[nodiscard]] std::string stamped_entities(const document::document& content);
// The same on a thread that shares a core with others, who are not to wait for all of it.
[[nodiscard]] std::string stamped_entities_in_turns(const document::document& content);

// Counts and logs that `what` of a document met damage when it was read. Any thread.
void note_damage(const services& shared, std::string_view document, std::string_view what, std::string_view why);

}  // namespace okra::runtime
