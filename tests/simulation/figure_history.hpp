// Every value that the figures of one document have had, given what was on the disk: whatever a client is told must be
// among them. A server is not told at once of a new day, or of its cycle's new dates, so that for a while the old ones
// are right, too.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"

namespace okra::simulation {

// How long a server may go by an earlier day or the dates of before: a worker looks every five seconds what day it is,
// and threads stand still for three, some of them in turn.
constexpr std::int64_t old_context_ms = 30'000;

class figure_history {
public:
    // From now on these may be the plan's context, and for a while still those of before.
    void set_contexts(const document::document& plan, const std::vector<document::derive_context>& now);

    // `ops` were applied to `plan`.
    void changed(const document::document& plan, const std::vector<document::operation>& ops);

    // No value: none, as the entity is removed, or has never been told of.
    [[nodiscard]] bool had(std::string_view id, const std::optional<document::figures>& told) const;

    // Whether what was kept up to date is what is computed from nothing.
    [[nodiscard]] bool is_sound(const document::document& plan) const;

private:
    struct view {
        document::derive_context context;
        document::figure_keeper keeper;
        std::optional<std::int64_t> superseded_ms = {};
    };

    void learn(const document::figure_keeper::delta& news);

    std::vector<view> views_;
    std::map<document::entity_id, std::vector<std::optional<document::figures>>, std::less<>> values_;
};

}  // namespace okra::simulation
