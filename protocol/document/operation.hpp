// The nine operations of SPEC §5, as a client sends them and as the server commits them (the effective form carries the
// server's amendments: position, overwritten value, transformed edit). Plain values, owned by whoever holds them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/numbers.hpp"
#include "protocol/document/text.hpp"

namespace okra::document {

using entity_id = std::string;  // 1..32 characters of A–Z a–z 0–9 _ -
using client_id = std::string;  // the same

// A register's value; null is "unset".
struct null_value {
    friend bool operator==(const null_value&, const null_value&) = default;
};
using register_value = std::variant<null_value, bool, double, std::string>;

// What `create` may give a field: a register's value, a text, a counter's number, or the members of a set.
using initial_value = std::variant<null_value, bool, double, std::string, std::vector<std::string>>;

struct named_initial_value {
    std::string field;
    initial_value value;
    friend bool operator==(const named_initial_value&, const named_initial_value&) = default;
};

// Where among the siblings: absent = last, null_value = first, an id = behind that sibling.
struct place_last {
    friend bool operator==(const place_last&, const place_last&) = default;
};
struct place_first {
    friend bool operator==(const place_first&, const place_first&) = default;
};
using placement = std::variant<place_last, place_first, entity_id>;

struct create_op {
    entity_id id;
    std::string kind;
    entity_id parent;
    placement after;
    std::vector<named_initial_value> fields;
    std::string position;  // effective only
    friend bool operator==(const create_op&, const create_op&) = default;
};

// What a set overwrote although its author had not seen it (OP2).
struct overwritten {
    register_value value;
    client_id client;
    revision at;
    friend bool operator==(const overwritten&, const overwritten&) = default;
};

struct set_op {
    entity_id id;
    std::string field;
    register_value value;
    std::optional<overwritten> over;    // effective only
    std::optional<revision> seen = {};  // a client's only: what it had seen when its user did this, if before the base
    friend bool operator==(const set_op&, const set_op&) = default;
};

struct add_op {
    entity_id id;
    std::string field;
    std::int64_t by;
    friend bool operator==(const add_op&, const add_op&) = default;
};

struct include_op {
    entity_id id;
    std::string field;
    std::string value;
    friend bool operator==(const include_op&, const include_op&) = default;
};

struct exclude_op {
    entity_id id;
    std::string field;
    std::string value;
    friend bool operator==(const exclude_op&, const exclude_op&) = default;
};

struct edit_op {
    entity_id id;
    std::string field;
    text_edit edit;
    friend bool operator==(const edit_op&, const edit_op&) = default;
};

struct move_op {
    entity_id id;
    entity_id parent;
    placement after;
    std::string position;  // effective only
    friend bool operator==(const move_op&, const move_op&) = default;
};

struct remove_op {
    entity_id id;
    std::optional<revision> seen = {};  // as in set_op
    friend bool operator==(const remove_op&, const remove_op&) = default;
};

struct restore_op {
    entity_id id;
    friend bool operator==(const restore_op&, const restore_op&) = default;
};

using operation =
    std::variant<create_op, set_op, add_op, include_op, exclude_op, edit_op, move_op, remove_op, restore_op>;

// A change as its client sent it: written on top of revision `base`.
struct change {
    client_id client;
    sequence seq;
    revision base;
    std::vector<operation> ops;
    friend bool operator==(const change&, const change&) = default;
};

// A change as it was committed: its ops are effective, its revision is its place in the log.
struct committed_change {
    client_id client;
    sequence seq;
    std::int64_t at_ms = 0;  // the server's clock, since 1970 UTC
    std::vector<operation> ops;
    friend bool operator==(const committed_change&, const committed_change&) = default;
};

}  // namespace okra::document
