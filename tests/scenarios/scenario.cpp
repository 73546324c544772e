#include "tests/scenarios/scenario.hpp"

#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "protocol/document/invariants.hpp"
#include "protocol/wire/encode.hpp"

namespace okra::scenarios {

namespace {

using simdjson::dom::element;

// 2026-09-21: the calendar of the scenarios' changes (OP15), which are all about days before.
constexpr std::int64_t committed_at_ms = 1'790'000'000'000;

const document::document_schema& schema_of(const element& json)
{
    const auto* schema = document::find_schema(json["document"]);
    if (schema == nullptr) throw std::runtime_error{"a scenario of an unknown document"};
    return *schema;
}

document::day_number day(const element& json)
{
    const auto parsed = document::parse_date(json);
    if (!parsed) throw std::runtime_error{"a scenario's context holds no date"};
    return *parsed;
}

document::derive_context context_of(const element& json)
{
    document::derive_context context;
    context.today = day(json["today"]);
    context.cycle_start = day(json["cycle_start"]);
    context.cycle_end = day(json["cycle_end"]);
    return context;
}

template <typename Parsed>
std::string minified(const Parsed& json)
{
    std::ostringstream out;
    out << simdjson::minify(json);
    return out.str();
}

}  // namespace

std::string canonical(element json)
{
    std::string out;
    if (json.is_array()) {
        for (const element each : simdjson::dom::array{json}) out += (out.empty() ? "" : ",") + canonical(each);
        return '[' + out + ']';
    }
    if (json.is_object()) {
        std::map<std::string_view, std::string> members;
        for (const auto [name, value] : simdjson::dom::object{json}) members.emplace(name, canonical(value));
        for (const auto& [name, value] : members) {
            out += (out.empty() ? "\"" : ",\"") + std::string{name} + "\":" + value;
        }
        return '{' + out + '}';
    }
    // 1 and 1.0 are one number.
    if (json.is_number()) return std::to_string(double{json});
    return minified(json);
}

scenario::scenario(const std::filesystem::path& file)
    : json_{parser_.load(file.string())},
      document_{schema_of(json_)},
      replica_{schema_of(json_)},
      context_{context_of(json_["context"])}
{
}

std::vector<std::string> scenario::differences()
{
    static_cast<void>(keeper_.reset(document_, context_));
    for (const element step : simdjson::dom::array{json_["steps"]}) run_step(step);

    std::string entities;
    wire::encode_entities(entities, document_.in_tree_order(), false);
    expect("entities", canonical(json_["entities"]), canonical(answer_parser_.parse(entities)));
    // Another implementation than these two has computed it.
    const auto hash = fmt::format("{:016x}", document_.hash());
    expect("hash", std::string{std::string_view{json_["hash"]}}, hash);
    expect("hash of a replica", hash, fmt::format("{:016x}", replica_.hash()));
    std::string replayed;
    wire::encode_entities(replayed, replica_.in_tree_order(), true);
    std::string stamped;
    wire::encode_entities(stamped, document_.in_tree_order(), true);
    expect("entities of a replica", stamped, replayed);

    wire::derived figures{"w/plan/t/c", {}, {}};
    for (const auto& [id, row] : keeper_.table()) figures.figures.emplace_back(id, row);
    std::string derived;
    wire::encode(derived, wire::server_message{std::move(figures)});
    expect("derived", canonical(json_["derived"]), canonical(answer_parser_.parse(derived)["derived"]));
    return std::exchange(differences_, {});
}

void scenario::run_step(element step)
{
    const document::change change = decode_change(step["change"]);
    const std::string what = change.client + "'s change " + std::to_string(change.seq.value);
    const auto outcome = document_.accept(change, committed_at_ms);
    for (const std::string& broken : document::broken_invariants(document_))
        differences_.push_back(what + ": " + broken);

    std::string_view refused;
    if (step["refused"].get(refused) == simdjson::SUCCESS) {
        expect(what, std::string{refused}, outcome ? "committed" : std::string{name_of(outcome.error().code)});
        return;
    }
    if (!outcome) {
        differences_.push_back(what + " is refused: " + outcome.error().message);
        return;
    }
    expect(what, canonical(step["commits"]["ops"]), effective(outcome->ops));
    static_cast<void>(keeper_.update(document_, outcome->ops));
    if (const auto replayed = replica_.replay(*outcome); !replayed) {
        differences_.push_back(what + " is not replayed: " + replayed.error().message);
    }
}

void scenario::expect(std::string what, std::string expected, std::string actual)
{
    if (expected == actual) return;
    differences_.push_back(std::move(what) + "\n  expected " + std::move(expected) + "\n  got      " +
                           std::move(actual));
}

document::change scenario::decode_change(element json)
{
    std::string message = R"({"type":"change","document":"w/plan/t/c",)" + minified(json).substr(1);
    const std::size_t size = message.size();
    message.resize(size + wire::decoder::padding);
    auto decoded = decoder_.decode_client({message.data(), size});
    if (!decoded) throw std::runtime_error{"a scenario's change is not one: " + decoded.error().why.message};
    document::change change = std::get<wire::change>(*std::move(decoded)).what;
    change.client = std::string_view{json["client"]};
    return change;
}

std::string scenario::effective(const std::vector<document::operation>& ops)
{
    std::string encoded;
    wire::encode_operations(encoded, ops);
    return canonical(answer_parser_.parse(encoded));
}

}  // namespace okra::scenarios
