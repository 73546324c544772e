#include "tools/admin/replay.hpp"

#include <fmt/format.h>

#include "protocol/document/name.hpp"

namespace okra::admin {

result<document::committed_change, refusal> record_parser::change(std::string_view json)
{
    return decoder_.decode_change(padded(json));
}

result<std::vector<document::entity>, refusal> record_parser::entities(const document::document_schema& schema,
                                                                       std::string_view json)
{
    return decoder_.decode_entities(schema, padded(json));
}

// The parser works in place and reads beyond the end.
std::span<char> record_parser::padded(std::string_view json)
{
    buffer_.reserve(json.size() + wire::decoder::padding);
    buffer_.assign(json);
    return {buffer_.data(), buffer_.size()};
}

result<document::document, std::string> replay(const storage::log& log, std::string_view name, record_parser& parser,
                                               const replay_options& how)
{
    using outcome = result<document::document, std::string>;
    const auto parsed = document::parse_name(name);
    if (!parsed) return outcome{boost::system::in_place_error, "this is not the name of a document"};
    document::document it{*parsed->schema};
    std::string problem;
    const auto read = log.read(name, {}, [&](revision at, std::string_view record) {
        if (how.until && at > *how.until) return false;
        const auto change = parser.change(record);
        if (!change) {
            problem = fmt::format("revision {} cannot be parsed: {}", at.value, change.error().message);
            return false;
        }
        if (const auto applied = it.replay(*change); !applied) {
            problem = fmt::format("revision {} cannot be applied: {} ({})", at.value, applied.error().message,
                                  name_of(applied.error().code));
            return false;
        }
        if (how.observe) how.observe(it, *change);
        return true;
    });
    if (!read) problem = read.error().message;
    if (problem.empty() && how.until && it.head() < *how.until) {
        problem = fmt::format("there is no revision {}; the last is {}", how.until->value, it.head().value);
    }
    if (!problem.empty()) return outcome{boost::system::in_place_error, problem};
    return it;
}

}  // namespace okra::admin
