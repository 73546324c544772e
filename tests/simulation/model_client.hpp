// A client by the book (SPEC), around the replica of the C++ tools: connects, greets, opens its documents, sends,
// resends, pings, backs off and comes again.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol/wire/decode.hpp"
#include "tests/simulation/actions.hpp"
#include "tests/simulation/client.hpp"
#include "tools/client/replica.hpp"

namespace okra::simulation {

class model_client final : public simulated_client, private wire_user {
public:
    struct identity {
        document::client_id id;
        std::vector<std::string> documents;
        bool view = false;
    };

    model_client(world& around, simulated_server& server, oracle& truth, identity who);
    ~model_client() override;

    void act() override;
    void leave() override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] bool is_settled() const override;
    void check(const oracle& truth) override;
    void check_settled(const oracle& truth) override;

private:
    struct open_document {
        open_document(std::string document, const identity& who);

        std::string name;
        client::replica replica;
        bool waits_to_resend = false;
        bool waits_to_open = false;
        bool is_misled = false;                                      // told a hash that is not the server's
        std::string last_sent;                                       // the last change, as it was on the wire
        std::map<wire::session_number, document::client_id> people;  // who is there, as it was told
    };

    void on_opened(std::uint64_t wire) override;
    void on_message(std::uint64_t wire, std::string_view text) override;
    void on_closed(std::uint64_t wire, std::optional<std::uint16_t> code) override;

    void connect();
    void disconnect();
    void give_up();
    void come_back_in(std::int64_t ms);
    void beat();
    void say(const wire::client_message& message);
    void flush(open_document& it);
    void receive(open_document& it, const wire::server_message& message);
    void forget_marks(const std::string& document, const client::op_list& ops);
    void meet(open_document& it, const wire::server_message& message);
    void submit(open_document& it);
    void try_what_is_forbidden();
    void mislead(open_document& it);
    [[nodiscard]] bool is_online() const { return greeted_ && !stays_away_; }
    template <typename Task>
    void later(std::int64_t ms, Task task);

    world& world_;
    simulated_server& server_;
    oracle& truth_;
    const identity who_;
    author author_;
    std::vector<std::unique_ptr<open_document>> documents_;
    std::map<std::string, std::set<std::string>> marks_;  // by document: typed and not refused

    std::shared_ptr<simulated_wire> wire_;
    std::uint64_t wire_number_ = 0;
    bool greeted_ = false;
    bool stays_away_ = false;
    std::int64_t heartbeat_ms_ = 0;
    std::int64_t pinged_ms_ = 0;
    std::int64_t heard_ms_ = 0;
    std::int64_t greeted_at_ms_ = 0;
    unsigned attempts_ = 0;
    std::optional<std::int64_t> told_to_wait_ms_;
    wire::decoder decoder_;
    std::shared_ptr<int> here_ = std::make_shared<int>();
};

}  // namespace okra::simulation
