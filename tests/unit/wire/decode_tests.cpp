// What golden messages cannot say well: limits with long inputs, and what a decoded message holds.
#include <array>
#include <cmath>

#include <catch2/catch_test_macros.hpp>

#include "protocol/document/schema.hpp"
#include "protocol/wire/json_text.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra::wire_tests {
namespace {

using namespace document;

auto decode(std::string_view text)
{
    wire::decoder decoder;
    padded_text padded{text};
    return decoder.decode_client(padded.span());
}

std::string change_of(std::string_view ops)
{
    return R"({"type":"change","document":"acme/workspace","seq":5,"base":17,"ops":[)" + std::string{ops} + "]}";
}

std::string repeated(std::size_t count, std::string_view what)
{
    std::string out;
    for (std::size_t index = 0; index < count; ++index) {
        if (index != 0) out += ',';
        out += what;
    }
    return out;
}

// The ops of a change that is good.
std::vector<operation> ops_of(std::string_view ops)
{
    const auto decoded = decode(change_of(ops));
    REQUIRE(decoded.has_value());
    return std::get<wire::change>(*decoded).what.ops;
}

void require_refused(std::string_view text, refusal_code code)
{
    const auto decoded = decode(text);
    REQUIRE_FALSE(decoded.has_value());
    CHECK(name_of(decoded.error().why.code) == name_of(code));
}

}  // namespace

TEST_CASE("[CH1] a change is decoded into what its client meant", "[wire]")
{
    const auto decoded =
        decode(R"({"type":"change","document":"acme/plan/t/c","seq":5,"base":17,"ops":[)"
               R"({"op":"edit","id":"kr1","field":"title","edit":[12,"a",{"d":3}]},)"
               R"({"op":"create","id":"kr2","kind":"key_result","parent":"o1","after":null,"fields":{"done":true}},)"
               R"({"op":"move","id":"kr2","parent":"o2","after":"kr9"}]})");

    REQUIRE(decoded.has_value());
    const auto& it = std::get<wire::change>(*decoded);
    CHECK(it.document == "acme/plan/t/c");
    CHECK(it.what.client.empty());
    CHECK(it.what.seq == sequence{5});
    CHECK(it.what.base == revision{17});
    REQUIRE(it.what.ops.size() == 3);
    CHECK(it.what.ops[0] == operation{edit_op{"kr1", "title", {text_skip{12}, text_insert{"a"}, text_delete{3}}}});
    CHECK(it.what.ops[1] == operation{create_op{"kr2", "key_result", "o1", place_first{}, {{"done", true}}, ""}});
    CHECK(it.what.ops[2] == operation{move_op{"kr2", "o2", entity_id{"kr9"}, ""}});
}

TEST_CASE("[OP7][OP2] what only the server may give is ignored in a client's ops", "[wire]")
{
    const auto ops =
        ops_of(R"({"op":"create","id":"a","kind":"team","parent":"b","position":"zz"},)"
               R"({"op":"move","id":"a","parent":"b","position":[]},)"
               R"({"op":"set","id":"a","field":"f","value":1,"over":{"value":2,"client":"c","revision":3}})");

    CHECK(std::get<create_op>(ops[0]).position.empty());
    CHECK(std::get<move_op>(ops[1]).position.empty());
    CHECK_FALSE(std::get<set_op>(ops[2]).over.has_value());
}

TEST_CASE("[OP2][OP8] a client may say what it had seen", "[wire]")
{
    const auto ops =
        ops_of(R"({"op":"set","id":"a","field":"f","value":1,"seen":3},{"op":"remove","id":"a","seen":0})");

    CHECK(ops[0] == operation{set_op{"a", "f", 1.0, {}, revision{3}}});
    CHECK(ops[1] == operation{remove_op{"a", revision{0}}});
}

TEST_CASE("[OP1] a missing `after` means last, null means first", "[wire]")
{
    const auto ops = ops_of(R"({"op":"move","id":"a","parent":"b"},{"op":"move","id":"a","parent":"b","after":null})");

    CHECK(std::holds_alternative<place_last>(std::get<move_op>(ops[0]).after));
    CHECK(std::holds_alternative<place_first>(std::get<move_op>(ops[1]).after));
}

TEST_CASE("[OP14] escapes become the characters they stand for", "[wire]")
{
    const auto ops =
        ops_of(R"({"op":"set","id":"a","field":"f","value":"\"\\\/\b\f\n\r\t\u0041\u00e9\u4e2d\ud83d\ude42\u007f"})");

    CHECK(std::get<set_op>(ops[0]).value == register_value{"\"\\/\b\f\n\r\tAé中🙂\x7f"});
}

TEST_CASE("[OP14] minus zero is zero", "[wire]")
{
    const auto ops = ops_of(R"({"op":"set","id":"a","field":"f","value":-0.0})");

    CHECK_FALSE(std::signbit(std::get<double>(std::get<set_op>(ops[0]).value)));
}

TEST_CASE("[ER6] a change may have as many ops as the limit says, and not one more", "[wire]")
{
    const std::string_view op = R"({"op":"remove","id":"a"})";
    CHECK(ops_of(repeated(limits::ops_per_change, op)).size() == limits::ops_per_change);

    const auto refused = decode(change_of(repeated(limits::ops_per_change + 1, op)));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().why.code == refusal_code::too_many_ops);
    CHECK_FALSE(refused.error().why.op_index.has_value());
    CHECK(refused.error().document == "acme/workspace");
    CHECK(refused.error().seq == sequence{5});
}

TEST_CASE("[ER6] a set may have as many members as the limit says, and not one more", "[wire]")
{
    const auto create = [](std::size_t members) {
        return R"({"op":"create","id":"a","kind":"team","parent":"b","fields":{"f":[)" + repeated(members, R"("p")") +
               "]}}";
    };
    CHECK(ops_of(create(limits::set_members)).size() == 1);
    require_refused(change_of(create(limits::set_members + 1)), refusal_code::too_many_members);
}

TEST_CASE("[ER1] nesting without end is refused without recursing into it", "[wire]")
{
    const std::size_t deep = 200'000;
    const std::string brackets = std::string(deep, '[') + std::string(deep, ']');
    require_refused(R"({"type":"ping","x":)" + brackets + "}", refusal_code::too_deep);
    require_refused(change_of(brackets), refusal_code::too_deep);
    require_refused(std::string(deep, '['), refusal_code::malformed);
    require_refused(R"({"type":"ping","x":)" + std::string(deep, '['), refusal_code::malformed);

    std::string objects = R"({"type":"ping")";
    for (std::size_t level = 0; level < deep; ++level) objects += R"(,"x":{"y":1)";
    require_refused(objects + std::string(deep + 1, '}'), refusal_code::too_deep);
}

TEST_CASE("[OP12] ids and references keep to their lengths", "[wire]")
{
    const auto remove = [](std::size_t length) {
        return R"({"op":"remove","id":")" + std::string(length, 'x') + "\"}";
    };
    CHECK(ops_of(remove(limits::id_length)).size() == 1);
    require_refused(change_of(remove(limits::id_length + 1)), refusal_code::invalid_value);

    const auto include = [](std::size_t length) {
        return R"({"op":"include","id":"a","field":"f","value":")" + std::string(length, '/') + "\"}";
    };
    CHECK(ops_of(include(limits::reference_length)).size() == 1);
    require_refused(change_of(include(limits::reference_length + 1)), refusal_code::invalid_value);
}

TEST_CASE("[HS2] one decoder reads long and short messages in turn, after failures too", "[wire]")
{
    wire::decoder decoder;
    const std::string long_text =
        change_of(R"({"op":"edit","id":"a","field":"f","edit":[")" + std::string(500'000, 'x') + "\"]}");
    for (int round = 0; round < 3; ++round) {
        for (const std::string_view text : {std::string_view{long_text}, std::string_view{R"({"type":"ping"})"}}) {
            padded_text good{text};
            CHECK(decoder.decode_client(good.span()).has_value());
            padded_text bad{text.substr(0, text.size() - 2)};
            CHECK_FALSE(decoder.decode_client(bad.span()).has_value());
        }
    }
}

TEST_CASE("[CM1] a client that does not know an op says so", "[wire]")
{
    wire::decoder decoder;
    padded_text text{R"({"type":"commit","document":"acme/workspace","revision":3,)"
                     R"("changes":[{"client":"a","seq":5,"at":1,"ops":[{"op":"paint","id":"x"}]}]})"};
    const auto decoded = decoder.decode_server(text.span());

    REQUIRE_FALSE(decoded.has_value());
    CHECK(decoded.error().why.code == refusal_code::unknown_op);
}

TEST_CASE("[OP14] numbers follow JSON's grammar to the letter", "[wire]")
{
    for (const std::string_view good :
         {"0", "-0", "1", "-12", "10.5", "0.0", "1e5", "1E+5", "1e-05", "-1.25e3", "123456789"}) {
        CAPTURE(good);
        CHECK(wire::is_json_number(good));
    }
    for (const std::string_view bad : {"", "-", "+1", "01", "-01", ".5", "5.", "1e", "1e+", "1.e5", "0x1", "1 ", " 1",
                                       "NaN", "inf", "1_0", "1.5.5", "--1"}) {
        CAPTURE(bad);
        CHECK_FALSE(wire::is_json_number(bad));
    }
    CHECK(wire::value_of_number("0.1") == 0.1);
    CHECK(wire::value_of_number("9007199254740993") == 9007199254740992.0);
    CHECK_FALSE(wire::value_of_number("1e400").has_value());
    CHECK_FALSE(wire::value_of_number("-1e400").has_value());
}

TEST_CASE("[OP14] the worst fault of a string is told", "[wire]")
{
    using wire::string_fault;
    struct row {
        std::string_view inside;
        string_fault fault;
        std::string_view text;
    };
    static constexpr std::array rows{
        row{"", string_fault::none, ""},
        row{"plain", string_fault::none, "plain"},
        row{R"(a\u00e9b)", string_fault::none, "aéb"},
        row{R"(\uD83D\uDE42)", string_fault::none, "🙂"},
        row{R"(\ud83d)", string_fault::lone_surrogate, "\uFFFD"},
        row{R"(\ud83d\n)", string_fault::lone_surrogate, "\uFFFD\n"},
        row{R"(\ude42\ud83d)", string_fault::lone_surrogate, "\uFFFD\uFFFD"},
        row{R"(\ud83d\ud83d\ude42)", string_fault::lone_surrogate, "\uFFFD🙂"},
    };
    for (const row& it : rows) {
        CAPTURE(it.inside);
        std::string text;
        CHECK(wire::append_unescaped(text, it.inside) == it.fault);
        CHECK(text == it.text);
    }
    for (const std::string_view bad : {"\\", "\\x", "\\u", "\\u12", "\\u12g4", "\\u-123", "\\ud83d\\u", "\\u+123"}) {
        CAPTURE(bad);
        std::string text;
        CHECK(wire::append_unescaped(text, bad) == string_fault::not_json);
    }
    std::string text;
    CHECK(wire::append_unescaped(text, R"(\u0000\ud83d)") == string_fault::lone_surrogate);
}

}  // namespace okra::wire_tests
