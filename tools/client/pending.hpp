// Ops that a client has submitted and the server has not committed yet, and how
// they give way to what others commit first (SPEC TX4, RB1, RB3, RB4). Pure
// functions on values.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/document/document.hpp"
#include "protocol/document/operation.hpp"

namespace okra::client {

using op_list = std::vector<document::operation>;

// Who stands first where both insert at one place (TX3, TX4): the clients' ids
// decide.
struct authors {
    std::string_view pending;
    std::string_view remote;
};

// Brings `pending` behind `remote`, written on the same state: afterwards
// `pending` applies to the state with `remote` in it, and `remote` to the state
// with `pending` in it. Only edits of one text affect each other; all other ops
// stay as they are.
void rebase(op_list& pending, op_list& remote, authors of);

// `placed` has come back from the server as `committed`, with its edits perhaps elsewhere (RB4): what was written on
// top of it follows. `confirmed` is the state before it.
void follow(std::deque<op_list>& on_top, const op_list& placed, const op_list& committed,
            const document::document& confirmed);

// Appends `more` to `ops`. Typing makes one edit per key: neighbours of the
// same text become one edit, its deletions first (TX6).
void append_coalesced(op_list& ops, op_list more);

// Puts deletions first (TX6) and cuts off what reaches beyond the texts as `ops` find them (TX5):
// `text_before` tells a field's text before the first of them. Edits that fit
// their text keep fitting through every transformation; others would not mean
// the same everywhere.
void fit_edits(op_list& ops,
               const std::function<std::string(std::string_view id, std::string_view field)>& text_before);

// The edits that take back those of `ops`, last first: what a pending change
// must give way to when `ops`, which it was written on top of, will never be
// committed.
[[nodiscard]] op_list inverse_edits(const document::document& confirmed, const op_list& ops);

// The text of a field: empty when the field, or its entity, is not there.
[[nodiscard]] std::string text_of(const document::document& it, std::string_view id, std::string_view field);

// `text` with the edits of this field in `ops` applied; a `create` in `ops`
// gives the text it begins with.
[[nodiscard]] std::string with_edits(std::string text, const op_list& ops, std::string_view id, std::string_view field);

}  // namespace okra::client
