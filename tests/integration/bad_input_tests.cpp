// What a broken or hostile client may send: each has its rule and code, the connection lives on unless it is hostile,
// and no other client notices.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include "tests/integration/live_server.hpp"

namespace okra::test {

namespace {

using namespace std::string_literals;
using code = refusal_code;

struct bad_op {
    std::string op;
    code expected;
};

std::string set_weight(const std::string& value)
{
    return R"({"op":"set","id":"o1","field":"weight","value":)" + value + "}";
}

std::string create(const std::string& rest)
{
    return R"({"op":"create",)" + rest + "}";
}

const std::vector<bad_op>& bad_ops()
{
    static const std::vector<bad_op> all{
        {R"({"op":"explode","id":"o1"})", code::unknown_op},
        {set_weight("true"), code::wrong_type},
        {set_weight("\"0.5\""), code::wrong_type},
        {set_weight("1.5"), code::out_of_range},
        {set_weight("1e16"), code::out_of_range},
        {set_weight("1e400"), code::out_of_range},
        {R"({"op":"set","id":"o1","field":"no_such","value":1})", code::unknown_field},
        {R"({"op":"set","id":"o1","field":"commitment","value":"maybe"})", code::invalid_value},
        {R"({"op":"set","id":"nobody","field":"weight","value":0.5})", code::entity_missing},
        {R"({"op":"set","id":"o1","field":"owner","value":"no such person!"})", code::invalid_value},
        {R"({"op":"edit","id":"o1","field":"title","edit":["\ud800"]})", code::invalid_unicode},
        {R"({"op":"edit","id":"o1","field":"title","edit":["\u0000"]})", code::invalid_value},
        {R"({"op":"edit","id":"o1","field":"title","edit":[")" + std::string(501, 'x') + R"("]})", code::text_too_long},
        {R"({"op":"edit","id":"o1","field":"weight","edit":["x"]})", code::wrong_type},
        {create(R"("id":"o1","kind":"objective","parent":"plan")"), code::id_exists},
        {create(R"("id":"o2","kind":"objective","parent":"nobody")"), code::parent_missing},
        {create(R"("id":"o2","kind":"objective","parent":"o1")"), code::parent_forbidden},
        {create(R"("id":"o2","kind":"wish","parent":"plan")"), code::unknown_kind},
        {create(R"("id":"a b","kind":"objective","parent":"plan")"), code::invalid_value},
        {R"({"op":"move","id":"c1","parent":"c2","after":null})", code::cycle},
        {R"({"op":"move","id":"o1","parent":"k1","after":null})", code::cycle},
        {R"({"op":"move","id":"k1","parent":"plan","after":null})", code::parent_forbidden},
        {R"({"op":"add","id":"o1","field":"votes","by":1.5})", code::wrong_type},
    };
    return all;
}

// Two objectives' worth of things for the table above to be wrong about.
void furnish(okra_client& author)
{
    static_cast<void>(author.open(plan));
    author.change(plan, 1, 0,
                  std::string{create_first} + "," + create(R"("id":"k1","kind":"key_result","parent":"o1")") + "," +
                      create(R"("id":"c1","kind":"comment","parent":"o1")") + "," +
                      create(R"("id":"c2","kind":"comment","parent":"c1")"));
    static_cast<void>(author.next_of<wire::commit>());
}

// A message that is refused, on a connection that lives on.
struct bad_message {
    std::string text;
    code expected;
};

const std::vector<bad_message>& bad_messages()
{
    static const std::vector<bad_message> all{
        {"", code::malformed},
        {"hello", code::malformed},
        {"[]", code::malformed},
        {"null", code::malformed},
        {"{", code::malformed},
        {"{}", code::unknown_message},
        {R"({"type":"ping")", code::malformed},
        {R"({"type":"ping"} {})", code::malformed},
        {R"({"type":7})", code::unknown_message},
        {R"({"type":"dance"})", code::unknown_message},
        {R"({"type":"open"})", code::malformed},
        {R"({"type":"open","document":7})", code::malformed},
        {"{\"type\":\"ping\",\"x\":\"\xff\xfe\"}", code::invalid_unicode},
        {"{\"type\":\"ping\",\"x\":\"\xed\xa0\x80\"}", code::invalid_unicode},  // a surrogate, encoded
        {"{\"type\":\"ping\",\"x\":\"\xc0\xaf\"}", code::invalid_unicode},      // longer than it must be
        {R"({"type":"open","document":"acme/workspace","x":)" + std::string(100, '[') + std::string(100, ']') + "}",
         code::too_deep},
    };
    return all;
}

std::size_t open_descriptors(pid_t process)
{
    const std::filesystem::directory_iterator all{fmt::format("/proc/{}/fd", process)};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

TEST_CASE("[OP1] [OP6] [OP10] [OP12] [OP13] [OP14] each bad op has its code, and the next good one is committed",
          "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    okra_client bystander{server.port(), "c2"};
    furnish(author);
    static_cast<void>(bystander.open(plan));

    std::uint64_t seq = 1;
    for (const bad_op& it : bad_ops()) {
        CAPTURE(it.op);
        author.change(plan, ++seq, 1, it.op);
        const auto refused = author.next_of<wire::refused>();
        CHECK(name_of(refused.why.code) == name_of(it.expected));
        CHECK(refused.seq == sequence{seq});
        CHECK(refused.final);
    }
    author.change(plan, ++seq, 1, set_weight("0.5"));
    CHECK(author.next_of<wire::commit>().last == revision{2});
    while (bystander.next_of<wire::commit>().last != revision{2}) continue;
}

TEST_CASE("[ER1] each message that is none has its code, and the connection lives on", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    for (const bad_message& it : bad_messages()) {
        CAPTURE(it.text);
        client.send(it.text);
        CHECK(name_of(client.next_refusal()) == name_of(it.expected));
    }
    CHECK(client.is_alive());
}

TEST_CASE("[OP14] [ER1] numbers that JSON does not have make a message that is none, which uses nothing up",
          "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    furnish(author);
    for (const char* number : {"NaN", "Infinity", "-Infinity", "0x10", "1.", "01", "+1", "--1"}) {
        CAPTURE(number);
        author.change(plan, 2, 1, set_weight(number));
        const auto refused = author.next_of<wire::refused>();
        CHECK(name_of(refused.why.code) == name_of(code::malformed));
    }
    CHECK(author.is_alive());
}

TEST_CASE("[ER2] more than 20 of them end the connection", "[integration]")
{
    const live_server server;
    okra_client bystander{server.port(), "c2"};
    okra_client client{server.port(), "c1"};
    for (int count = 0; count < 21; ++count) client.send("nonsense");
    const auto bye = client.next_of<wire::bye>();
    CHECK(bye.code == "hostile");
    CHECK_FALSE(bye.again);
    CHECK_FALSE(client.next());
    CHECK(client.socket().close_code() == 4102);
    CHECK(bystander.is_alive());
}

TEST_CASE("[ER4] a change without a required member uses up its seq", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    author.send(fmt::format(R"({{"type":"change","document":"{}","seq":1,"ops":[]}})", plan));
    const auto refused = author.next_of<wire::refused>();
    CHECK(refused.why.code == code::malformed);
    CHECK(refused.final);
    author.change(plan, 2, 0, create_first);
    CHECK(author.next_of<wire::commit>().last == revision{1});
}

TEST_CASE("[ER6] too many ops in a change are refused", "[integration]")
{
    const live_server server;
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    std::string ops = create_first;
    for (int count = 0; count < 1000; ++count) ops += "," + set_weight("0.5");
    author.change(plan, 1, 0, ops);
    CHECK(author.next_refusal() == code::too_many_ops);
}

TEST_CASE("[ER2] [ER3] what breaks the framing ends the connection with its reason, and no other client notices",
          "[integration]")
{
    std::string large;
    wire::append_masked_frame(large, wire::frame_opcode::text, std::string((1 << 20) + 1, 'x'), 1);
    std::string binary;
    wire::append_masked_frame(binary, wire::frame_opcode::binary, "\x01\x02", 1);
    std::string ping;
    wire::append_masked_frame(ping, wire::frame_opcode::ping, std::string(126, 'x'), 1);
    const auto [bytes, reason, close] = GENERATE_COPY(table<std::string, std::string, std::uint16_t>({
        {large, "too_large", 1009},
        {"\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s + "1234", "too_large", 1009},
        {binary, "hostile", 4102},
        {"\x81\x02{}"s, "hostile", 4102},
        {"\xF1\x82"s + "1234{}", "hostile", 4102},
        {"\x80\x82"s + "1234{}", "hostile", 4102},
        {ping, "hostile", 4102},
    }));
    const live_server server;
    okra_client bystander{server.port(), "c2"};
    okra_client client{server.port(), "c1"};
    client.socket().send_bytes(bytes);
    const auto bye = client.next_of<wire::bye>();
    CHECK(bye.code == reason);
    CHECK_FALSE(bye.again);
    CHECK_FALSE(client.next());
    CHECK(client.socket().close_code() == close);
    CHECK(bystander.is_alive());
}

TEST_CASE("[HS2] a message of exactly the limit is handled", "[integration]")
{
    const live_server server;
    okra_client client{server.port(), "c1"};
    std::string message = R"({"type":"ping","x":"")";
    message.insert(message.size() - 1, (1 << 20) - message.size() - 1, 'x');
    message += "}";
    REQUIRE(message.size() == 1 << 20);
    client.send(message);
    CHECK_NOTHROW(client.next_of<wire::pong>());
}

TEST_CASE("half-open connections of every kind do not disturb others", "[integration]")
{
    const live_server server;
    tcp_client silent{server.port()};
    tcp_client half_header{server.port()};
    half_header.send("GET /api/socket HTTP/1.1\r\nHos");
    websocket_client no_hello{server.port()};
    okra_client half_message{server.port(), "c1"};
    static_cast<void>(half_message.open(plan));
    std::string frame;
    wire::append_masked_frame(frame, wire::frame_opcode::text, R"({"type":"ping"})", 1);
    half_message.socket().send_bytes(std::string_view{frame}.substr(0, 9));

    okra_client author{server.port(), "c2"};
    static_cast<void>(author.open(plan));
    author.change(plan, 1, 0, create_first);
    CHECK(author.next_of<wire::commit>().last == revision{1});
    CHECK(half_message.next_of<wire::commit>().last == revision{1});
    half_message.socket().send_bytes(std::string_view{frame}.substr(9));
    static_cast<void>(half_message.next_of<wire::pong>());

    okra_client torn{server.port(), "c3"};
    static_cast<void>(torn.open(plan));
    torn.socket().tcp().reset();
    author.change(plan, 2, 1, set_weight("0.5"));
    CHECK(author.next_of<wire::commit>().last == revision{2});
}

TEST_CASE("a server without file descriptors left serves who is connected, and others when somebody leaves",
          "[integration]")
{
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
    SKIP("the sanitizer opens descriptors of its own, and takes having none for damage");
#endif
#endif
    live_server server;
    okra_client author{server.port(), "c1"};
    static_cast<void>(author.open(plan));
    constexpr std::size_t free_descriptors = 2;
    const std::size_t limit = open_descriptors(server.process().id()) + free_descriptors;
    const rlimit descriptors{.rlim_cur = limit, .rlim_max = limit};
    REQUIRE(::prlimit(server.process().id(), RLIMIT_NOFILE, &descriptors, nullptr) == 0);

    std::vector<std::unique_ptr<websocket_client>> connected;
    for (std::size_t index = 0; index < free_descriptors; ++index) {
        connected.push_back(std::make_unique<websocket_client>(server.port()));
    }
    tcp_client waiting{server.port()};  // by the system; the server cannot take it
    waiting.send(upgrade_request(server.port()));
    author.change(plan, 1, 0, create_first);
    CHECK(author.next_of<wire::commit>().last == revision{1});
    connected.clear();
    CHECK_THAT(waiting.read(), Catch::Matchers::StartsWith("HTTP/1.1 101"));
}

TEST_CASE("a client that floods is slowed down, others are not", "[integration]")
{
    const live_server server{{"--threads", "1", "--messages-per-second", "1000"}};
    okra_client flooder{server.port(), "c1"};
    okra_client quiet{server.port(), "c2"};
    std::string bytes;
    for (int count = 0; count < 3000; ++count) {
        wire::append_masked_frame(bytes, wire::frame_opcode::text, R"({"type":"ping"})", 1);
    }
    flooder.socket().send_bytes(bytes);
    CHECK(quiet.is_alive());
    for (int count = 0; count < 3000; ++count) static_cast<void>(flooder.next_of<wire::pong>());
}

}  // namespace okra::test
