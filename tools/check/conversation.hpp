// A client that says exactly what it is told to, good or bad, and reads the answers: for trying how the server takes
// what a replica would never send. Its good changes are in the books like everybody's. Blocking; owned by a probe, one
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "protocol/base/result.hpp"
#include "tools/check/setting.hpp"
#include "tools/check/witness.hpp"
#include "tools/client/connection.hpp"
#include "tools/client/identity.hpp"
#include "tools/client/pending.hpp"

namespace okra::check {

using client::failure;

class conversation {
public:
    struct options {
        std::string name;
        bool view = false;
    };

    // Connects, says hello, opens the plan and reads all of it that the server sends for that.
    [[nodiscard]] static result<conversation, failure> begin(const setting& in, options how);

    // Opens the plan again; `from`: resuming. Gives the answer, when all parts have come.
    [[nodiscard]] result<wire::opened, failure> open(const std::optional<wire::resume_point>& from);

    [[nodiscard]] result<void, failure> say(std::string_view text) { return line_.send_text(text); }

    // A change as it is on the wire, with the next seq or another. One that the server is to commit goes into the
    // books.
    [[nodiscard]] std::string change_text(std::uint64_t seq, std::string_view ops) const;
    [[nodiscard]] wire::change good_change(client::op_list ops);
    [[nodiscard]] std::uint64_t next_seq() const { return seq_ + 1; }
    void seq_is_used() { ++seq_; }
    [[nodiscard]] const document::client_id& client() const { return identity_.id; }

    // The next message of this type; others are heard and left out. Nothing: none came in time.
    template <typename Message>
    [[nodiscard]] result<std::optional<Message>, failure> answer()
    {
        const auto deadline = client::clock::now() + in_->options.patience;
        while (true) {
            auto message = receive(deadline);
            if (!message) return message.error();
            if (!*message) return std::optional<Message>{};
            if (auto* it = std::get_if<Message>(&**message)) return std::optional{std::move(*it)};
        }
    }
    // Waits for the own change `seq`: its revision. Nothing: it did not come in time.
    [[nodiscard]] result<std::optional<revision>, failure> committed(std::uint64_t seq);
    // Waits until all up to `it` were told; false: they did not come in time.
    [[nodiscard]] result<bool, failure> has_reached(revision it);
    // Is the connection alive? A ping and its pong.
    [[nodiscard]] result<bool, failure> is_alive();

    [[nodiscard]] const witness& told() const { return witness_; }
    [[nodiscard]] wire::session_number session() const { return session_; }

private:
    conversation(const setting& in, options how, client::connection line);

    [[nodiscard]] result<std::optional<wire::server_message>, failure> receive(client::clock::time_point deadline);

    const setting* in_;
    options options_;
    client::identity identity_;
    client::connection line_;
    witness witness_;
    std::uint64_t seq_ = 0;  // the last that was used up
    wire::session_number session_ = 0;
    std::optional<std::pair<std::uint64_t, revision>> committed_;  // the own change that was told last
};

}  // namespace okra::check
