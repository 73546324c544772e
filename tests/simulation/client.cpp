#include "tests/simulation/client.hpp"

#include <fmt/format.h>

#include "protocol/wire/encode.hpp"
#include "tools/client/pending.hpp"

namespace okra::simulation {

namespace {

std::string text(const document::entity_id& id, const document::figures& it)
{
    std::string json;
    wire::encode(json, wire::derived{.document = {}, .at = {}, .figures = {{id, it}}});
    return json;
}

}  // namespace

std::size_t times_in_note(const document::document& plan, std::string_view mark)
{
    const std::string note = client::text_of(plan, "plan", "note");
    std::size_t times = 0;
    for (auto at = note.find(mark); at != std::string::npos; at = note.find(mark, at + mark.size())) ++times;
    return times;
}

void check_figures(const std::string& document, const document::figure_table& expected,
                   const document::figure_table& have, std::string_view by)
{
    for (const auto& [id, figures] : expected) {
        const auto found = have.find(id);
        if (found == have.end() || !(found->second == figures)) {
            throw broken_promise{fmt::format("{}: {} has other figures of {}: {}, not {}", document, by, id,
                                             found == have.end() ? "none" : text(id, found->second),
                                             text(id, figures))};
        }
    }
    if (have.size() != expected.size()) {
        throw broken_promise{
            fmt::format("{}: {} has figures of {} things, not of {}", document, by, have.size(), expected.size())};
    }
}

}  // namespace okra::simulation
