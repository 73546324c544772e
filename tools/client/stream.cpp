#include "tools/client/stream.hpp"

#include <array>
#include <thread>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "protocol/wire/decode.hpp"

namespace okra::client {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t read_bytes = 64 * 1024;

}  // namespace

struct event_loop::state {
    asio::io_context context{1};
    std::size_t unread = 0;  // reads that are done and that nobody has taken yet

    void run_one(clock::time_point deadline)
    {
        context.restart();
        const auto handled = context.run_one_until(deadline);
        // Nothing is under way on any stream, so nothing can come.
        if (handled == 0 && context.stopped()) std::this_thread::sleep_until(deadline);
    }
};

event_loop::event_loop() : state_{std::make_shared<state>()} {}

void event_loop::wait(clock::time_point deadline) const
{
    while (state_->unread == 0 && clock::now() < deadline) state_->run_one(deadline);
}

struct stream::state : std::enable_shared_from_this<stream::state> {
    struct tls {
        asio::ssl::context context{asio::ssl::context::tls_client};
        asio::ssl::stream<tcp::socket&> stream;
        explicit tls(tcp::socket& over) : stream{over, trusting(context)} {}

        static asio::ssl::context& trusting(asio::ssl::context& it)
        {
            error_code ignored;  // without authorities nothing is trusted: the handshake tells
            it.set_default_verify_paths(ignored);
            return it;
        }
    };

    explicit state(std::shared_ptr<event_loop::state> on) : loop{std::move(on)}, socket{loop->context} {}

    std::shared_ptr<event_loop::state> loop;
    tcp::socket socket;
    std::unique_ptr<tls> secure;  // over the socket
    std::array<char, read_bytes + wire::decoder::padding> buffer{};
    bool reading = false;
    bool ended = false;  // nobody will read any more
    std::optional<std::pair<error_code, std::size_t>> got;

    // Starts an operation with a handler and runs the loop until that was called. An operation that does not end in
    // time takes the connection with it.
    template <typename Start>
    error_code finish(clock::time_point deadline, Start start)
    {
        const auto done = std::make_shared<std::optional<error_code>>();
        start([done, self = shared_from_this()](error_code ec, const auto&...) { *done = ec; });
        while (!*done) {
            if (clock::now() >= deadline) {
                error_code ignored;
                socket.close(ignored);
                return asio::error::timed_out;
            }
            loop->run_one(deadline);
        }
        return **done;
    }

    error_code resolve(const address& server, clock::time_point deadline, tcp::resolver::results_type& out)
    {
        tcp::resolver resolver{loop->context};
        const auto found = std::make_shared<tcp::resolver::results_type>();
        const auto ec = finish(deadline, [&](auto done) {
            resolver.async_resolve(server.host, server.port,
                                   [found, done](error_code why, tcp::resolver::results_type all) {
                                       *found = std::move(all);
                                       done(why);
                                   });
        });
        out = *found;
        return ec;
    }

    error_code shake_hands(const std::string& host, clock::time_point deadline)
    {
        secure = std::make_unique<tls>(socket);
        error_code ec;
        secure->stream.set_verify_mode(asio::ssl::verify_peer, ec);
        secure->stream.set_verify_callback(asio::ssl::host_name_verification{host}, ec);
        error_code no_address;
        asio::ip::make_address(host, no_address);
        // A proxy with several names chooses the certificate by this one; an address is none.
        if (no_address) SSL_set_tlsext_host_name(secure->stream.native_handle(), host.c_str());
        return finish(deadline,
                      [&](auto done) { secure->stream.async_handshake(asio::ssl::stream_base::client, done); });
    }

    void start_reading()
    {
        if (reading || got) return;
        reading = true;
        const auto done = [self = shared_from_this()](error_code ec, std::size_t bytes) {
            self->reading = false;
            if (self->ended) return;
            self->got = {ec, bytes};
            ++self->loop->unread;
        };
        const auto into = asio::buffer(buffer.data(), read_bytes);
        secure ? secure->stream.async_read_some(into, done) : socket.async_read_some(into, done);
    }

    void end()
    {
        ended = true;
        if (std::exchange(got, std::nullopt)) --loop->unread;
        error_code ignored;
        socket.close(ignored);
        // Operations that were under way keep this alive until the loop has told them so.
        loop->context.restart();
        loop->context.poll();
    }
};

stream::stream(const event_loop& on) : state_{std::make_shared<state>(on.state_)} {}
stream::stream(stream&&) noexcept = default;
stream& stream::operator=(stream&& other) noexcept
{
    std::swap(state_, other.state_);
    return *this;
}

stream::~stream()
{
    if (state_) state_->end();
}

result<void, failure> stream::connect(const address& server, clock::time_point deadline)
{
    tcp::resolver::results_type endpoints;
    if (const auto ec = state_->resolve(server, deadline, endpoints)) {
        return failure{"cannot resolve " + server.host + ": " + ec.message()};
    }
    if (const auto ec = state_->finish(
            deadline, [&](auto done) { asio::async_connect(state_->socket, endpoints, std::move(done)); })) {
        return failure{"cannot connect to " + server.host + ":" + server.port + ": " + ec.message()};
    }
    error_code ignored;
    state_->socket.set_option(tcp::no_delay{true}, ignored);
    if (!server.secure) return {};
    if (const auto ec = state_->shake_hands(server.host, deadline)) {
        return failure{"no TLS with " + server.host + ":" + server.port + ": " + ec.message()};
    }
    return {};
}

result<void, failure> stream::write(std::string bytes, clock::time_point deadline)
{
    const auto kept = std::make_shared<const std::string>(std::move(bytes));
    const auto ec = state_->finish(deadline, [&](auto done) {
        const auto all = asio::buffer(*kept);
        const auto handler = [kept, done](error_code why, std::size_t) { done(why); };
        state_->secure ? asio::async_write(state_->secure->stream, all, handler)
                       : asio::async_write(state_->socket, all, handler);
    });
    if (ec) return failure{"the connection broke: " + ec.message()};
    return {};
}

result<std::optional<std::span<char>>, failure> stream::read(clock::time_point deadline)
{
    state_->start_reading();
    state_->loop->context.restart();
    state_->loop->context.poll();
    while (!state_->got && clock::now() < deadline) state_->loop->run_one(deadline);
    const auto got = std::exchange(state_->got, std::nullopt);
    if (!got) return std::optional<std::span<char>>{};
    --state_->loop->unread;
    if (got->first) return failure{"the connection broke: " + got->first.message()};
    return std::optional{std::span{state_->buffer}.first(got->second)};
}

void stream::reset()
{
    error_code ignored;
    state_->socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    state_->end();
}

}  // namespace okra::client
