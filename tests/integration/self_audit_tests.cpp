// The whole way of SPEC §11 with the real server: a replica that was misled notices, heals, keeps what its user did,
// and the operator can read of it.
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "protocol/wire/encode.hpp"
#include "tests/integration/live_server.hpp"
#include "tools/client/replica.hpp"

namespace okra::test {

namespace {

using Catch::Matchers::ContainsSubstring;

// A replica with a connection of its own. `mislead` may alter what the server says before the replica hears it.
class replica_client {
public:
    replica_client(std::uint16_t port, const std::string& id)
        : socket_{port, id}, replica_{{.client = id, .document = plan}, *document::find_schema("plan")}
    {
        replica_.connect();
        flush();
        while (!replica_.is_live()) step();
    }

    void submit(document::operation op) { REQUIRE(replica_.submit({std::move(op)}).has_value()); }

    void flush()
    {
        for (const auto& message : replica_.take_messages()) {
            std::string json;
            wire::encode(json, message);
            socket_.send(json);
        }
    }

    // Takes in one message of the server; what follows from it is sent with the next `flush`.
    std::vector<client::event> hear(const std::function<void(wire::server_message&)>& mislead = nullptr)
    {
        auto message = socket_.next();
        REQUIRE(message.has_value());
        if (mislead) mislead(*message);
        replica_.receive(*message);
        return replica_.take_events();
    }

    std::vector<client::event> step()
    {
        auto events = hear();
        flush();
        return events;
    }

    void settle()
    {
        flush();
        while (!replica_.is_live() || replica_.has_pending()) step();
    }

    [[nodiscard]] client::replica& replica() { return replica_; }
    [[nodiscard]] okra_client& socket() { return socket_; }

private:
    okra_client socket_;
    client::replica replica_;
};

document::edit_op typing(std::uint64_t position, std::string text)
{
    return {"o1", "title",
            document::normalise({document::text_skip{position}, document::text_insert{std::move(text)}})};
}

std::string content_of(const std::filesystem::path& file)
{
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("[AU3] [AU4] [RB4] a replica that was misled heals, loses nothing, and is in log and figures",
          "[integration]")
{
    const temporary_folder folder;
    const auto log = folder.path() / "log";
    const server_process server{
        folder.path() / "data",
        {.more = {"--threads", "1", "--audit-interval-ms", "20", "--log-format", "json"}, .log = log}};
    replica_client ben{server.port(), "ben"};
    ben.submit(
        document::create_op{"o1", "objective", "plan", document::place_last{}, {{"title", std::string{"Grow"}}}, {}});
    ben.settle();
    replica_client ann{server.port(), "ann"};
    const revision since = ann.replica().confirmed().head();  // her snapshot may be a moment old

    ben.submit(document::set_op{"o1", "weight", 0.5, {}});
    ben.settle();
    while (ann.replica().confirmed().head() != revision{2}) {
        ann.hear([](wire::server_message& message) {
            auto* commit = std::get_if<wire::commit>(&message);
            if (commit == nullptr) return;
            auto* set = std::get_if<document::set_op>(&commit->changes.front().ops.front());
            if (set != nullptr) set->value = 0.25;
        });
    }
    const auto misled = ann.replica().confirmed().hash();

    // One change is on its way to the server, and another waits behind it, when the audit comes.
    ann.submit(typing(4, " fast"));
    ann.submit(typing(9, "!"));
    std::optional<client::found_different> found;
    while (!found) {
        for (const auto& event : ann.hear()) {
            if (const auto* it = std::get_if<client::found_different>(&event)) found = *it;
        }
    }
    CHECK(found->at == revision{2});
    ann.submit(typing(0, "We "));
    CHECK(ann.replica().shown_text("o1", "title") == "We Grow fast!");
    ann.settle();
    CHECK(ann.socket().is_alive());  // so the report has been heard, too

    replica_client eve{server.port(), "eve"};
    while (eve.replica().confirmed().head() < ann.replica().confirmed().head()) eve.step();
    CHECK(client::text_of(eve.replica().confirmed(), "o1", "title") == "We Grow fast!");
    CHECK(ann.replica().confirmed().hash() == eve.replica().confirmed().hash());

    CHECK_THAT(get(server.port(), "/metrics").body, ContainsSubstring("\nokra_replica_divergences_reported_total 1\n"));
    CHECK_THAT(content_of(log), ContainsSubstring(R"("event":"replica_divergence_reported")") &&
                                    ContainsSubstring(fmt::format(R"("document":"{}")", plan)) &&
                                    ContainsSubstring(R"("revision":2)") && ContainsSubstring(R"("client":"ann")") &&
                                    ContainsSubstring(fmt::format(R"("client_hash":"{:016x}")", misled)) &&
                                    ContainsSubstring(fmt::format(R"("since":{},)", since.value)) &&
                                    ContainsSubstring("o1/weight"));
}

}  // namespace okra::test
