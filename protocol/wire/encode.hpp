// From messages to bytes: appends compact JSON to a string. Strings are valid UTF-8 already. A committed change is
// encoded once: the same bytes go into the log and into every frame. Pure functions; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "protocol/wire/messages.hpp"

namespace okra::wire {

void encode(std::string& out, const client_message& message);
void encode(std::string& out, const server_message& message);

// [{"op":…},…]: the ops of a change, in the form they have (effective members only where they are set).
void encode_operations(std::string& out, std::span<const document::operation> ops);

// {"client":…,"seq":…,"at":…,"ops":[…]}: one element of a commit's `changes`, and a record of the log.
void encode_change(std::string& out, const document::committed_change& it);

// HOT PATH: a commit message around changes that are already encoded, separated by commas. Budget: one copy of
// `encoded_changes` and, for a change of one op, no allocation when `out` has the capacity.
void encode_commit(std::string& out, std::string_view document, revision last, std::string_view encoded_changes,
                   const document::figure_keeper::delta& derived, const presence_delta& people);

// A stretch of a snapshot, straight from the document.
struct part_source {
    std::string_view document;
    revision at;
    std::uint32_t index = 0;
    std::span<const document::entity* const> entities;  // of the whole document, parents before children
    std::size_t first = 0;                              // the part begins with this one
    std::size_t bytes_max = 0;                          // and ends with the one that goes beyond this size
    const document::figure_table& figures;
};

// Appends a part message with as many entities as fit, at least one, and returns the index of the first that did not.
[[nodiscard]] std::size_t encode_part(std::string& out, const part_source& from);

// One entity of a part, and the array of them that a stored snapshot holds. `stamped` adds what only storage needs:
// "arrived":[revision,client] and "set":{field:[revision,client],…}.
void encode_entity(std::string& out, const document::entity& it, bool stamped);
void encode_entities(std::string& out, std::span<const document::entity* const> entities, bool stamped);

}  // namespace okra::wire
