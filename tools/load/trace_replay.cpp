// A recorded history through the real stack (modes.hpp: replay_trace): each
// author is a client with a replica and a connection, a third client watches,
// and a fresh one joins at the end.
#include <algorithm>
#include <cstdio>
#include <functional>

#include <fmt/format.h>

#include "protocol/base/assert.hpp"
#include "protocol/wire/encode.hpp"
#include "tools/client/replica.hpp"
#include "tools/load/modes.hpp"
#include "tools/load/report.hpp"
#include "tools/load/trace.hpp"

namespace okra::load {

namespace {

constexpr auto standstill = std::chrono::seconds{10};
constexpr auto heartbeat = std::chrono::seconds{5};
const document::entity_id entity = "trace";
const std::string field = "description";  // holds 65,536 code points

struct stage_parts {
    poller sockets;
    wire::decoder decoder;
    target server;
    std::string workspace;
    std::string document;
};

// A replica and its connection.
class actor : link::handler {
public:
    actor(stage_parts& parts, std::string client)
        : parts_{parts},
          client_{client},
          replica_{{.client = client, .document = parts.document}, *document::find_schema("plan")}
    {
        link_.connect(parts_.server);
    }
    ~actor() override = default;

    std::function<void(const client::event&)> on_event = [](const client::event&) {};

    [[nodiscard]] client::replica& replica() { return replica_; }
    [[nodiscard]] const std::string& broken() const { return broken_; }
    [[nodiscard]] std::string text() const { return replica_.shown_text(entity, field); }

    void ping() { send(wire::ping{}); }

    void forward()
    {
        for (const auto& message : replica_.take_messages()) send(message);
        for (const auto& event : replica_.take_events()) {
            if (const auto* fault = std::get_if<client::server_fault>(&event)) broken_ = fault->what;
            on_event(event);
        }
    }

private:
    void send(const wire::client_message& message)
    {
        std::string text;
        wire::encode(text, message);
        link_.send(text);
    }
    void on_connected() override
    {
        send(wire::hello{wire::protocol_version, client_, parts_.workspace, client_, "en"});
        replica_.connect();
    }
    void on_received(std::span<char> message) override
    {
        const auto decoded = parts_.decoder.decode_server(message);
        if (!decoded) {
            broken_ = "a message of the server cannot be decoded: " + decoded.error().why.message;
            return;
        }
        if (const auto* bye = std::get_if<wire::bye>(&*decoded)) broken_ = bye->code + ": " + bye->message;
        replica_.receive(*decoded);
        forward();
    }
    void on_broken(std::string_view why) override { broken_ = why; }

    stage_parts& parts_;
    std::string client_;
    client::replica replica_;
    link link_{parts_.sockets, *this};
    std::string broken_;
};

// Serves connections until `done`; fails when nothing happens for long, or
// somebody's connection breaks.
result<void, client::failure> serve_until(stage_parts& parts, const std::vector<std::unique_ptr<actor>>& actors,
                                          const std::function<bool()>& done)
{
    auto moved_at = clock::now();
    auto ping_at = clock::now();
    revision before;
    while (!done()) {
        if (clock::now() >= ping_at) {
            for (const auto& it : actors) it->ping();
            ping_at = clock::now() + heartbeat;
        }
        parts.sockets.serve(clock::now() + std::chrono::milliseconds{100});
        for (const auto& it : actors) {
            if (!it->broken().empty()) return client::failure{it->broken()};
            if (it->replica().confirmed().head() > before) {
                before = it->replica().confirmed().head();
                moved_at = clock::now();
            }
        }
        if (clock::now() - moved_at > standstill) return client::failure{"the replay has come to a standstill"};
    }
    return {};
}

struct outcome {
    double seconds = 0;
    std::uint64_t steps = 0;
    std::uint64_t refused = 0;
    histogram to_author;
};

result<outcome, client::failure> perform(stage_parts& parts, const trace& history,
                                         std::vector<std::unique_ptr<actor>>& actors)
{
    // The watcher opens the stage: the entity whose text is written.
    auto& watcher = *actors.back();
    auto opened = serve_until(parts, actors, [&] { return watcher.replica().is_live(); });
    if (!opened) return opened.error();
    document::create_op create{entity, "objective", "plan", document::place_last{}, {{field, history.start_content}},
                               {}};
    OKRA_ASSERT(watcher.replica().submit({std::move(create)}).has_value());
    watcher.forward();
    auto created = serve_until(parts, actors, [&] {
        return std::all_of(actors.begin(), actors.end(),
                           [](const auto& it) { return it->replica().confirmed().find(entity) != nullptr; });
    });
    if (!created) return created.error();

    outcome out;
    std::vector<trace_author> authors;
    std::vector<clock::time_point> written_at(history.authors.size());
    for (std::size_t index = 0; index < history.authors.size(); ++index) {
        out.steps += history.authors[index].size();
        authors.emplace_back(history, actors[index]->replica(),
                             trace_author::options{index, fmt::format("trace-author-{}", index),
                                                   fmt::format("trace-author-{}", 1 - index), entity, field});
    }
    for (std::size_t index = 0; index < authors.size(); ++index) {
        actors[index]->on_event = [&, index](const client::event& event) {
            authors[index].on_event(event);
            if (std::holds_alternative<client::acknowledged>(event)) {
                out.to_author.record((clock::now() - written_at[index]).count());
            }
        };
    }
    const auto start = clock::now();
    const auto finished = serve_until(parts, actors, [&] {
        bool all_done = true;
        for (std::size_t index = 0; index < authors.size(); ++index) {
            if (authors[index].write_if_ready()) {
                written_at[index] = clock::now();
                actors[index]->forward();
            }
            all_done = all_done && authors[index].is_done() && !actors[index]->replica().has_pending();
        }
        const auto is_at_head = [&](const auto& it) {
            return it->replica().confirmed().head() == actors.front()->replica().confirmed().head();
        };
        return all_done && std::all_of(actors.begin(), actors.end(), is_at_head);
    });
    if (!finished) return finished.error();
    out.seconds = std::chrono::duration<double>(clock::now() - start).count();
    for (auto& it : authors) out.refused += it.refused();
    for (auto& it : actors) it->on_event = [](const client::event&) {};
    return out;
}

}  // namespace

verdict replay_trace(const mode_options& options, const std::string& file)
{
    const auto json = read_file(file);
    if (!json) return json.error();
    const auto history = parse_trace(*json);
    if (!history) return history.error();
    const auto server = resolve(options.fleet.server);
    if (!server) return server.error();

    stage_parts parts;
    parts.server = *server;
    parts.workspace = options.fleet.workspace;
    const auto stamp = std::chrono::system_clock::now().time_since_epoch().count();
    parts.document = fmt::format("{}/plan/trace-{:x}/load", parts.workspace, stamp);
    std::vector<std::unique_ptr<actor>> actors;
    for (std::size_t index = 0; index < history->authors.size(); ++index) {
        actors.push_back(std::make_unique<actor>(parts, fmt::format("trace-author-{}", index)));
    }
    actors.push_back(std::make_unique<actor>(parts, "trace-watcher"));
    const auto done = perform(parts, *history, actors);
    if (!done) return done.error();

    actors.push_back(std::make_unique<actor>(parts, "trace-joiner"));
    auto joined = serve_until(parts, actors, [&] {
        const auto& joiner = actors.back()->replica();
        return joiner.is_live() && joiner.confirmed().head() == actors.front()->replica().confirmed().head();
    });
    if (!joined) return joined.error();

    const auto is_equal = [&](const auto& it) { return it->text() == history->end_content; };
    const auto equal = std::count_if(actors.begin(), actors.end(), is_equal);
    const bool all_equal = static_cast<std::size_t>(equal) == actors.size();
    fmt::print(
        fmt::runtime(
            options.json
                ? R"({{"steps":{},"seconds":{:.2f},"ack_p50_ms":{:.3f},"ack_p99_ms":{:.3f},"refused":{},"length":{},"replicas":{},"equal_replicas":{},"equal":{}}})"
                : "{} steps in {:.2f} s, acknowledged in p50 {:.3f} ms, p99 "
                  "{:.3f} ms, refused {}\n"
                  "the trace ends with {} bytes; of {} replicas {} end with the "
                  "same: {}"),
        done->steps, done->seconds, milliseconds(done->to_author.quantile(0.5)),
        milliseconds(done->to_author.quantile(0.99)), done->refused, history->end_content.size(), actors.size(), equal,
        all_equal);
    fmt::print("\n");
    return all_equal && done->refused == 0;
}

}  // namespace okra::load
