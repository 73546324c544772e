// What is true: the log as it is on the disk, kept a second time, and everything that was promised about it. Whatever a
// client is told is held against it at once.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"
#include "protocol/document/name.hpp"
#include "protocol/wire/decode.hpp"
#include "protocol/wire/messages.hpp"
#include "storage/log.hpp"
#include "tests/simulation/figure_history.hpp"

namespace okra::simulation {

class oracle {
public:
    // Written and synced: every promise about the order of changes is checked here. Throws broken_promise, as all do.
    void durable(const storage::document_append& share);

    // The log's, for ever.
    void expect_epoch(std::string epoch) { epoch_ = std::move(epoch); }

    // These may read, and must never be the authors of a change.
    void forbid(const document::client_id& client) { forbidden_.insert(client); }

    // It may be another day than before.
    void look_at_calendar();

    // A client is told this by the server: nothing that is not on the disk, and nothing that differs from it.
    void told(const wire::server_message& message, const document::client_id& who);

    // What a client holds as confirmed at this revision.
    void confirmed(std::string_view document, revision at, std::uint64_t hash, std::string_view by) const;
    // A client was told that its change is on the disk, at this revision or before.
    void acknowledged(std::string_view document, const document::client_id& by, sequence seq, revision at) const;

    // A server that starts from `log` must find what was written.
    void recovered(const storage::log& log) const;

    // The figures that clients must have: computed from nothing.
    [[nodiscard]] document::figure_table figures(const std::string& document) const;

    [[nodiscard]] const document::document& content(std::string_view document) const;
    [[nodiscard]] std::vector<std::string> documents() const;
    [[nodiscard]] std::uint64_t hash(std::string_view document) const { return find(document)->hashes.back(); }
    [[nodiscard]] std::uint64_t changes() const;
    [[nodiscard]] std::uint64_t figures_told() const { return figures_told_; }

private:
    struct kept {
        explicit kept(const document::document_schema& schema) : content{schema}, figures{}, hashes{hash_of(content)} {}
        [[nodiscard]] static std::uint64_t hash_of(const document::document& it);

        document::document content;
        figure_history figures;
        std::vector<std::uint64_t> hashes;  // of the content at revision 0, 1, 2, …
        std::vector<std::string> records;   // of revisions 1, 2, 3, …
        std::map<document::client_id, std::map<std::uint64_t, revision>> committed;  // by client and seq
        std::map<document::client_id, sequence> used;
    };

    struct seen_day {
        document::day_number day;
        std::int64_t seen_ms;
    };

    [[nodiscard]] kept& at(const std::string& document);
    [[nodiscard]] const kept* find(std::string_view document) const;
    [[nodiscard]] document::derive_context context_of(const document::document_name& plan,
                                                      document::day_number day) const;
    void refresh_contexts(const std::string& document, kept& it) const;
    static void shows_own_commits(const wire::opened& told, const kept& it, const document::client_id& who);
    void told_figures(const std::string& document, const document::figure_keeper::delta& figures);

    std::map<std::string, kept, std::less<>> documents_;
    std::string epoch_;
    std::set<document::client_id> forbidden_;
    std::vector<seen_day> days_;  // today's last; those of before while a server may not have noticed yet
    std::uint64_t figures_told_ = 0;
    wire::decoder decoder_;
};

}  // namespace okra::simulation
