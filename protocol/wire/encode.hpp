// From messages to bytes: appends compact JSON to a string. Strings are valid UTF-8 already. A committed change is
// encoded once: the same bytes go into the log and into every frame.
#pragma once

#include <string>
#include <string_view>

#include "protocol/wire/messages.hpp"

namespace okra::wire {

void encode(std::string& out, const client_message& message);
void encode(std::string& out, const server_message& message);

// {"client":…,"seq":…,"at":…,"ops":[…]}: one element of a commit's `changes`, and a record of the log.
void encode_change(std::string& out, const document::committed_change& it);

// HOT PATH: a commit message around changes that are already encoded, separated by commas.
void encode_commit(std::string& out, std::string_view document, revision last, std::string_view encoded_changes,
                   const document::figure_keeper::delta& derived, const presence_delta& people);

// One entity of a part, and the array of them that a stored snapshot holds. `stamped` adds what only storage needs:
// arrived_at/by and each field's set_at/by.
void encode_entity(std::string& out, const document::entity& it, bool stamped);

}  // namespace okra::wire
