// Sits between clients and a server, on a port of its own, and changes what the server says: for what a real server
// does not do. With a certificate it speaks TLS to the clients, as a proxy in front of a deployment does. A thread of
// its own serves all connections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace okra::test {

// What becomes of a message of the server: nothing, itself, something else. Connections are counted from 0 as they
// come. Called on the proxy's thread.
using server_fault = std::function<std::vector<std::string>(std::size_t connection, std::string message)>;

struct certificate {
    std::string pem;
    std::string key_pem;
};
// For "localhost", signed by itself, good for a day.
[[nodiscard]] certificate make_certificate();

class frame_proxy {
public:
    frame_proxy(std::uint16_t server_port, server_fault fault, std::optional<certificate> secured_by = {});
    ~frame_proxy();
    frame_proxy(const frame_proxy&) = delete;
    frame_proxy& operator=(const frame_proxy&) = delete;

    [[nodiscard]] std::uint16_t port() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace okra::test
