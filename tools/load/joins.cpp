// How long joining takes (modes.hpp: measure_joins, measure_first_join). The document is built through one participant
// first, who stays: some servers put a document away when nobody is in it.
#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "tools/load/modes.hpp"
#include "tools/load/report.hpp"

namespace okra::load {

namespace {

constexpr std::size_t edits = 10'000;
constexpr std::size_t foreign_edits_at_once = 20;  // ShareDB on PostgreSQL writes the whole document at each commit
constexpr std::size_t joiners_at_once = 100;
constexpr std::size_t single_joins = 21;
constexpr std::size_t rounds_of_many = 5;
constexpr auto patience = std::chrono::seconds{30};

struct joined_document {
    dialect speaks = dialect::okra;
    target server;
    std::string name;

    [[nodiscard]] std::unique_ptr<room> make() const
    {
        return make_room(speaks, {.name = name, .editors = 1, .server = server});
    }
};

// One who writes the document, edit by edit.
class builder {
public:
    explicit builder(const joined_document& where)
        : edits_at_once_{where.speaks == dialect::okra ? 1 : foreign_edits_at_once},
          room_{where.make()},
          who_{room_->seat(parts_, {.client = room_->client_id(0), .whole = true, .editor = 0})}
    {
    }

    [[nodiscard]] result<void, client::failure> build()
    {
        who_->join(room_->server());
        if (!serve_until([&] { return who_->at() == participant::stage::ready; })) return failure();
        for (std::size_t step = 0; step <= edits; ++step) {
            who_->as_editor()->write_large_document(step);
            if (step % edits_at_once_ != 0) continue;
            if (!serve_until([&] { return !who_->as_editor()->has_pending(); })) return failure();
        }
        if (parts_.counts.refused > 0) return client::failure{"the server refuses the document"};
        return {};
    }
    [[nodiscard]] revision head() const { return who_->last(); }

private:
    [[nodiscard]] bool serve_until(const auto& done)
    {
        const auto deadline = clock::now() + patience;
        while (!done() && who_->at() != participant::stage::broken && clock::now() < deadline) {
            parts_.sockets.serve(deadline);
        }
        return done();
    }
    [[nodiscard]] client::failure failure() const
    {
        return {"the document cannot be built: " +
                (who_->broken_because().empty() ? "the server does not answer" : who_->broken_because())};
    }

    std::size_t edits_at_once_;
    engine_parts parts_;
    std::unique_ptr<room> room_;
    std::unique_ptr<participant> who_;
};

struct joiners {
    std::size_t count = 1;
    bool whole = false;
    revision expected{};  // they have joined when they have this much
};

struct join_times {
    std::int64_t from_connect = 0;
    std::int64_t from_open = 0;
    std::uint64_t bytes_each = 0;
};

// All at once; the times of the one who is last.
result<join_times, client::failure> join(const joined_document& where, const joiners& who)
{
    engine_parts parts;
    const auto in = where.make();
    std::vector<std::unique_ptr<participant>> all;
    for (std::size_t index = 0; index < who.count; ++index) {
        all.push_back(in->seat(parts, {.client = in->client_id(1 + index), .view = true, .whole = who.whole}));
    }
    const auto start = clock::now();
    for (auto& it : all) it->join(in->server());
    const auto is_there = [&](const auto& it) {
        return it->at() == participant::stage::ready && it->last() >= who.expected;
    };
    while (!std::all_of(all.begin(), all.end(), is_there)) {
        if (clock::now() - start > patience) return client::failure{"joiners wait for too long"};
        parts.sockets.serve(start + patience);
    }
    const auto end = clock::now();
    join_times out;
    for (const auto& it : all) {
        out.from_connect = std::max(out.from_connect, (it->ready_at() - start).count());
        out.from_open = std::max(out.from_open, (it->ready_at() - it->asked_at()).count());
    }
    if (who.expected > revision{}) out.from_connect = (end - start).count();
    out.bytes_each = parts.sockets.received() / who.count;
    return out;
}

}  // namespace

verdict measure_joins(const mode_options& options)
{
    const auto server = resolve(options.fleet.server);
    if (!server) return server.error();
    const auto stamp = std::chrono::system_clock::now().time_since_epoch().count();
    const joined_document where{options.fleet.speaks, *server,
                                fmt::format("{}/plan/join-{:x}/load", options.fleet.workspace, stamp)};
    builder author{where};
    if (auto built = author.build(); !built) return built.error();

    histogram one_from_connect;
    histogram one_from_open;
    histogram last_from_connect;
    histogram last_from_open;
    std::uint64_t bytes = 0;
    for (std::size_t round = 0; round < single_joins; ++round) {
        const auto one = join(where, {.count = 1});
        if (!one) return one.error();
        one_from_connect.record(one->from_connect);
        one_from_open.record(one->from_open);
        bytes = one->bytes_each;
    }
    for (std::size_t round = 0; round < rounds_of_many; ++round) {
        const auto many = join(where, {.count = joiners_at_once});
        if (!many) return many.error();
        last_from_connect.record(many->from_connect);
        last_from_open.record(many->from_open);
    }
    fmt::print(
        fmt::runtime(
            options.json
                ? R"({{"one_ms":{:.2f},"one_from_open_ms":{:.2f},"last_of_100_ms":{:.2f},"last_of_100_from_open_ms":{:.2f},"bytes":{},"document":"{}","revision":{}}})"
                : "join, median: one {:.2f} ms from connecting, {:.2f} ms from asking; last of 100 at once {:.2f} ms "
                  "from connecting, {:.2f} ms from asking; {} bytes; {} at revision {}"),
        milliseconds(one_from_connect.quantile(0.5)), milliseconds(one_from_open.quantile(0.5)),
        milliseconds(last_from_connect.quantile(0.5)), milliseconds(last_from_open.quantile(0.5)), bytes, where.name,
        author.head().value);
    fmt::print("\n");
    return true;
}

verdict measure_first_join(const mode_options& options, const known_document& it)
{
    const auto server = resolve(options.fleet.server);
    if (!server) return server.error();
    const auto joined = join({options.fleet.speaks, *server, it.name}, {.count = 1, .whole = true, .expected = it.at});
    if (!joined) return joined.error();
    fmt::print(fmt::runtime(options.json ? R"({{"first_ms":{:.2f},"bytes":{}}})" : "first join {:.2f} ms, {} bytes"),
               milliseconds(joined->from_connect), joined->bytes_each);
    fmt::print("\n");
    return true;
}

}  // namespace okra::load
