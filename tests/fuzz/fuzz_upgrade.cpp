// Bytes from a stranger on the server's port: the real HTTP session on a socket, and behind an upgrade the real
// WebSocket connection, until the peer has said everything. The same bytes also go to what a client reads after its own
// request.
//
// Whatever comes, the answers are HTTP with no header but ours, files are those of the web client's folder, and what
// follows an upgrade are frames.
#include <array>
#include <fstream>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/post.hpp>

#include "protocol/wire/websocket.hpp"
#include "server/net/connection_hub.hpp"
#include "server/net/http_session.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/client/upgrade.hpp"

namespace okra::fuzz {

namespace {

constexpr std::string_view secret = "<secret>";
constexpr std::string_view script = "console.log(1)";
constexpr std::string_view metrics = "okra_test 1\n";
constexpr std::string_view workspaces = R"([{"id":"acme","name":"Acme"}])";

// Says every message back.
class echo_session final : public runtime::client_session {
public:
    explicit echo_session(runtime::transport& peer) : peer_{peer} {}

    void on_message(std::span<char> message) override
    {
        wire::append_frame(said_, wire::frame_opcode::text, {message.data(), message.size()});
        peer_.wake();
    }
    void on_violation(std::string_view code, std::string_view message) override
    {
        require(code == "hostile" || code == "too_large", "a violation that SPEC does not know");
        wire::append_frame(said_, wire::frame_opcode::text, message);
        peer_.wake();
    }
    void on_overload(std::string_view) override { require(false, "one connection is too much"); }
    void on_closed() override { require(!std::exchange(closed_, true), "closed twice"); }
    void gather(std::vector<boost::asio::const_buffer>& out, std::size_t) override
    {
        require(writing_.empty() && !closed_, "gather out of turn");
        writing_ = std::exchange(said_, {});
        if (!writing_.empty()) out.emplace_back(writing_.data(), writing_.size());
    }
    void written() override { writing_.clear(); }
    void on_sweep(std::int64_t) override {}

private:
    runtime::transport& peer_;
    std::string said_;
    std::string writing_;
    bool closed_ = false;
};

class echo_gateway final : public runtime::gateway {
public:
    std::unique_ptr<runtime::client_session> connect(runtime::transport& peer, runtime::connection_facts) override
    {
        return std::make_unique<echo_session>(peer);
    }
    void probe(std::function<void(bool, std::string)> done) override { done(true, {}); }
    void list_workspaces(std::function<void(std::string)> done) override { done(std::string{workspaces}); }
};

net::site built_site()
{
    const test::temporary_folder folder;
    const auto write = [&](const std::filesystem::path& name, std::string_view content) {
        std::filesystem::create_directories((folder.path() / name).parent_path());
        std::ofstream{folder.path() / name} << content;
    };
    write("secret.txt", secret);
    write("index.html", secret);
    write("web/index.html", "<page nonce=\"__CSP_NONCE__\">");
    write("web/okra.svg", "<svg/>");
    write("web/assets/main-1a2b.js", script);
    write("web/assets/main-1a2b.js.br", "brotli");
    write("web/assets/main-1a2b.js.gz", "gzip");
    return *net::site::load(folder.path() / "web");
}

// What all inputs share.
struct server_side {
    boost::asio::io_context context{1};
    echo_gateway gateway;
    net::connection_hub hub{
        context, gateway, {.message_bytes_max = 2000, .messages = {.per_second = 1e9, .burst = 1e9}}};
    // Nobody waits here for time to pass.
    const net::shared_answer::waiter wait = [this](auto, auto task) { boost::asio::post(context, std::move(task)); };
    net::shared_answer health{[](const auto& done) { done(net::text_answer(200, "ok\n")); }, wait};
    net::shared_answer figures{[](const auto& done) { done(net::text_answer(200, std::string{metrics})); }, wait};
    net::shared_answer list{[](const auto& done) { done(net::text_answer(200, std::string{workspaces})); }, wait};
    net::http_worker worker{.hub = hub, .health = health, .metrics = figures, .workspaces = list};
    net::http_shared shared{.files = built_site(),
                            .origins = {.allowed = {"https://okra.example.com"}},
                            .header_deadline = net::limits::header_deadline};
};

server_side& the_server()
{
    static server_side it;
    return it;
}

// Everything that has come; false: nothing has, and nothing more will.
bool read_more(int from, std::string& into)
{
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
    return count != 0;
}

// Sends all bytes and hears the server out.
std::string conversation(std::string_view bytes)
{
    server_side& server = the_server();
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "a pair of sockets");
    const int ours = ends[0];
    net::tcp_socket theirs{server.context};
    theirs.assign(boost::asio::ip::tcp::v4(), ends[1]);

    server.context.restart();
    net::serve_http(std::move(theirs), {}, server.worker, server.shared);
    std::string heard;
    bool said_all = false;
    while (true) {
        if (!bytes.empty()) {
            const ssize_t sent = ::send(ours, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && errno == EPIPE) bytes = {};  // the server does not want to hear more
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        if (bytes.empty() && !std::exchange(said_all, true)) ::shutdown(ours, SHUT_WR);
        server.context.poll();
        if (!read_more(ours, heard)) break;
    }
    server.context.poll();
    ::close(ours);
    require(server.context.stopped(), "a connection is over when both sides have ended it");
    const net::traffic& figures = server.hub.figures();
    require(figures.connections_opened == figures.connections_closed, "every WebSocket is closed in the end");
    return heard;
}

std::string_view line_from(std::string_view& text)
{
    const std::size_t end = text.find("\r\n");
    require(end != std::string_view::npos, "a header line ends");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    return line;
}

struct head {
    unsigned status = 0;
    std::size_t content_length = 0;
};

bool is_ours(std::string_view name)
{
    static constexpr std::array<std::string_view, 22> names{"Allow",
                                                            "Cache-Control",
                                                            "Connection",
                                                            "Content-Encoding",
                                                            "Content-Length",
                                                            "Content-Security-Policy",
                                                            "Content-Type",
                                                            "Cross-Origin-Embedder-Policy",
                                                            "Cross-Origin-Opener-Policy",
                                                            "Cross-Origin-Resource-Policy",
                                                            "ETag",
                                                            "Permissions-Policy",
                                                            "Referrer-Policy",
                                                            "Sec-WebSocket-Accept",
                                                            "Sec-WebSocket-Protocol",
                                                            "Sec-WebSocket-Version",
                                                            "Upgrade",
                                                            "Vary",
                                                            "X-Content-Type-Options",
                                                            "X-Frame-Options"};
    return std::ranges::find(names, name) != names.end();
}

head head_from(std::string_view& text)
{
    static constexpr std::array<unsigned, 10> statuses{101, 200, 304, 400, 403, 404, 405, 413, 426, 431};
    const std::string_view first = line_from(text);
    require(first.starts_with("HTTP/1.1 ") || first.starts_with("HTTP/1.0 "), "a status line");
    head it;
    for (const char digit : first.substr(9, 3)) it.status = it.status * 10 + static_cast<unsigned>(digit - '0');
    require(std::ranges::find(statuses, it.status) != statuses.end(), "a status that is not ours");
    while (true) {
        const std::string_view line = line_from(text);
        if (line.empty()) return it;
        const std::size_t colon = line.find(": ");
        require(colon != std::string_view::npos, "a header line has a name");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = line.substr(colon + 2);
        require(is_ours(name), "a header that is not ours");
        require(std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }),
                "a header's value is one line of text");
        if (name == "Content-Length") it.content_length = std::stoul(std::string{value});
    }
}

void check_body(const head& it, std::string_view body)
{
    static constexpr std::array<std::string_view, 8> bodies{script,   metrics, workspaces, "<svg/>",
                                                            "brotli", "gzip",  "ok\n",     ""};
    const bool is_page = body.starts_with("<page nonce=\"") && body.ends_with("\">");
    const bool is_file = is_page || std::ranges::find(bodies, body) != bodies.end();
    require(is_file == (it.status == 200 || it.status == 304), "what is found is a file of ours");
    require(is_file || body.ends_with(".\n"), "a refusal is a sentence");
}

// Whether the first request announces a body.
bool announces_body(std::string_view bytes)
{
    const std::string_view first = bytes.substr(0, std::min(bytes.find("\r\n\r\n"), bytes.size()));
    for (std::size_t at = first.find("\r\n"); at != std::string_view::npos; at = first.find("\r\n", at + 2)) {
        const std::string_view line = first.substr(at + 2, first.find("\r\n", at + 2) - at - 2);
        if (boost::istarts_with(line, "transfer-encoding:")) return true;
        if (boost::istarts_with(line, "content-length:") && line.find_first_of("123456789") != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

void check_answers(std::string_view heard, std::size_t answers_max)
{
    require(heard.find(secret) == std::string_view::npos, "a file outside of the web client's folder");
    for (std::size_t answers = 1; !heard.empty(); ++answers) {
        require(answers <= answers_max, "a body is taken for a request");
        const head it = head_from(heard);
        if (it.status == 101) {
            padded_text frames{heard};
            wire::frame_reader reader{wire::frame_reader::role::client, 4000};
            reader.feed(frames.span());
            while (true) {
                const auto event = reader.next();
                if (std::holds_alternative<wire::frame_reader::need_more>(event)) break;
                require(!std::holds_alternative<wire::frame_violation>(event), "what follows an upgrade are frames");
            }
            return;
        }
        // An answer to HEAD tells the length of what it leaves out.
        if (it.content_length > heard.size() || heard.starts_with("HTTP/1.")) continue;
        check_body(it, heard.substr(0, it.content_length));
        heard.remove_prefix(it.content_length);
    }
}

// An answer is the same however much of what follows it has come.
void check_client(std::string_view bytes)
{
    const client::upgrade_answer whole = client::parse_upgrade_response(bytes);
    const auto* accepted = std::get_if<client::upgrade_accepted>(&whole);
    require(accepted == nullptr || accepted->bytes <= bytes.size(), "an answer ends within what has come");
    for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 16) {
        const client::upgrade_answer part = client::parse_upgrade_response(bytes.substr(0, size));
        if (const auto* early = std::get_if<client::upgrade_accepted>(&part)) {
            require(accepted != nullptr && accepted->bytes == early->bytes, "an answer does not change");
        }
    }
    if (const auto it = client::parse_url(bytes)) {
        require(!it->host.empty() && it->path.starts_with('/'), "a url's parts");
        static_cast<void>(client::upgrade_request(*it));
    }
}

}  // namespace

}  // namespace okra::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = okra::fuzz::as_text(data, size);
    okra::fuzz::check_client(bytes);
    const std::size_t answers_max = okra::fuzz::announces_body(bytes) ? 1 : bytes.size();
    okra::fuzz::check_answers(okra::fuzz::conversation(bytes), answers_max);
    return 0;
}
