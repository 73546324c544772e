#include "tools/load/report.hpp"

#include <fmt/format.h>

namespace okra::load {

namespace {

std::string latency_text(const histogram& it)
{
    return fmt::format("p50 {:.2f}  p95 {:.2f}  p99 {:.2f}  max {:.2f} ms", milliseconds(it.quantile(0.50)),
                       milliseconds(it.quantile(0.95)), milliseconds(it.quantile(0.99)), milliseconds(it.max()));
}

std::string latency_json(const histogram& it)
{
    return fmt::format(R"({{"p50_ms":{:.3f},"p95_ms":{:.3f},"p99_ms":{:.3f},"max_ms":{:.3f},"count":{}}})",
                       milliseconds(it.quantile(0.50)), milliseconds(it.quantile(0.95)),
                       milliseconds(it.quantile(0.99)), milliseconds(it.max()), it.count());
}

double per_second(std::uint64_t count, const step_facts& step)
{
    return static_cast<double>(count) / step.seconds;
}

}  // namespace

std::string as_text(const step_facts& step, const tally& counts)
{
    return fmt::format(
        "{} rooms, {} editors, {} viewers, {:.0f} ops/s asked for, {:.1f} s\n"
        "  submitted {:.1f} ops/s, acknowledged {:.1f} ops/s, {:.0f} deliveries/s\n"
        "  submit to each peer   {}\n"
        "  submit to own ack     {}\n"
        "  lost {}  duplicated {}  gaps {}  refused {}  malformed {}  disconnects {}",
        step.rooms, step.editors, step.viewers, step.rate, step.seconds, per_second(counts.submitted, step),
        per_second(counts.to_author.count(), step), per_second(counts.to_peer.count(), step),
        latency_text(counts.to_peer), latency_text(counts.to_author), counts.lost(), counts.duplicated, counts.gaps,
        counts.refused, counts.malformed, counts.disconnects);
}

std::string as_json(const step_facts& step, const tally& counts)
{
    return fmt::format(
        R"({{"rooms":{},"editors":{},"viewers":{},"rate":{:.1f},"seconds":{:.3f},"submitted_per_s":{:.1f},)"
        R"("acknowledged_per_s":{:.1f},"deliveries_per_s":{:.1f},"to_peer":{},"to_author":{},)"
        R"("lost":{},"duplicated":{},"gaps":{},"refused":{},"malformed":{},"disconnects":{}}})",
        step.rooms, step.editors, step.viewers, step.rate, step.seconds, per_second(counts.submitted, step),
        per_second(counts.to_author.count(), step), per_second(counts.to_peer.count(), step),
        latency_json(counts.to_peer), latency_json(counts.to_author), counts.lost(), counts.duplicated, counts.gaps,
        counts.refused, counts.malformed, counts.disconnects);
}

std::string as_text(const agreement& it)
{
    return fmt::format("  replicas compared {} (and a fresh joiner a room), different {}, participants behind {}: {}",
                       it.replicas, it.different, it.behind, it.all_equal() ? "all equal" : "NOT EQUAL");
}

std::string as_json(const agreement& it)
{
    return fmt::format(R"({{"document":"{}","replicas":{},"different":{},"behind":{},"equal":{}}})", it.document,
                       it.replicas, it.different, it.behind, it.all_equal());
}

bool is_clean(const tally& counts)
{
    return counts.lost() == 0 && counts.duplicated == 0 && counts.gaps == 0 && counts.refused == 0 &&
           counts.malformed == 0 && counts.disconnects == 0;
}

}  // namespace okra::load
