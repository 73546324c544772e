// The committed text edits of the recent past, from which `accept` transforms
// what was written without them (TX3). Bounded in revisions and bytes; what
// falls out raises the floor. Owned by one document.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "protocol/base/numbers.hpp"
#include "protocol/document/document.hpp"

namespace okra::document {

// One text of one document. The pointers identify it: entities are never
// destroyed once committed, fields are static.
struct text_key {
    const entity* where;
    const field_schema* field;
    friend bool operator==(const text_key&, const text_key&) = default;
};

struct authored_edit {
    client_id by;
    text_edit edit;
};

class edit_history {
public:
    // A client this far behind has lost its connection for minutes; it catches up
    // with the tail and transforms itself.
    static constexpr std::uint64_t revisions_max = 4096;
    // Keeps an open document small, whatever is pasted into it.
    static constexpr std::size_t bytes_max = 1U << 20U;

    // Forgets everything: the past before `at` is unknown.
    void start_at(revision at);

    // `edit` of `text` by this client was committed as (part of) revision `at`,
    // the newest so far.
    void record(revision at, text_key text, const client_id& by, text_edit edit);

    // The edits of `text` committed after `base`, oldest first; `base` must not
    // be below the floor. The pointers are good until the next `record`.
    [[nodiscard]] std::vector<const authored_edit*> after(revision base, text_key text) const;

    // Every edit after this revision is known.
    [[nodiscard]] revision floor() const { return floor_; }

private:
    struct past_edit {
        revision at;
        text_key text;
        authored_edit edit;
        std::size_t bytes;
    };

    void drop_oldest();

    std::deque<past_edit> edits_;
    std::size_t bytes_ = 0;
    revision floor_;
};

}  // namespace okra::document
