// The rules of SPEC §5 and §6: judges each op of a client's change, brings it
// up to date with what was committed since its base, and makes it effective.
// Private to protocol/document; lives as long as one call of `accept`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/document/date.hpp"
#include "protocol/document/transaction.hpp"

namespace okra::document {

class authority {
public:
    // `today` is the latest day that a report may bear (OP15).
    authority(transaction& work, revision base, day_number today) : work_{work}, base_{base}, today_{today} {}

    using verdict = result<operation, refusal>;

    // The effective op, applied; or why not, and then nothing was altered.
    [[nodiscard]] verdict judge(const operation& op);

private:
    // A text that this change edits more than once, with the edits committed on
    // it since the base: as they read on top of what the change has done to it so
    // far.
    struct carried_edits {
        text_key text;
        std::vector<authored_edit> edits;
    };

    [[nodiscard]] verdict judge(const create_op& op);
    [[nodiscard]] verdict judge(const set_op& op);
    [[nodiscard]] verdict judge(const add_op& op);
    [[nodiscard]] verdict judge(const include_op& op);
    [[nodiscard]] verdict judge(const exclude_op& op);
    [[nodiscard]] verdict judge(const edit_op& op);
    [[nodiscard]] verdict judge(const move_op& op);
    [[nodiscard]] verdict judge(const remove_op& op);
    [[nodiscard]] verdict judge(const restore_op& op);

    [[nodiscard]] std::optional<refusal> fill(entity& it, create_op& op) const;
    [[nodiscard]] result<text_edit, refusal> bring_up_to_date(text_edit edit, text_key text, revision set_at);
    [[nodiscard]] bool spend(const text_edit& a, const text_edit& b);
    [[nodiscard]] revision seen_by(const std::optional<revision>& op) const;
    [[nodiscard]] bool is_news(revision at, const client_id& by, revision seen) const;
    [[nodiscard]] bool has_newcomers(const node& it, revision seen);
    [[nodiscard]] std::optional<refusal> check_visits(std::string_view id) const;
    [[nodiscard]] result<std::string, refusal> choose_position(const node& parent, const placement& after,
                                                               const node* moved) const;
    [[nodiscard]] bool exceeds_document(std::size_t added, std::size_t freed) const;
    [[nodiscard]] const tree& entities() const { return work_.state().entities; }

    transaction& work_;
    revision base_;
    day_number today_;
    std::vector<carried_edits> carried_;
    std::size_t transform_steps_ = 0;
    std::size_t visits_ = 0;  // of entities in subtrees that were moved or removed
};

}  // namespace okra::document
