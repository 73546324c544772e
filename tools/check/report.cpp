#include "tools/check/report.hpp"

#include <string_view>

#include <fmt/format.h>

#include "protocol/base/printable.hpp"
#include "protocol/wire/json_writer.hpp"

namespace okra::check {

namespace {

struct named_quantile {
    std::string_view name;
    double part;
};
constexpr named_quantile quantiles[]{{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}, {"max", 1.0}};

double milliseconds(std::int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / 1e6;
}

std::string latency_text(const load::histogram& it)
{
    if (it.count() == 0) return "nothing was measured";
    std::string out;
    for (const auto& [name, part] : quantiles) {
        out += fmt::format("{} {:.1f}  ", name, milliseconds(it.quantile(part)));
    }
    return out + "ms";
}

std::string latency_json(const load::histogram& it)
{
    std::string out = fmt::format(R"({{"count":{})", it.count());
    for (const auto& [name, part] : quantiles) {
        out += fmt::format(R"(,"{}":{:.3f})", name, milliseconds(it.quantile(part)));
    }
    return out + "}";
}

std::string_view name_of(verdict it)
{
    switch (it) {
        case verdict::sound:
            return "sound";
        case verdict::broken:
            return "broken";
        case verdict::unchecked:
            return "unchecked";
    }
    return {};
}

std::string_view state_of(const finding& it)
{
    if (it.broken != 0) return "BROKEN";
    return it.kept != 0 ? "kept" : "-";
}

std::string text(std::string_view it)
{
    std::string out;
    wire::append_string(out, it);
    return printable(out);
}

std::string promise_text(promise which, const finding& it)
{
    std::string out = fmt::format("  {:<7} {:<72} ", state_of(it), in_words(which));
    if (it.broken != 0) {
        out += fmt::format("{} broken, {} kept\n", it.broken, it.kept);
    } else {
        out += it.kept == 0 ? "not checked\n" : fmt::format("{} {}\n", it.kept, unit_of(which));
    }
    for (const auto& example : it.examples) out += fmt::format("          {}\n", printable(example));
    return out;
}

std::string promise_json(promise which, const finding& it)
{
    std::string out =
        fmt::format(R"({{"name":"{}","kept":{},"broken":{},"examples":[)", name_of(which), it.kept, it.broken);
    for (const auto& example : it.examples) {
        if (&example != &it.examples.front()) out += ',';
        out += text(example);
    }
    return out + "]}";
}

std::string verdict_text(const report& it)
{
    switch (verdict_of(it)) {
        case verdict::sound:
            return "SOUND: every promise is kept.";
        case verdict::broken:
            return it.stopped.empty()
                       ? "BROKEN: at least one promise is not kept."
                       : "BROKEN: at least one promise is not kept. The check did not come to its end: " +
                             printable(it.stopped);
        case verdict::unchecked:
            return "UNCHECKED: " + printable(it.stopped);
    }
    return {};
}

}  // namespace

verdict verdict_of(const report& it)
{
    if (it.found.any_broken()) return verdict::broken;
    return it.stopped.empty() ? verdict::sound : verdict::unchecked;
}

int exit_code_of(verdict it)
{
    return static_cast<int>(it);
}

std::string as_text(const report& it, const std::string& url)
{
    std::string out =
        fmt::format("{} ({}), plan {}\n", url, it.server.empty() ? "no answer" : printable(it.server), it.document);
    if (!it.server.empty()) {
        out += fmt::format(
            "{} clients, {:.1f} s: {} changes sent, {} revisions; {} connections cut, {} changes sent twice, {} "
            "refused "
            "as conflicts\n",
            it.clients, it.seconds, it.changes, it.revisions, it.cuts, it.sent_twice, it.refused);
        if (it.losses != 0) out += fmt::format("{} connections were lost, not by us, and came back\n", it.losses);
        out += '\n';
        for (std::size_t index = 0; index < promise_count; ++index) {
            const auto which = static_cast<promise>(index);
            out += promise_text(which, it.found.of(which));
        }
        out += fmt::format("\n  edit to durable            {}\n  edit to seen by each other {}\n\n",
                           latency_text(it.to_durable), latency_text(it.to_seen));
        if (!it.is_clean) {
            out += fmt::format("The plan could not be emptied ({}): the next run does it.\n", printable(it.left));
        }
    }
    return out + verdict_text(it) + '\n';
}

std::string as_json(const report& it, const std::string& url)
{
    std::string out = fmt::format(
        R"({{"verdict":"{}","reason":{},"url":{},"server":{},"document":{},"clients":{},"seconds":{:.3f},"promises":[)",
        name_of(verdict_of(it)), text(it.stopped), text(url), text(it.server), text(it.document), it.clients,
        it.seconds);
    for (std::size_t index = 0; index < promise_count; ++index) {
        const auto which = static_cast<promise>(index);
        if (index != 0) out += ',';
        out += promise_json(which, it.found.of(which));
    }
    out += fmt::format(R"(],"durable_ms":{},"seen_ms":{},"changes":{},"revisions":{},"cuts":{},"losses":{},)"
                       R"("sent_twice":{},"conflicts":{},"cleaned":{}}})",
                       latency_json(it.to_durable), latency_json(it.to_seen), it.changes, it.revisions, it.cuts,
                       it.losses, it.sent_twice, it.refused, it.is_clean);
    return out;
}

}  // namespace okra::check
