// A reader that asks for the whole tail of a document's changes and reads nothing of it, and asks again. What the
// server keeps for it must not grow with the tail.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "protocol/wire/decode.hpp"
#include "tests/simulation/client.hpp"

namespace okra::simulation {

class deaf_client final : public simulated_client, private wire_user {
public:
    deaf_client(world& around, simulated_server& server, document::client_id id, std::string document);
    ~deaf_client() override;

    void act() override;
    void leave() override;
    void repair() override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] bool is_settled() const override;
    void check(const oracle& /*truth*/) override {}
    void check_settled(const oracle& /*truth*/) override {}

private:
    void on_opened(std::uint64_t wire) override;
    void on_message(std::uint64_t wire, std::string_view text) override;
    void on_closed(std::uint64_t wire, std::optional<std::uint16_t> code) override;

    void ask_for_all();
    void say(const wire::client_message& message);

    world& world_;
    simulated_server& server_;
    const document::client_id id_;
    const std::string document_;
    std::shared_ptr<simulated_wire> wire_;
    std::uint64_t connections_ = 0;
    std::optional<std::string> epoch_;  // it was welcomed
    std::optional<std::int64_t> gone_ms_;
    wire::decoder decoder_;
};

}  // namespace okra::simulation
