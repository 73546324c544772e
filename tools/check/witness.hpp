// Follows what one connection is told about the plan: revisions, people, figures. Judges the order of revisions as they
// come, and enters them into the books. Owned by whoever holds the connection, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "protocol/document/derive/derive.hpp"
#include "protocol/wire/messages.hpp"
#include "tools/check/ledger.hpp"

namespace okra::check {

class witness {
public:
    using people = std::map<wire::session_number, wire::person>;

    witness(findings& found, ledger& book, std::string document, listener who);

    // The plan is asked for, from where it left off or anew.
    void asks(const std::optional<wire::resume_point>& from);
    // To be called with everything that is received.
    void hears(const wire::server_message& message);
    // Reads at once from now on, or not any more.
    void is_attentive(bool it);

    [[nodiscard]] revision has() const { return has_; }
    [[nodiscard]] const people& present() const { return people_; }
    [[nodiscard]] const document::figure_table& figures() const { return figures_; }
    [[nodiscard]] const wire::opened& last_opened() const { return opened_; }
    [[nodiscard]] const std::string& name() const { return who_.name; }

private:
    void on_opened(const wire::opened& it);
    void on_commit(const wire::commit& it);
    void on_people(const wire::presence_delta& news);

    findings& found_;
    ledger& book_;
    std::string document_;
    listener who_;
    bool has_asked_ = false;
    std::optional<wire::resume_point> from_;
    wire::opened opened_;
    revision has_;
    people people_;
    document::figure_table figures_;
};

}  // namespace okra::check
