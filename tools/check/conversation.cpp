#include "tools/check/conversation.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace okra::check {

conversation::conversation(const setting& in, options how, client::connection line)
    : in_{&in},
      options_{std::move(how)},
      identity_{client::fresh_identity()},
      line_{std::move(line)},
      witness_{in.found, in.book, in.document, {.name = options_.name, .client = identity_.id}}
{
}

result<conversation, failure> conversation::begin(const setting& in, options how)
{
    auto line = client::connection::open(in.options.server, in.options.patience, in.loop);
    if (!line) return line.error();
    conversation out{in, std::move(how), std::move(*line)};
    const wire::hello hello{wire::protocol_version,
                            out.identity_.id,
                            in.options.workspace,
                            std::string{tool_name} + " " + out.options_.name,
                            "en",
                            out.identity_.secret};
    if (auto sent = out.line_.send(hello); !sent) return sent.error();
    const auto welcome = out.answer<wire::welcome>();
    if (!welcome) return welcome.error();
    if (!*welcome) return failure{"the server does not welcome us"};
    out.session_ = (*welcome)->session;
    if (auto opened = out.open({}); !opened) return opened.error();
    // A snapshot may be a little old (OD3); the books begin here.
    const auto caught_up = out.has_reached(in.book.begin());
    if (!caught_up) return caught_up.error();
    if (!*caught_up) return failure{"the plan is not sent as it is"};
    return out;
}

result<wire::opened, failure> conversation::open(const std::optional<wire::resume_point>& from)
{
    witness_.asks(from);
    if (auto sent = line_.send(wire::open{in_->document, from, options_.view}); !sent) return sent.error();
    auto opened = answer<wire::opened>();
    if (!opened) return opened.error();
    if (!*opened) return failure{"the server does not answer to open"};
    for (auto left = (*opened)->parts; left != 0; --left) {
        const auto part = answer<wire::part>();
        if (!part) return part.error();
        if (!*part) return failure{"a part of the plan did not come"};
    }
    return std::move(**opened);
}

std::string conversation::change_text(std::uint64_t seq, std::string_view ops) const
{
    return fmt::format(R"({{"type":"change","document":"{}","seq":{},"base":{},"ops":{}}})", in_->document, seq,
                       witness_.has().value, ops);
}

wire::change conversation::good_change(client::op_list ops)
{
    wire::change out{in_->document, {identity_.id, sequence{next_seq()}, witness_.has(), std::move(ops)}};
    in_->book.sent(out);
    seq_is_used();
    return out;
}

result<std::optional<revision>, failure> conversation::committed(std::uint64_t seq)
{
    const auto deadline = client::clock::now() + in_->options.patience;
    while (!committed_ || committed_->first != seq) {
        const auto message = receive(deadline);
        if (!message) return message.error();
        if (!*message) return std::optional<revision>{};
    }
    return std::optional{committed_->second};
}

result<bool, failure> conversation::has_reached(revision it)
{
    const auto deadline = client::clock::now() + in_->options.patience;
    while (witness_.has() < it) {
        const auto message = receive(deadline);
        if (!message) return message.error();
        if (!*message) return false;
    }
    return true;
}

result<bool, failure> conversation::is_alive()
{
    if (auto sent = line_.send(wire::ping{}); !sent) return sent.error();
    const auto pong = answer<wire::pong>();
    if (!pong) return pong.error();
    return pong->has_value();
}

result<std::optional<wire::server_message>, failure> conversation::receive(client::clock::time_point deadline)
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - client::clock::now());
    auto message = line_.receive(std::max(left, std::chrono::milliseconds{0}));
    if (!message || !*message) return message;
    witness_.hears(**message);
    if (const auto* commit = std::get_if<wire::commit>(&**message)) {
        auto at = commit->last.value - commit->changes.size();
        for (const auto& change : commit->changes) {
            ++at;
            if (change.client == identity_.id) committed_.emplace(change.seq.value, revision{at});
        }
    }
    return message;
}

}  // namespace okra::check
