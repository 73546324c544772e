// The ceiling: a broadcaster that keeps Okra's promise (nothing is sent before it is synced) and understands nothing.
// It speaks as much of the wire as okra-load needs, written as Beast's documentation suggests: one async_write for each
// frame, a queue in each session. All of it runs on one thread but the committer.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>
#include <simdjson.h>

#include "tools/bench/ceiling/committer.hpp"

namespace okra::ceiling {

using frame = std::shared_ptr<const std::string>;

class server;

class session : public std::enable_shared_from_this<session> {
public:
    session(boost::asio::ip::tcp::socket socket, server& of);

    void run();
    void send(frame it);

    std::string client;
    std::string document;  // empty: none is open

private:
    void read();
    void write();
    void gone();

    boost::beast::websocket::stream<boost::beast::tcp_stream> socket_;
    server& server_;
    boost::beast::flat_buffer received_;
    boost::beast::http::request<boost::beast::http::string_body> upgrade_;
    std::deque<frame> queue_;
};

class server {
public:
    // Listens on 127.0.0.1; port 0 takes a free one.
    server(std::uint16_t port, const std::string& folder);
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    void run() { loop_.run(); }

    void on_message(session& from, std::string_view message);
    void on_gone(session& it);

private:
    struct room {
        std::string document;
        std::uint32_t number = 0;
        std::uint64_t accepted = 0;   // revisions given out
        std::uint64_t committed = 0;  // revisions on disk
        std::unordered_set<session*> sessions;
    };

    void accept();
    [[nodiscard]] room& room_of(const std::string& document);
    void open(session& from, const std::string& document);
    void broadcast(const std::vector<record>& batch);

    boost::asio::io_context loop_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    simdjson::ondemand::parser parser_;
    std::unordered_map<std::string, room*> rooms_by_name_;
    std::vector<std::unique_ptr<room>> rooms_;
    committer committer_;  // last: it calls the others until it is gone
};

}  // namespace okra::ceiling
