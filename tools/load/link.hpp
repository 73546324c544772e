// One participant's WebSocket connection, on a poller: upgrade, whole messages in, messages out. Between messages it
// holds no buffer. Owned by its participant, one thread. A link may not be destroyed inside its handler's calls.
#pragma once

#include <netinet/in.h>
#include <span>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "protocol/wire/websocket.hpp"
#include "tools/client/failure.hpp"
#include "tools/client/upgrade.hpp"
#include "tools/load/poller.hpp"

namespace okra::load {

// Where a link connects to: resolved once for all links, the path may be a room's own.
struct target {
    sockaddr_in endpoint{};
    client::address address;
};
[[nodiscard]] result<target, client::failure> resolve(const client::address& server);

class link final : poller::watcher {
public:
    class handler {
    public:
        handler() = default;
        handler(const handler&) = delete;
        handler& operator=(const handler&) = delete;
        virtual ~handler() = default;
        virtual void on_connected() = 0;
        virtual void on_received(std::span<char> message) = 0;  // may be changed in place
        virtual void on_broken(std::string_view why) = 0;
    };

    link(poller& on, handler& to);
    ~link() override;

    void connect(const target& server);
    void send(std::string_view message, wire::frame_opcode kind = wire::frame_opcode::text);
    void close();
    [[nodiscard]] bool is_open() const { return stage_ == stage::open; }
    [[nodiscard]] bool is_closed() const { return stage_ == stage::closed; }

private:
    enum class stage : std::uint8_t { closed, connecting, upgrading, open };

    void on_ready(bool readable, bool writable) override;
    void read();
    void read_upgrade(std::span<char> bytes);
    void read_frames(std::span<char> bytes);
    void write(std::string_view bytes);
    void flush();
    void fail(std::string_view why);

    poller& poller_;
    handler& handler_;
    int socket_ = -1;
    stage stage_ = stage::closed;
    std::string unwritten_;
    std::string upgrade_answer_;
    wire::frame_reader reader_;
};

}  // namespace okra::load
