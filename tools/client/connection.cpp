#include "tools/client/connection.hpp"

#include <array>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "protocol/base/overloaded.hpp"
#include "protocol/wire/decode.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/websocket.hpp"

namespace okra::client {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t message_bytes_max = 64 * 1024 * 1024;  // parts of a snapshot may be larger than what clients send
constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::uint32_t mask_key = 0x5f3759df;  // see websocket.hpp: a tool need not be unpredictable

}  // namespace

struct connection::state {
    asio::io_context loop{1};
    tcp::socket socket{loop};
    wire::frame_reader reader{wire::frame_reader::role::client, message_bytes_max};
    wire::decoder decoder;
    tracer trace;
    std::array<char, read_bytes + wire::decoder::padding> buffer{};
    bool reading = false;
    std::optional<std::pair<error_code, std::size_t>> read;

    using clock = std::chrono::steady_clock;

    // Runs the loop until the read that is under way, or a new one, is done; nothing when `deadline` comes first. The
    // read goes on then: its bytes are found by the next call.
    std::optional<std::pair<error_code, std::size_t>> read_some(clock::time_point deadline)
    {
        if (!reading && !read) {
            reading = true;
            socket.async_read_some(asio::buffer(buffer.data(), read_bytes), [this](error_code ec, std::size_t bytes) {
                reading = false;
                read = {ec, bytes};
            });
        }
        while (!read && clock::now() < deadline) {
            loop.restart();
            loop.run_one_until(deadline);
        }
        return std::exchange(read, std::nullopt);
    }

    result<void, failure> upgrade(const address& server, clock::time_point deadline)
    {
        error_code ec;
        tcp::resolver resolver{loop};
        const auto endpoints = resolver.resolve(server.host, server.port, ec);
        if (ec) return failure{"cannot resolve " + server.host + ": " + ec.message()};
        asio::connect(socket, endpoints, ec);
        if (ec) return failure{"cannot connect to " + server.host + ":" + server.port + ": " + ec.message()};
        socket.set_option(tcp::no_delay{true}, ec);
        asio::write(socket, asio::buffer(upgrade_request(server)), ec);
        if (ec) return failure{"cannot send the upgrade: " + ec.message()};

        std::string answer;
        while (true) {
            const auto got = read_some(deadline);
            if (!got) return failure{"no answer to the upgrade"};
            if (got->first) return failure{"no answer to the upgrade: " + got->first.message()};
            answer.append(buffer.data(), got->second);
            const auto parsed = parse_upgrade_response(answer);
            if (const auto* no = std::get_if<upgrade_rejected>(&parsed)) return failure{no->why};
            if (const auto* yes = std::get_if<upgrade_accepted>(&parsed)) {
                const auto unread = answer.size() - yes->bytes;
                if (unread > read_bytes) return failure{"the server speaks before it is asked"};
                answer.copy(buffer.data(), unread, yes->bytes);
                reader.feed({buffer.data(), unread});
                return {};
            }
        }
    }

    result<void, failure> write(std::string_view frame)
    {
        error_code ec;
        asio::write(socket, asio::buffer(frame.data(), frame.size()), ec);
        if (ec) return failure{"the connection broke: " + ec.message()};
        return {};
    }
};

connection::connection(std::unique_ptr<state> it) : state_{std::move(it)} {}
connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

result<connection, failure> connection::open(const address& server, std::chrono::milliseconds patience)
{
    connection out{std::make_unique<state>()};
    if (auto done = out.state_->upgrade(server, state::clock::now() + patience); !done) return done.error();
    return out;
}

void connection::trace(tracer to)
{
    state_->trace = std::move(to);
}

result<void, failure> connection::send(const wire::client_message& message)
{
    std::string text;
    wire::encode(text, message);
    if (state_->trace) state_->trace(direction::sent, text);
    std::string frame;
    wire::append_masked_frame(frame, wire::frame_opcode::text, text, mask_key);
    return state_->write(frame);
}

result<std::optional<wire::server_message>, failure> connection::receive(std::chrono::milliseconds patience)
{
    using reader = wire::frame_reader;
    const auto deadline = state::clock::now() + patience;
    while (true) {
        auto event = state_->reader.next();
        if (auto* message = std::get_if<reader::message>(&event)) {
            if (state_->trace) state_->trace(direction::received, {message->text.data(), message->text.size()});
            auto decoded = state_->decoder.decode_server(message->text);
            if (!decoded) return failure{"the server sent what cannot be understood: " + decoded.error().why.message};
            return std::optional{std::move(*decoded)};
        }
        if (const auto* ping = std::get_if<reader::ping>(&event)) {
            std::string frame;
            wire::append_masked_frame(frame, wire::frame_opcode::pong, ping->payload, mask_key);
            if (auto sent = state_->write(frame); !sent) return sent.error();
        } else if (const auto* closing = std::get_if<reader::closing>(&event)) {
            return failure{"the server closed the connection with code " + std::to_string(closing->code)};
        } else if (const auto* violation = std::get_if<wire::frame_violation>(&event)) {
            return failure{std::string{wire::describe(*violation)}};
        } else if (std::holds_alternative<reader::need_more>(event)) {
            const auto got = state_->read_some(deadline);
            if (!got) return std::optional<wire::server_message>{};
            if (got->first) return failure{"the connection broke: " + got->first.message()};
            state_->reader.feed({state_->buffer.data(), got->second});
        }
    }
}

}  // namespace okra::client
