// What editors do to a plan, by chance: typing, sets, adds, creates, moves, removes, restores, pastes. Pure; and the
// account of what must be in the document in the end.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "protocol/base/prng.hpp"
#include "tools/client/pending.hpp"
#include "tools/client/replica.hpp"

namespace okra::crash {

inline constexpr std::size_t editors_max = 8;

// What adds up, whatever the order: votes on the first objective, and the ids that were created.
struct contents {
    std::int64_t votes = 0;
    std::multiset<document::entity_id> created = {};

    void add(const client::op_list& ops);
};

// The plan that everybody edits: the objective "o0", which gets the votes and is never removed, and one more for each
// editor, who pastes into its description.
[[nodiscard]] client::op_list first_plan();
[[nodiscard]] bool has_first_plan(const document::document& it);
[[nodiscard]] std::int64_t votes_in(const document::document& it);

class edit_source {
public:
    // `client` makes the ids unique.
    edit_source(document::client_id client, std::size_t editor) : client_{std::move(client)}, editor_{editor} {}

    // One edit in what `it` shows. The document has the first plan.
    [[nodiscard]] client::op_list next(const client::replica& it, prng& random);
    // Replaces a long text by another of some 30 KiB.
    [[nodiscard]] client::op_list paste(const client::replica& it, prng& random) const;

private:
    [[nodiscard]] client::op_list create(const client::replica& it, prng& random);

    document::client_id client_;
    std::size_t editor_;
    std::uint64_t created_ = 0;
};

}  // namespace okra::crash
