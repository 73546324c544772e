#include "tests/support/frame_proxy.hpp"

#include <array>
#include <stdexcept>
#include <thread>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "protocol/wire/decode.hpp"
#include "protocol/wire/websocket.hpp"

namespace okra::test {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::size_t message_bytes_max = 64 << 20;

using secure_stream = asio::ssl::stream<tcp::socket>;

tcp::socket& socket_of(tcp::socket& it)
{
    return it;
}

tcp::socket& socket_of(secure_stream& it)
{
    return it.next_layer();
}

// One client and its connection to the server. Either direction's end ends both.
template <typename Stream>
struct passage {
    Stream client;
    tcp::socket server;
    std::size_t number;
    const server_fault& fault;

    void end()
    {
        boost::system::error_code ignored;
        socket_of(client).close(ignored);
        server.close(ignored);
    }
};

template <typename Stream>
awaitable<void> pass_up(std::shared_ptr<passage<Stream>> it)
{
    std::array<char, read_bytes> buffer;
    while (true) {
        const auto size = co_await it->client.async_read_some(asio::buffer(buffer), use_awaitable);
        co_await asio::async_write(it->server, asio::buffer(buffer.data(), size), use_awaitable);
    }
}

// The answer to the upgrade, and what came with it.
template <typename Stream>
awaitable<std::string> pass_upgrade(std::shared_ptr<passage<Stream>> it)
{
    std::string answer;
    std::array<char, read_bytes> buffer;
    auto end = std::string::npos;
    while ((end = answer.find("\r\n\r\n")) == std::string::npos) {
        const auto size = co_await it->server.async_read_some(asio::buffer(buffer), use_awaitable);
        answer.append(buffer.data(), size);
    }
    co_await asio::async_write(it->client, asio::buffer(answer.data(), end + 4), use_awaitable);
    co_return answer.substr(end + 4);
}

// What is to be sent instead of what the reader has.
std::string changed(wire::frame_reader& from, std::size_t number, const server_fault& fault)
{
    using reader = wire::frame_reader;
    std::string out;
    while (true) {
        const auto event = from.next();
        if (const auto* message = std::get_if<reader::message>(&event)) {
            for (const auto& text : fault(number, {message->text.data(), message->text.size()})) {
                wire::append_frame(out, wire::frame_opcode::text, text);
            }
        } else if (const auto* ping = std::get_if<reader::ping>(&event)) {
            wire::append_frame(out, wire::frame_opcode::ping, ping->payload);
        } else if (const auto* closing = std::get_if<reader::closing>(&event)) {
            wire::append_close_frame(out, closing->code, closing->reason);
            return out;
        } else if (std::holds_alternative<wire::frame_violation>(event)) {
            throw std::runtime_error{"the server broke the rules"};
        } else if (std::holds_alternative<reader::need_more>(event)) {
            return out;
        }
    }
}

template <typename Stream>
awaitable<void> pass_down(std::shared_ptr<passage<Stream>> it)
{
    wire::frame_reader reader{wire::frame_reader::role::client, message_bytes_max};
    std::string bytes = co_await pass_upgrade(it);
    while (true) {
        const auto size = bytes.size();
        bytes.resize(size + wire::decoder::padding);
        reader.feed(std::span{bytes}.first(size));
        const auto out = changed(reader, it->number, it->fault);
        co_await asio::async_write(it->client, asio::buffer(out), use_awaitable);
        bytes.resize(read_bytes);
        bytes.resize(co_await it->server.async_read_some(asio::buffer(bytes), use_awaitable));
    }
}

template <typename Stream>
void pass(std::shared_ptr<passage<Stream>> it)
{
    const auto on = it->server.get_executor();
    const auto end = [it](const std::exception_ptr&) { it->end(); };
    asio::co_spawn(on, pass_up(it), end);
    asio::co_spawn(on, pass_down(it), end);
}

std::string pem_of(const std::function<int(BIO*)>& write)
{
    BIO* const memory = BIO_new(BIO_s_mem());
    if (write(memory) != 1) throw std::runtime_error{"cannot write PEM"};
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(memory, &bytes);
    std::string out{bytes, static_cast<std::size_t>(size)};
    BIO_free(memory);
    return out;
}

}  // namespace

certificate make_certificate()
{
    constexpr long day = 24L * 60 * 60;
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const it = X509_new();
    X509_set_version(it, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(it), 1);
    X509_gmtime_adj(X509_getm_notBefore(it), -day);
    X509_gmtime_adj(X509_getm_notAfter(it), day);
    X509_set_pubkey(it, key);
    X509_NAME* const name = X509_get_subject_name(it);
    const std::string common = "localhost";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common.data()),
                               static_cast<int>(common.size()), -1, 0);
    X509_set_issuer_name(it, name);
    X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(it, names, -1);
    X509_EXTENSION_free(names);
    if (X509_sign(it, key, EVP_sha256()) == 0) throw std::runtime_error{"cannot sign a certificate"};
    certificate out{
        .pem = pem_of([&](BIO* to) { return PEM_write_bio_X509(to, it); }),
        .key_pem =
            pem_of([&](BIO* to) { return PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr); }),
    };
    X509_free(it);
    EVP_PKEY_free(key);
    return out;
}

struct frame_proxy::state {
    asio::io_context context{1};
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    tcp::endpoint server;
    server_fault fault;
    std::optional<asio::ssl::context> tls;
    std::size_t connections = 0;
    std::thread thread;

    awaitable<void> serve(tcp::socket from)
    {
        tcp::socket to{context};
        const auto number = connections++;
        co_await to.async_connect(server, use_awaitable);
        if (!tls) {
            pass(std::make_shared<passage<tcp::socket>>(std::move(from), std::move(to), number, fault));
            co_return;
        }
        secure_stream secured{std::move(from), *tls};
        co_await secured.async_handshake(asio::ssl::stream_base::server, use_awaitable);
        pass(std::make_shared<passage<secure_stream>>(std::move(secured), std::move(to), number, fault));
    }

    awaitable<void> accept()
    {
        while (true) {
            auto from = co_await acceptor.async_accept(use_awaitable);
            asio::co_spawn(context, serve(std::move(from)), asio::detached);
        }
    }
};

frame_proxy::frame_proxy(std::uint16_t server_port, server_fault fault, std::optional<certificate> secured_by)
    : state_{std::make_unique<state>()}
{
    state_->server = {asio::ip::address_v4::loopback(), server_port};
    state_->fault = std::move(fault);
    if (secured_by) {
        state_->tls.emplace(asio::ssl::context::tls_server);
        state_->tls->use_certificate(asio::buffer(secured_by->pem), asio::ssl::context::pem);
        state_->tls->use_private_key(asio::buffer(secured_by->key_pem), asio::ssl::context::pem);
    }
    asio::co_spawn(state_->context, state_->accept(), asio::detached);
    state_->thread = std::thread{[it = state_.get()] { it->context.run(); }};
}

frame_proxy::~frame_proxy()
{
    state_->context.stop();
    state_->thread.join();
}

std::uint16_t frame_proxy::port() const
{
    return state_->acceptor.local_endpoint().port();
}

}  // namespace okra::test
