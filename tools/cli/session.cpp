#include "tools/cli/session.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "protocol/base/overloaded.hpp"
#include "protocol/base/printable.hpp"

namespace okra::cli {

namespace {

constexpr std::chrono::seconds patience{10};

void print_wire(client::connection::direction way, std::string_view text)
{
    fmt::print(stderr, "{} {}\n", way == client::connection::direction::sent ? "→" : "←", printable(text));
}

failure describe(const refusal& why)
{
    const auto place = why.op_index ? fmt::format(" (operation {})", *why.op_index) : std::string{};
    return failure{
        fmt::format("refused: {}{}: {} [rule {}]", name_of(why.code), place, why.message, rule_of(why.code))};
}

}  // namespace

session::session(client::connection connection, session_options options)
    : connection_{std::move(connection)}, options_{std::move(options)}
{
}

result<session, failure> session::connect(const session_options& options)
{
    auto connection = client::connection::open(options.server, patience);
    if (!connection) return connection.error();
    session out{std::move(*connection), options};
    if (options.trace_wire) out.connection_.trace(print_wire);

    const auto& [secret, id] = out.identity_;
    const wire::hello hello{wire::protocol_version, id, options.workspace, options.name, "en", secret};
    if (auto sent = out.connection_.send(hello); !sent) return sent.error();
    const auto answer = out.next();
    if (!answer) return answer.error();
    const auto* welcome = std::get_if<wire::welcome>(&*answer);
    if (welcome == nullptr) return failure{"the server does not welcome us"};
    out.heartbeat_ = std::chrono::milliseconds{welcome->heartbeat_ms};
    return out;
}

result<void, failure> session::open(const std::string& document)
{
    const auto name = document::parse_name(document);
    if (!name)
        return failure{"\"" + document +
                       "\" is not the name of a document: WORKSPACE/workspace or WORKSPACE/plan/TEAM/CYCLE"};
    // One document at a time: a session may have only so many open (OD9).
    if (replica_) {
        if (auto sent = connection_.send(wire::close{open_document_}); !sent) return sent.error();
    }
    open_document_ = document;
    replica_ = std::make_unique<client::replica>(
        client::replica_options{.client = identity_.id, .document = document, .view = options_.view}, *name->schema);
    people_.clear();
    replica_->connect();
    while (!replica_->is_live()) {
        if (auto sent = flush(); !sent) return sent.error();
        const auto message = next();
        if (!message) return message.error();
        receive(*message);
        for (const auto& event : replica_->take_events()) {
            if (const auto* no = std::get_if<client::not_opened>(&event)) return describe(no->why);
            if (const auto* fault = std::get_if<client::server_fault>(&event)) return failure{fault->what};
        }
    }
    return {};
}

result<void, failure> session::catch_up()
{
    constexpr std::chrono::milliseconds quiet{200};
    while (true) {
        const auto message = connection_.receive(quiet);
        if (!message) return message.error();
        if (!*message) return {};
        receive(**message);
    }
}

result<revision, failure> session::commit(client::op_list ops)
{
    if (auto accepted = replica_->submit(std::move(ops)); !accepted) return describe(accepted.error());
    while (true) {
        if (auto sent = flush(); !sent) return sent.error();
        for (const auto& event : replica_->take_events()) {
            if (const auto* done = std::get_if<client::acknowledged>(&event)) return done->at;
            if (const auto* no = std::get_if<client::drafted>(&event)) return describe(no->why);
            if (const auto* later = std::get_if<client::retry_wanted>(&event)) return describe(later->why);
            if (const auto* fault = std::get_if<client::server_fault>(&event)) return failure{fault->what};
        }
        const auto message = next();
        if (!message) return message.error();
        receive(*message);
    }
}

failure session::follow(const listener& tell)
{
    using clock = std::chrono::steady_clock;
    auto ping_at = clock::now();
    while (true) {
        if (auto sent = flush(); !sent) return sent.error();
        if (clock::now() >= ping_at) {
            if (auto sent = connection_.send(wire::ping{}); !sent) return sent.error();
            ping_at = clock::now() + heartbeat_ / 2;
        }
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(ping_at - clock::now());
        const auto message = connection_.receive(std::max(wait, std::chrono::milliseconds{0}));
        if (!message) return message.error();
        if (!*message) continue;
        receive(**message);
        tell(**message);
    }
}

result<wire::server_message, failure> session::next()
{
    auto message = connection_.receive(patience);
    if (!message) return message.error();
    if (!*message) return failure{"the server does not answer"};
    if (const auto* bye = std::get_if<wire::bye>(&**message)) {
        return failure{fmt::format("the server says goodbye ({}): {}", bye->code, bye->message)};
    }
    return std::move(**message);
}

result<void, failure> session::flush()
{
    for (const auto& message : replica_->take_messages()) {
        if (auto sent = connection_.send(message); !sent) return sent.error();
    }
    return {};
}

void session::receive(const wire::server_message& message)
{
    replica_->receive(message);
    if (const auto* opened = std::get_if<wire::opened>(&message)) people_ = opened->people;
}

}  // namespace okra::cli
