#include "server/net/http_session.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include "server/net/forwarded.hpp"
#include "server/net/handshake.hpp"
#include "server/net/limits.hpp"
#include "server/runtime/log.hpp"

namespace okra::net {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace log = runtime::log;

namespace {

using use_awaitable = boost::asio::use_awaitable_t<executor>;
using request = http::request<http::empty_body>;
using stream = beast::basic_stream<boost::asio::ip::tcp, executor, beast::unlimited_rate_policy>;
template <typename T>
using awaitable = boost::asio::awaitable<T, executor>;

constexpr boost::asio::as_tuple_t<use_awaitable> no_throw{};

constexpr std::string_view socket_path = "/api/socket";

std::string_view field(const request& it, http::field name)
{
    const auto value = it[name];
    return {value.data(), value.size()};
}

// Said with every answer. Pages of others may neither frame, open nor load ours.
void add_security_fields(http::fields& to)
{
    to.set("X-Content-Type-Options", "nosniff");
    to.set("Referrer-Policy", "same-origin");
    to.set("Cross-Origin-Opener-Policy", "same-origin");
    to.set("Cross-Origin-Embedder-Policy", "require-corp");
    to.set("Cross-Origin-Resource-Policy", "same-origin");
    to.set("Permissions-Policy",
           "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), serial=(), usb=()");
    to.set("X-Frame-Options", "DENY");
}

class http_session {
public:
    http_session(tcp_socket socket, admission::ticket ticket, const http_worker& worker, http_shared& shared)
        : stream_{std::move(socket)},
          buffer_{limits::header_bytes},
          ticket_{std::move(ticket)},
          worker_{worker},
          shared_{shared}
    {
    }

    awaitable<void> run()
    {
        bool goes_on = true;
        while (goes_on) goes_on = co_await serve_one();
        boost::system::error_code ignored;
        stream_.socket().shutdown(tcp_socket::shutdown_send, ignored);
    }

private:
    // True: another request may follow.
    awaitable<bool> serve_one()
    {
        const auto deadline = ticket_.is_spare() ? limits::spare_deadline : shared_.header_deadline;
        // A fresh parser for each request, with a deadline for the whole header: a peer that drips bytes does not last.
        http::request_parser<http::empty_body> parser;
        parser.header_limit(limits::header_bytes);
        stream_.expires_after(deadline);
        const auto [read_ec, bytes] = co_await http::async_read_header(stream_, buffer_, parser, no_throw);
        if (read_ec) co_return co_await complain(read_ec);
        request asked = parser.release();
        // A body is never read. It must not be taken for the next request, whatever the answer to this one: a page of a
        // stranger can write into a body what it may not say in a header, such as a Host of ours (HS7).
        const bool has_body =
            parser.content_length().value_or(0) != 0 || asked.count(http::field::transfer_encoding) != 0;
        if (has_body) asked.keep_alive(false);
        stream_.expires_after(limits::answer_deadline);
        if (const std::optional<answer> refusal = refuse_ambiguous(asked)) {
            asked.keep_alive(false);
            co_return co_await write(asked, *refusal);
        }
        if (!is_own_host(field(asked, http::field::host), shared_.origins)) {
            co_return co_await write(asked,
                                     text_answer(403, "This server does not answer to that host name; see --host.\n"));
        }
        if (has_body)
            co_return co_await write(asked, text_answer(413, "Requests with a body are not accepted here.\n"));
        const std::string path = decode_path(target_of(asked));
        if (ticket_.is_spare() && path != "/healthz" && path != "/metrics") co_return co_await send_away(asked);
        if (path == socket_path) co_return co_await upgrade(asked);
        answer reply = co_await answer_to(asked);
        co_return co_await write(asked, std::move(reply));
    }

    // There are as many connections as there may be, here or from that address.
    awaitable<bool> send_away(request asked)
    {
        asked.keep_alive(false);
        answer told = text_answer(503, "There are too many connections at the moment: come back later.\n");
        told.fields.emplace_back("Retry-After", std::to_string(limits::come_back.count()));
        co_return co_await write(asked, std::move(told));
    }

    static std::string_view target_of(const request& asked) { return {asked.target().data(), asked.target().size()}; }

    // Who is asked, and by whom, must be said once: of two fields a proxy may have checked the one that is not read
    // here (RFC 9112 §3.2).
    static std::optional<answer> refuse_ambiguous(const request& asked)
    {
        if (asked.count(http::field::host) != 1) return text_answer(400, "A request names one Host.\n");
        for (const http::field once : {http::field::origin, http::field::sec_websocket_key,
                                       http::field::sec_websocket_version, http::field::upgrade}) {
            if (asked.count(once) > 1) {
                return text_answer(400, fmt::format("A request has one {}.\n", std::string_view{to_string(once)}));
            }
        }
        return {};
    }

    // Bytes that are no request get an answer, silence and a broken connection do not.
    awaitable<bool> complain(boost::system::error_code ec)
    {
        if (ec == http::error::end_of_stream ||
            ec.category() != http::make_error_code(http::error::bad_method).category()) {
            co_return false;
        }
        stream_.expires_after(limits::answer_deadline);
        const bool large = ec == http::error::header_limit || ec == http::error::buffer_overflow;
        request nothing;
        nothing.keep_alive(false);
        answer reply = large ? text_answer(431, "The header is too large.\n")
                             : text_answer(400, "This is not an HTTP request that this server understands.\n");
        co_await write(nothing, std::move(reply));
        co_return false;
    }

    awaitable<answer> answer_to(const request& asked)
    {
        if (asked.method() != http::verb::get && asked.method() != http::verb::head) {
            answer refusal = text_answer(405, "Only GET and HEAD are answered here.\n");
            refusal.fields.emplace_back("Allow", "GET, HEAD");
            co_return refusal;
        }
        const std::string path = decode_path(target_of(asked));
        if (path == "/healthz") co_return co_await ask(worker_.health, had_.health);
        if (path == "/metrics") co_return co_await ask(worker_.metrics, had_.metrics);
        if (path == "/api/workspaces") co_return co_await ask(worker_.workspaces, had_.workspaces);
        if (path.empty() || path == "/api" || path.starts_with("/api/")) {
            co_return text_answer(404, "There is nothing here.\n");
        }
        co_return shared_.files.serve({.path = path,
                                       .host = field(asked, http::field::host),
                                       .accept_encoding = field(asked, http::field::accept_encoding),
                                       .if_none_match = field(asked, http::field::if_none_match)});
    }

    // `had` is this connection's, and lives as long.
    static awaitable<answer> ask(shared_answer& of, std::uint64_t& had)
    {
        // A named lambda: compilers have mistreated capturing temporaries in co_await expressions.
        auto wait = [&of, &had](auto handler) {
            const auto kept = std::make_shared<decltype(handler)>(std::move(handler));
            of.ask(
                [kept, &of, &had](const answer& it) {
                    had = of.number();
                    (*kept)(it);
                },
                had);
        };
        co_return co_await boost::asio::async_initiate<const use_awaitable, void(answer)>(wait, use_awaitable{});
    }

    awaitable<bool> write(const request& asked, answer reply)
    {
        const auto status = static_cast<http::status>(reply.status);
        http::response<http::span_body<const char>> out{status, asked.version()};
        for (const auto& [name, value] : reply.fields) out.set(name, value);
        add_security_fields(out);
        out.keep_alive(asked.keep_alive() && !ticket_.is_spare() && !shared_.stopping.load(std::memory_order_relaxed));
        if (reply.status != 304) out.content_length(reply.body->size());
        const bool goes_on = out.keep_alive();
        boost::system::error_code ec;
        if (asked.method() == http::verb::head || reply.status == 304) {
            http::response<http::empty_body> head{std::move(out.base())};
            std::tie(ec, std::ignore) = co_await http::async_write(stream_, head, no_throw);
        } else {
            out.body() = {reply.body->data(), reply.body->size()};
            std::tie(ec, std::ignore) = co_await http::async_write(stream_, out, no_throw);
        }
        co_return !ec && goes_on;
    }

    awaitable<bool> upgrade(const request& asked)
    {
        const auto accepted = accept_upgrade({.connection = field(asked, http::field::connection),
                                              .upgrade = field(asked, http::field::upgrade),
                                              .key = field(asked, http::field::sec_websocket_key),
                                              .version = field(asked, http::field::sec_websocket_version),
                                              .protocols = field(asked, http::field::sec_websocket_protocol),
                                              .host = field(asked, http::field::host),
                                              .origin = field(asked, http::field::origin)},
                                             shared_.origins);
        if (!accepted || asked.method() != http::verb::get) {
            const upgrade_refusal why = accepted ? upgrade_refusal{405, "Only GET can be upgraded."} : accepted.error();
            answer refusal = text_answer(why.status, std::string{why.reason} + "\n");
            if (why.status == 426) {
                refusal.fields.emplace_back("Upgrade", "websocket");
                refusal.fields.emplace_back("Sec-WebSocket-Version", "13");
            }
            if (why.status == 405) refusal.fields.emplace_back("Allow", "GET");
            co_return co_await write(asked, std::move(refusal));
        }
        boost::system::error_code gone;
        boost::asio::ip::address from = stream_.socket().remote_endpoint(gone).address();
        if (gone) co_return false;
        if (is_trusted(from, shared_.proxies)) {
            const std::string list = all_lines(asked, "X-Forwarded-For");
            const std::string pairs = all_lines(asked, http::field::forwarded);
            const auto told = forwarded_address({.x_forwarded_for = list, .forwarded = pairs}, shared_.proxies);
            if (!told) {
                co_return co_await write(asked,
                                         text_answer(400, "X-Forwarded-For and Forwarded tell different addresses.\n"));
            }
            from = told->value_or(from);
            if (*told && !co_await is_admitted(from)) co_return co_await send_away(asked);
        }
        const auto [ec, bytes] = co_await boost::asio::async_write(stream_, boost::asio::buffer(*accepted), no_throw);
        if (ec) co_return false;
        hand_over(asked, from);
        co_return false;
    }

    template <typename Name>
    static std::string all_lines(const request& asked, Name name)
    {
        std::string joined;
        const auto [begin, end] = asked.equal_range(name);
        for (auto it = begin; it != end; ++it) {
            if (!joined.empty()) joined += ',';
            joined += std::string_view{it->value().data(), it->value().size()};
        }
        return joined;
    }

    // Counts this connection for the address that a proxy tells, on the accepting thread.
    awaitable<bool> is_admitted(boost::asio::ip::address from)
    {
        using result = std::optional<admission::ticket>;
        auto count = [this, from](auto handler) {
            const auto kept = std::make_shared<decltype(handler)>(std::move(handler));
            shared_.count_for(std::move(ticket_), from, [this, kept](result counted) {
                boost::asio::post(worker_.hub.context(),
                                  [kept, counted = std::move(counted)]() mutable { (*kept)(std::move(counted)); });
            });
        };
        result counted =
            co_await boost::asio::async_initiate<const use_awaitable, void(result)>(count, use_awaitable{});
        if (!counted) co_return false;
        ticket_ = std::move(*counted);
        co_return true;
    }

    // From here on the socket is the hub's; nothing of Beast stays with it.
    void hand_over(const request& asked, const boost::asio::ip::address& from)
    {
        tcp_socket socket = stream_.release_socket();
        const boost::asio::const_buffer early = buffer_.data();
        worker_.hub.adopt(
            std::move(socket),
            {.address = from.to_string(), .user_agent = std::string{field(asked, http::field::user_agent)}},
            std::move(ticket_), {static_cast<const char*>(early.data()), early.size()});
    }

    stream stream_;
    beast::flat_buffer buffer_;
    admission::ticket ticket_;
    http_worker worker_;
    http_shared& shared_;
    // The newest of each shared answer that this connection was given.
    struct {
        std::uint64_t health = 0;
        std::uint64_t metrics = 0;
        std::uint64_t workspaces = 0;
    } had_;
};

}  // namespace

void serve_http(tcp_socket socket, admission::ticket ticket, const http_worker& worker, http_shared& shared)
{
    const auto on = worker.hub.context().get_executor();
    auto session = std::make_unique<http_session>(std::move(socket), std::move(ticket), worker, shared);
    awaitable<void> running = session->run();
    boost::asio::co_spawn(on, std::move(running), [kept = std::move(session)](const std::exception_ptr& failure) {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& it) {
            log::error("http_session_failed", {{"reason", it.what()}});
        }
    });
}

}  // namespace okra::net
