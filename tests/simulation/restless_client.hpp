// A client that keeps no order: in several tabs at once it opens a document to edit and to view in turn, leaves it, and
// comes again, while changes of its own wait to be decided. The server has to bear it, and to forget it when it has
// gone.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "protocol/wire/decode.hpp"
#include "tests/simulation/client.hpp"

namespace okra::simulation {

class restless_client final : public simulated_client, private wire_user {
public:
    restless_client(world& around, simulated_server& server, oracle& truth, document::client_id id,
                    std::string document);
    ~restless_client() override;

    void act() override;
    void leave() override;
    void repair() override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] bool is_settled() const override;
    void check(const oracle& /*truth*/) override {}
    void check_settled(const oracle& /*truth*/) override {}

private:
    struct tab {
        std::shared_ptr<simulated_wire> wire;
        bool greeted = false;
    };

    void on_opened(std::uint64_t wire) override;
    void on_message(std::uint64_t wire, std::string_view text) override;
    void on_closed(std::uint64_t wire, std::optional<std::uint16_t> code) override;

    void do_something(tab& in);
    void say(const tab& in, const wire::client_message& message) const;
    [[nodiscard]] wire::change some_change();

    world& world_;
    simulated_server& server_;
    oracle& truth_;
    const document::client_id id_;
    const std::string document_;
    std::map<std::uint64_t, tab> tabs_;  // by the number of their connection
    std::uint64_t connections_ = 0;
    sequence used_;
    std::optional<std::int64_t> gone_ms_;
    wire::decoder decoder_;
};

}  // namespace okra::simulation
