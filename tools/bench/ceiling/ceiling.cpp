#include "tools/bench/ceiling/ceiling.hpp"

#include <chrono>
#include <map>

#include <boost/asio/post.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

namespace okra::ceiling {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

// ---- session ----

session::session(asio::ip::tcp::socket socket, server& of) : socket_{std::move(socket)}, server_{of} {}

void session::run()
{
    beast::get_lowest_layer(socket_).socket().set_option(asio::ip::tcp::no_delay{true});
    socket_.set_option(beast::websocket::stream_base::decorator([](beast::websocket::response_type& answer) {
        answer.set(beast::http::field::sec_websocket_protocol, "okra.v1");
    }));
    auto& stream = beast::get_lowest_layer(socket_);
    beast::http::async_read(stream, received_, upgrade_, [self = shared_from_this()](error_code ec, std::size_t) {
        if (ec) return;
        self->socket_.async_accept(self->upgrade_, [self](error_code accepted) {
            if (accepted) return;
            self->upgrade_ = {};
            self->received_ = {};
            self->read();
        });
    });
}

void session::read()
{
    socket_.async_read(received_, [self = shared_from_this()](error_code ec, std::size_t bytes) {
        if (ec) return self->gone();
        self->received_.reserve(bytes + simdjson::SIMDJSON_PADDING);
        const auto data = self->received_.cdata();
        self->server_.on_message(*self, {static_cast<const char*>(data.data()), data.size()});
        self->received_.consume(bytes);
        self->read();
    });
}

void session::send(frame it)
{
    queue_.push_back(std::move(it));
    if (queue_.size() == 1) write();
}

void session::write()
{
    socket_.text(true);
    socket_.async_write(asio::buffer(*queue_.front()), [self = shared_from_this()](error_code ec, std::size_t) {
        if (ec) return self->gone();
        self->queue_.pop_front();
        if (!self->queue_.empty()) self->write();
    });
}

void session::gone()
{
    server_.on_gone(*this);
}

// ---- server ----

server::server(std::uint16_t port, const std::string& folder)
    : acceptor_{loop_, {asio::ip::address_v4::loopback(), port}},
      committer_{folder, [this](std::vector<record> batch) {
                     asio::post(loop_, [this, done = std::move(batch)] { broadcast(done); });
                 }}
{
    accept();
}

void server::accept()
{
    acceptor_.async_accept([this](error_code ec, asio::ip::tcp::socket socket) {
        if (!ec) std::make_shared<session>(std::move(socket), *this)->run();
        accept();
    });
}

server::room& server::room_of(const std::string& document)
{
    const auto [entry, added] = rooms_by_name_.try_emplace(document, nullptr);
    if (added) {
        rooms_.push_back(std::make_unique<room>());
        entry->second = rooms_.back().get();
        entry->second->document = document;
        entry->second->number = static_cast<std::uint32_t>(rooms_.size() - 1);
    }
    return *entry->second;
}

void server::on_gone(session& it)
{
    if (!it.document.empty()) room_of(it.document).sessions.erase(&it);
}

void server::open(session& from, const std::string& document)
{
    on_gone(from);
    from.document = document;
    auto& in = room_of(document);
    in.sessions.insert(&from);
    from.send(std::make_shared<const std::string>(fmt::format(
        R"({{"type":"opened","document":"{}","epoch":"ceiling","revision":{},"mode":"snapshot","parts":0,"recovered":false,)"
        R"("seq":0,"outcome":null,"people":[],"you":1}})",
        document, in.committed)));
}

// Reads no more of a message than it must: an op is opaque.
void server::on_message(session& from, std::string_view message)
{
    auto parsed = parser_.iterate(message.data(), message.size(), message.size() + simdjson::SIMDJSON_PADDING);
    std::string_view type;
    if (parsed["type"].get(type) != simdjson::SUCCESS) return;
    if (type == "hello") {
        std::string_view client;
        if (parsed["client"].get(client) != simdjson::SUCCESS) return;
        from.client = client;
        from.send(std::make_shared<const std::string>(
            R"({"type":"welcome","protocol":1,"session":1,"server":"ceiling","epoch":"ceiling","heartbeat_ms":20000})"));
    } else if (type == "open") {
        std::string_view document;
        if (parsed["document"].get(document) == simdjson::SUCCESS) open(from, std::string{document});
    } else if (type == "ping") {
        from.send(std::make_shared<const std::string>(R"({"type":"pong"})"));
    } else if (type == "change" && !from.document.empty()) {
        std::uint64_t seq = 0;
        simdjson::ondemand::array array;
        std::string_view ops;
        if (parsed["seq"].get(seq) != simdjson::SUCCESS || parsed["ops"].get(array) != simdjson::SUCCESS ||
            array.raw_json().get(ops) != simdjson::SUCCESS) {
            return;
        }
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        auto& in = room_of(from.document);
        std::vector<record> one;
        one.push_back({in.number, ++in.accepted,
                       fmt::format(R"({{"client":"{}","seq":{},"at":{},"ops":{}}})", from.client, seq,
                                   std::chrono::duration_cast<std::chrono::milliseconds>(now).count(), ops)});
        committer_.submit(std::move(one));
    }
}

// One frame for each room, with all that the commit holds for it.
void server::broadcast(const std::vector<record>& batch)
{
    std::map<std::uint32_t, std::string> changes;
    for (const auto& it : batch) {
        auto& out = changes[it.room];
        if (!out.empty()) out += ',';
        out += it.bytes;
        rooms_[it.room]->committed = it.revision;
    }
    for (const auto& [number, bytes] : changes) {
        const auto& in = *rooms_[number];
        const auto whole = std::make_shared<const std::string>(fmt::format(
            R"({{"type":"commit","document":"{}","revision":{},"changes":[{}]}})", in.document, in.committed, bytes));
        for (auto* it : in.sessions) it->send(whole);
    }
}

}  // namespace okra::ceiling
