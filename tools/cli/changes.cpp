#include "tools/cli/changes.hpp"

#include <map>

#include <fmt/format.h>
#include <simdjson.h>

#include "protocol/wire/decode.hpp"
#include "tools/client/identity.hpp"

namespace okra::cli {

namespace {

namespace dom = simdjson::dom;

bool is_name_character(char it)
{
    return (it >= 'a' && it <= 'z') || (it >= 'A' && it <= 'Z') || (it >= '0' && it <= '9') || it == '_';
}

// Works on the text: between quotes "$name" can be nothing else, and a "$" anywhere else in a string is left alone.
std::string with_fresh_ids(std::string_view json)
{
    std::map<std::string, std::string, std::less<>> ids;
    std::string out;
    while (true) {
        const auto begin = json.find("\"$");
        out += json.substr(0, begin);
        if (begin == std::string_view::npos) return out;
        json.remove_prefix(begin);
        std::size_t end = 2;
        while (end < json.size() && is_name_character(json[end])) ++end;
        const bool is_symbol = end > 2 && end < json.size() && json[end] == '"' && (json[2] < '0' || json[2] > '9');
        if (is_symbol) {
            auto [entry, added] = ids.try_emplace(std::string{json.substr(2, end - 2)});
            if (added) entry->second = client::fresh_id();
            out += '"' + entry->second + '"';
            json.remove_prefix(end + 1);
        } else {
            out += json.substr(0, 2);
            json.remove_prefix(2);
        }
    }
}

// The wire's own decoder reads the operations, so a file can say what a client can say and nothing else.
result<client::op_list, client::failure> decode_ops(std::string_view ops)
{
    std::string message = fmt::format(R"({{"type":"change","document":"a/workspace","seq":1,"base":0,"ops":{}}})", ops);
    message.reserve(message.size() + wire::decoder::padding);
    wire::decoder decoder;
    auto decoded = decoder.decode_client(message);
    if (!decoded) {
        const auto& why = decoded.error().why;
        return client::failure{fmt::format("{}: {} [rule {}]", name_of(why.code), why.message, rule_of(why.code))};
    }
    return std::move(std::get<wire::change>(*decoded).what.ops);
}

}  // namespace

result<std::vector<client::op_list>, client::failure> parse_changes(std::string_view json)
{
    const auto text = with_fresh_ids(json);
    dom::parser parser;
    dom::array list;
    if (parser.parse(text).get(list) != simdjson::SUCCESS) return client::failure{"the file is not a JSON array"};

    std::vector<client::op_list> out;
    const bool is_one_change = list.size() > 0 && list.at(0)["op"].error() == simdjson::SUCCESS;
    if (is_one_change) {
        auto ops = decode_ops(text);
        if (!ops) return ops.error();
        out.push_back(std::move(*ops));
        return out;
    }
    for (const auto change : list) {
        dom::element ops;
        if (change["ops"].get(ops) != simdjson::SUCCESS) return client::failure{"a change has no \"ops\""};
        auto decoded = decode_ops(simdjson::minify(ops));
        if (!decoded) return decoded.error();
        out.push_back(std::move(*decoded));
    }
    return out;
}

}  // namespace okra::cli
