// The alterations of one change, made in place and taken back together unless `commit` is called: a refused change
// leaves no trace (CH4). Private to protocol/document; lives as long as one call of `accept` or `replay`.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/document/document_state.hpp"

namespace okra::document {

class transaction {
public:
    // `author`'s change as the revision after `it`'s head.
    transaction(document::state& it, const client_id& author);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;

    [[nodiscard]] const document::state& state() const { return state_; }
    [[nodiscard]] const client_id& author() const { return author_; }
    [[nodiscard]] revision next() const { return next_; }

    // The op that comes is the last: nothing after it can be refused, so nothing need be noted to take it back.
    // HOT PATH: a change of one op pays nothing for atomicity.
    void expect_last_op() { keeps_journal_ = false; }
    [[nodiscard]] bool is_last_op() const { return !keeps_journal_; }

    node& create(entity it, node& parent);
    void place(node& it, node& parent, std::string position);
    void mark_removed(node& it, bool removed);
    void assign(node& it, const field_schema& field, initial_value value);
    void edit(node& it, const field_schema& field, const text_edit& edit);

    // The head advances; the text edits among `ops` go into the history.
    void commit(const std::vector<operation>& ops);

private:
    struct created {
        node* it;
    };
    struct placed {
        node* it;
        node* parent;
        std::string position;
        revision arrived_at;
        client_id arrived_by;
    };
    struct marked {
        node* it;
        bool removed;
        revision arrived_at;
        client_id arrived_by;
    };
    struct assigned {
        node* it;
        const field_schema* field;
        std::optional<field_state> before;
    };
    struct edited {
        node* it;
        const field_schema* field;
        text_edit inverse;
        revision set_at;
        client_id set_by;
    };
    using note = std::variant<created, placed, marked, assigned, edited>;

    void note_field(node& it, const field_schema& field);
    void stamp_arrival(node& it);
    void take_back(created& it);
    void take_back(placed& it);
    void take_back(marked& it);
    void take_back(assigned& it);
    void take_back(edited& it);

    document::state& state_;
    const client_id& author_;
    revision next_;
    std::uint64_t text_bytes_before_;
    bool keeps_journal_ = true;
    bool committed_ = false;
    std::vector<note> journal_;
};

}  // namespace okra::document
