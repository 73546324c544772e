// How the server takes what good clients do not do: each probe is a conversation with known answers (SPEC §3, §4, §10).
// What differs goes into the findings; a failure means that a probe could not even begin.
#pragma once

#include "protocol/base/result.hpp"
#include "tools/check/conversation.hpp"
#include "tools/check/setting.hpp"

namespace okra::check {

[[nodiscard]] result<void, failure> try_bad_messages(const setting& in);
[[nodiscard]] result<void, failure> try_bad_changes(const setting& in);
[[nodiscard]] result<void, failure> try_resends(const setting& in);
[[nodiscard]] result<void, failure> try_viewing(const setting& in);
[[nodiscard]] result<void, failure> try_impersonating(const setting& in);
[[nodiscard]] result<void, failure> try_resuming(const setting& in);

}  // namespace okra::check
