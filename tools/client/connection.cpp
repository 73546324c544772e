#include "tools/client/connection.hpp"

#include <utility>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/encode.hpp"
#include "protocol/wire/websocket.hpp"

namespace okra::client {

namespace {

constexpr std::size_t message_bytes_max = 64 * 1024 * 1024;  // parts of a snapshot may be larger than what clients send
constexpr std::uint32_t mask_key = 0x5f3759df;               // see websocket.hpp: a tool need not be unpredictable
constexpr std::chrono::seconds write_patience{30};

std::string text_frame(std::string_view text)
{
    std::string frame;
    wire::append_masked_frame(frame, wire::frame_opcode::text, text, mask_key);
    return frame;
}

}  // namespace

struct connection::state {
    explicit state(const event_loop& on) : bytes{on} {}

    stream bytes;
    std::string early;  // came with the answer to the upgrade; `reader` points into it
    wire::frame_reader reader{wire::frame_reader::role::client, message_bytes_max};
    wire::decoder decoder;
    tracer trace;
    bool heard_nonsense = false;

    result<void, failure> upgrade(const address& server, clock::time_point deadline)
    {
        if (auto done = bytes.write(upgrade_request(server), deadline); !done) return done;
        std::string answer;
        while (true) {
            const auto got = bytes.read(deadline);
            if (!got) return failure{"no answer to the upgrade: " + got.error().message};
            if (!*got) return failure{"no answer to the upgrade"};
            answer.append((*got)->data(), (*got)->size());
            const auto parsed = parse_upgrade_response(answer);
            if (const auto* no = std::get_if<upgrade_rejected>(&parsed)) return failure{no->why};
            if (const auto* yes = std::get_if<upgrade_accepted>(&parsed)) {
                early = answer.substr(yes->bytes);
                const auto size = early.size();
                early.resize(size + wire::decoder::padding);
                reader.feed(std::span{early}.first(size));
                return {};
            }
        }
    }

    result<void, failure> write(std::string frame)
    {
        return bytes.write(std::move(frame), clock::now() + write_patience);
    }

    failure nonsense(std::string_view why)
    {
        heard_nonsense = true;
        return failure{"the server sent what cannot be understood: " + std::string{why}};
    }
};

connection::connection(std::unique_ptr<state> it) : state_{std::move(it)} {}
connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

result<connection, failure> connection::open(const address& server, std::chrono::milliseconds patience,
                                             const event_loop& loop)
{
    const auto deadline = clock::now() + patience;
    connection out{std::make_unique<state>(loop)};
    if (auto done = out.state_->bytes.connect(server, deadline); !done) return done.error();
    if (auto done = out.state_->upgrade(server, deadline); !done) return done.error();
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
    return send_text(text);
}

result<void, failure> connection::send_text(std::string_view text)
{
    if (state_->trace) state_->trace(direction::sent, text);
    return state_->write(text_frame(text));
}

result<void, failure> connection::send_half(const wire::client_message& message)
{
    std::string text;
    wire::encode(text, message);
    auto frame = text_frame(text);
    frame.resize(frame.size() / 2);
    return state_->write(std::move(frame));
}

void connection::reset()
{
    state_->bytes.reset();
}

bool connection::has_heard_nonsense() const
{
    return state_->heard_nonsense;
}

result<std::optional<wire::server_message>, failure> connection::receive(std::chrono::milliseconds patience)
{
    using reader = wire::frame_reader;
    const auto deadline = clock::now() + patience;
    while (true) {
        auto event = state_->reader.next();
        if (auto* message = std::get_if<reader::message>(&event)) {
            if (state_->trace) state_->trace(direction::received, {message->text.data(), message->text.size()});
            auto decoded = state_->decoder.decode_server(message->text);
            if (!decoded) return state_->nonsense(decoded.error().why.message);
            return std::optional{std::move(*decoded)};
        }
        if (const auto* ping = std::get_if<reader::ping>(&event)) {
            std::string frame;
            wire::append_masked_frame(frame, wire::frame_opcode::pong, ping->payload, mask_key);
            if (auto sent = state_->write(std::move(frame)); !sent) return sent.error();
        } else if (const auto* closing = std::get_if<reader::closing>(&event)) {
            return failure{"the server closed the connection with code " + std::to_string(closing->code)};
        } else if (const auto* violation = std::get_if<wire::frame_violation>(&event)) {
            return state_->nonsense(wire::describe(*violation));
        } else if (std::holds_alternative<reader::need_more>(event)) {
            const auto got = state_->bytes.read(deadline);
            if (!got) return got.error();
            if (!*got) return std::optional<wire::server_message>{};
            state_->reader.feed(**got);
        }
    }
}

}  // namespace okra::client
