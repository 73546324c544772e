// How long joining takes (modes.hpp: measure_joins). The document is built through one ordinary connection first.
#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "tools/client/connection.hpp"
#include "tools/load/modes.hpp"
#include "tools/load/report.hpp"

namespace okra::load {

namespace {

constexpr std::size_t objectives = 100;
constexpr std::size_t key_results = 899;  // with the root, 1,000 entities
constexpr std::size_t edits = 10'000;
constexpr std::size_t joiners_at_once = 100;
constexpr std::size_t single_joins = 21;
constexpr auto patience = std::chrono::seconds{10};

std::vector<document::operation> create_entities()
{
    const auto create = [](std::string id, std::string kind, std::string parent) {
        std::string title = "A " + kind + " whose title is about as long as those that people write";
        return document::create_op{std::move(id),
                                   std::move(kind),
                                   std::move(parent),
                                   document::place_last{},
                                   {{"title", std::move(title)}},
                                   {}};
    };
    std::vector<document::operation> out;
    for (std::size_t index = 0; index < objectives; ++index) {
        out.emplace_back(create("o" + std::to_string(index), "objective", "plan"));
    }
    for (std::size_t index = 0; index < key_results; ++index) {
        auto op = create("kr" + std::to_string(index), "key_result", "o" + std::to_string(index % objectives));
        op.fields.push_back({"start", 0.0});
        op.fields.push_back({"target", 100.0});
        op.fields.push_back({"current", 40.0});
        out.emplace_back(std::move(op));
    }
    return out;
}

document::operation edit(prng& random)
{
    auto id = "kr" + std::to_string(random.below(key_results));
    if (random.one_in(5)) return document::set_op{std::move(id), "current", static_cast<double>(random.below(101)), {}};
    return document::edit_op{
        std::move(id), "title", {document::text_skip{random.below(40) + 1}, document::text_insert{"a"}}};
}

// Sends what the replica has to say, and brings it what comes, until nothing of it is pending.
result<void, client::failure> settle(client::connection& server, client::replica& replica)
{
    while (true) {
        for (const auto& message : replica.take_messages()) {
            if (auto sent = server.send(message); !sent) return sent.error();
        }
        if (replica.is_live() && !replica.has_pending()) return {};
        const auto received = server.receive(patience);
        if (!received) return received.error();
        if (!*received) return client::failure{"the server does not answer"};
        replica.receive(**received);
        for (const auto& event : replica.take_events()) {
            if (const auto* drafted = std::get_if<client::drafted>(&event))
                return client::failure{drafted->why.message};
        }
    }
}

result<void, client::failure> build_document(const mode_options& options, const std::string& name)
{
    auto server = client::connection::open(options.fleet.server, patience);
    if (!server) return server.error();
    const std::string me = "load-join-builder";
    auto greeted = server->send(wire::hello{wire::protocol_version, me, options.fleet.workspace, me, "en"});
    if (!greeted) return greeted.error();
    client::replica replica{{.client = me, .document = name}, *document::find_schema("plan")};
    replica.connect();
    if (auto opened = settle(*server, replica); !opened) return opened.error();
    if (!replica.submit(create_entities())) return client::failure{"the document does not fit into one change"};
    if (auto created = settle(*server, replica); !created) return created.error();
    prng random{options.fleet.seed};
    for (std::size_t count = 0; count < edits; ++count) {
        (void)replica.submit({edit(random)});
        if (auto edited = settle(*server, replica); !edited) return edited.error();
    }
    return {};
}

struct join_times {
    std::int64_t from_connect = 0;
    std::int64_t from_open = 0;
};

// All at once; the times of the one who is last.
result<join_times, client::failure> join(const target& server, const std::string& name, std::size_t count)
{
    engine_parts parts;
    room in{name, 0};
    std::vector<std::unique_ptr<light_viewer>> joiners;
    for (std::size_t index = 0; index < count; ++index) {
        joiners.push_back(
            std::make_unique<light_viewer>(parts, in, participant_options{in.client_id(index), true, {}}));
    }
    const auto start = clock::now();
    for (auto& it : joiners) it->join(server);
    const auto is_ready = [](const auto& it) { return it->at() == participant::stage::ready; };
    while (!std::all_of(joiners.begin(), joiners.end(), is_ready)) {
        if (clock::now() - start > patience) return client::failure{"joiners wait for too long"};
        parts.sockets.serve(start + patience);
    }
    join_times out;
    for (const auto& it : joiners) {
        out.from_connect = std::max(out.from_connect, (it->ready_at() - start).count());
        out.from_open = std::max(out.from_open, (it->ready_at() - it->asked_at()).count());
    }
    return out;
}

}  // namespace

verdict measure_joins(const mode_options& options)
{
    const auto server = resolve(options.fleet.server);
    if (!server) return server.error();
    const auto stamp = std::chrono::system_clock::now().time_since_epoch().count();
    const auto name = fmt::format("{}/plan/join-{:x}/load", options.fleet.workspace, stamp);
    if (auto built = build_document(options, name); !built) return built.error();

    histogram one_from_connect;
    histogram one_from_open;
    histogram last_from_connect;
    histogram last_from_open;
    for (std::size_t round = 0; round < single_joins; ++round) {
        const auto one = join(*server, name, 1);
        if (!one) return one.error();
        one_from_connect.record(one->from_connect);
        one_from_open.record(one->from_open);
    }
    for (std::size_t round = 0; round < 5; ++round) {
        const auto many = join(*server, name, joiners_at_once);
        if (!many) return many.error();
        last_from_connect.record(many->from_connect);
        last_from_open.record(many->from_open);
    }
    fmt::print(
        fmt::runtime(
            options.json
                ? R"({{"one_ms":{:.2f},"one_from_open_ms":{:.2f},"last_of_100_ms":{:.2f},"last_of_100_from_open_ms":{:.2f}}})"
                : "join, median: one {:.2f} ms from connecting, {:.2f} ms from `open`; last of 100 at once {:.2f} ms "
                  "from connecting, {:.2f} ms from `open`"),
        milliseconds(one_from_connect.quantile(0.5)), milliseconds(one_from_open.quantile(0.5)),
        milliseconds(last_from_connect.quantile(0.5)), milliseconds(last_from_open.quantile(0.5)));
    fmt::print("\n");
    return true;
}

}  // namespace okra::load
