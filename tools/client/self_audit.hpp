// A replica's part in the audit (SPEC §11): compares the server's hash with its own state's, says when that must be
// fetched anew, and what was found. Pure and deterministic; owned by one replica.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/document/document.hpp"
#include "protocol/wire/messages.hpp"

namespace okra::client {

class self_audit {
public:
    // An audit of the revision that `confirmed` is at. True: the states differ, and it is time to open the document
    // anew (AU3); a replica that differs again and again lets audits pass before it does (AU5).
    [[nodiscard]] bool finds_difference(const wire::audit& told, const document::document& confirmed);

    // The document has to be opened without resuming: what is here cannot be trusted.
    [[nodiscard]] bool wants_snapshot() const { return report_.has_value(); }

    // Opening anew has not helped so far.
    [[nodiscard]] bool is_helpless() const { return reloads_ >= reloads_helpless; }

    // `snapshot` takes the place of `confirmed`. The report, if the snapshot was fetched for the sake of an audit
    // (AU4).
    [[nodiscard]] std::optional<wire::diverged> take_report(const document::document& confirmed,
                                                            const document::document& snapshot);

private:
    static constexpr std::uint32_t reloads_helpless = 3;
    static constexpr std::uint32_t waits_max = 64;
    static constexpr std::uint32_t agreements_to_forget = 64;

    std::optional<wire::diverged> report_;  // `differs` is still unknown
    revision since_;
    std::uint32_t reloads_ = 0;
    std::uint32_t waits_ = 0;   // audits to let pass
    std::uint32_t agreed_ = 0;  // in a row
};

// What differs, as "entity" (missing, or another kind, place or state) or "entity/field": at most
// `wire::diverged_differs_max`.
[[nodiscard]] std::vector<std::string> differences(const document::document& a, const document::document& b);

}  // namespace okra::client
