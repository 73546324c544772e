// One session of a client for tests: JSON out as it is written, typed messages in. Knows nothing about documents, so
// that a test says what it means.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/messages.hpp"
#include "tests/support/websocket_client.hpp"

namespace okra::test {

class okra_client {
public:
    // Says hello, unless `id` is empty.
    explicit okra_client(std::uint16_t port, std::string id = {}) : okra_client{port, std::move(id), {}} {}
    okra_client(std::uint16_t port, std::string id, websocket_client::options how);

    void send(std::string_view json) { socket_.send(json); }
    // {"type":"change",…} with one op.
    void change(std::string_view document, std::uint64_t seq, std::uint64_t base, std::string_view op);
    // Opens it and reads everything that comes before the live messages.
    wire::opened open(std::string_view document);

    // The next message; nothing: the server has closed.
    [[nodiscard]] std::optional<wire::server_message> next();
    // The next message of this type, leaving out others. Throws when the connection ends first.
    template <typename Message>
    [[nodiscard]] Message next_of()
    {
        while (auto it = next()) {
            if (auto* message = std::get_if<Message>(&*it)) return std::move(*message);
        }
        throw std::runtime_error{"the connection ended, close code " +
                                 std::to_string(socket_.close_code().value_or(0))};
    }
    // The refusal that the next `refused` message brings.
    [[nodiscard]] refusal_code next_refusal() { return next_of<wire::refused>().why.code; }

    // Is the session alive? A ping and its pong.
    [[nodiscard]] bool is_alive();

    [[nodiscard]] websocket_client& socket() { return socket_; }

private:
    websocket_client socket_;
    wire::decoder decoder_;
};

}  // namespace okra::test
