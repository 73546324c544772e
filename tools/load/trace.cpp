#include "tools/load/trace.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <zlib.h>

#include <simdjson.h>

namespace okra::load {

namespace {

namespace dom = simdjson::dom;
using document::text_edit;

// [position, deleted, inserted]; a patch applies to what the one before it in
// the step has left.
std::optional<text_edit> parse_patch(const dom::element& patch)
{
    std::uint64_t position = 0;
    std::uint64_t deleted = 0;
    std::string_view inserted;
    if (patch.at(0).get(position) != simdjson::SUCCESS || patch.at(1).get(deleted) != simdjson::SUCCESS ||
        patch.at(2).get(inserted) != simdjson::SUCCESS) {
        return {};
    }
    return document::normalise(
        {document::text_skip{position}, document::text_delete{deleted}, document::text_insert{std::string{inserted}}});
}

std::optional<text_edit> parse_patches(const dom::element& step)
{
    dom::array patches;
    if (step["patches"].get(patches) != simdjson::SUCCESS) return {};
    text_edit whole;
    for (const auto patch : patches) {
        const auto edit = parse_patch(patch);
        if (!edit) return {};
        whole = document::compose(whole, *edit);
    }
    return whole;
}

std::uint64_t number_or(const dom::element& object, const char* key, std::uint64_t otherwise)
{
    std::uint64_t out = otherwise;
    if (object[key].get(out) != simdjson::SUCCESS) return otherwise;
    return out;
}

std::string text_or_empty(const dom::element& object, const char* key)
{
    std::string_view out;
    if (object[key].get(out) != simdjson::SUCCESS) return {};
    return std::string{out};
}

}  // namespace

result<trace, client::failure> parse_trace(std::string_view json)
{
    dom::parser parser;
    dom::element root;
    dom::array steps;
    if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS ||
        root["txns"].get(steps) != simdjson::SUCCESS) {
        return client::failure{"this is not an editing trace: no \"txns\""};
    }
    trace out{text_or_empty(root, "startContent"), text_or_empty(root, "endContent"), {}};
    const auto authors = number_or(root, "numAgents", 1);
    if (authors == 0 || authors > trace_authors_max)
        return client::failure{"only traces of one or two authors can be replayed"};
    out.authors.resize(authors);

    std::vector<step_counts> seen_after;  // what each step's author has seen once
                                          // it is written, in the file's order
    for (const auto step : steps) {
        const auto author = number_or(step, "agent", 0);
        auto edit = parse_patches(step);
        if (!edit || author >= authors) return client::failure{"a step of the trace is malformed"};
        step_counts seen{};
        dom::array parents;
        if (step["parents"].get(parents) == simdjson::SUCCESS) {
            for (const auto parent : parents) {
                std::uint64_t index = 0;
                if (parent.get(index) != simdjson::SUCCESS || index >= seen_after.size()) {
                    return client::failure{"a step of the trace has no such parent"};
                }
                for (std::size_t of = 0; of < authors; ++of) seen[of] = std::max(seen[of], seen_after[index][of]);
            }
        }
        auto& own = out.authors[author];
        seen[author] = own.size();
        own.push_back({std::move(*edit), seen});
        ++seen[author];
        seen_after.push_back(seen);
    }
    return out;
}

result<std::string, client::failure> read_file(const std::string& path)
{
    constexpr int standard_input = 0;
    const gzFile file = path == "-" ? gzdopen(standard_input, "rb") : gzopen(path.c_str(), "rb");
    if (file == nullptr) return client::failure{"cannot open " + path};
    std::string out;
    std::array<char, 64 * 1024> block;
    int got = 0;
    while ((got = gzread(file, block.data(), block.size())) > 0)
        out.append(block.data(), static_cast<std::size_t>(got));
    gzclose(file);
    if (got < 0) return client::failure{"cannot read " + path};
    return result<std::string, client::failure>{boost::system::in_place_value, std::move(out)};
}

trace_author::trace_author(const trace& history, client::replica& replica, options facts)
    : steps_{history.authors[facts.index]}, replica_{replica}, options_{std::move(facts)}
{
}

void trace_author::on_event(const client::event& it)
{
    if (const auto* remote = std::get_if<client::remote_edit>(&it)) {
        if (remote->by != options_.others_client || remote->what.field != options_.field) return;
        arrived_ = remote->seq.value;
        unseen_.push_back({remote->what.edit, arrived_});
    } else if (std::holds_alternative<client::drafted>(it)) {
        ++refused_;
    }
}

bool trace_author::write_if_ready()
{
    if (is_done() || !replica_.is_live() || replica_.has_pending()) return false;
    const auto& step = steps_[next_];
    const auto seen = step.seen[1 - options_.index];
    if (arrived_ < seen) return false;
    while (!unseen_.empty() && unseen_.front().step <= seen) unseen_.pop_front();

    auto edit = step.edit;
    const auto side = document::side_of(options_.own_client, options_.others_client);
    for (auto& it : unseen_) {
        auto moved = document::transform(edit, it.edit, side);
        it.edit = document::transform(it.edit, edit, document::opposite(side));
        edit = std::move(moved);
    }
    ++next_;
    return replica_.submit({document::edit_op{options_.entity, options_.field, std::move(edit)}}).has_value();
}

}  // namespace okra::load
