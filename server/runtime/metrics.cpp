#include "server/runtime/metrics.hpp"

#include <prometheus/text_serializer.h>

namespace okra::runtime {

namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help)
{
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help)
{
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                                 prometheus::Histogram::BucketBoundaries bounds)
{
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

}  // namespace

metrics::metrics()
    : refusals_{prometheus::BuildCounter()
                    .Name("okra_changes_refused_total")
                    .Help("Messages and changes refused, by code.")
                    .Register(registry_)},
      sessions{gauge(registry_, "okra_sessions", "WebSocket sessions that are connected.")},
      documents{gauge(registry_, "okra_documents", "Documents in memory.")},
      changes_committed{counter(registry_, "okra_changes_committed_total", "Changes written to disk.")},
      commits{counter(registry_, "okra_commits_total", "Synced writes; each may hold many documents' changes.")},
      frames_published{counter(registry_, "okra_frames_published_total", "Frames built for a document's room.")},
      joins_snapshot{counter(registry_, "okra_joins_snapshot_total", "Documents opened with a snapshot.")},
      joins_tail{counter(registry_, "okra_joins_tail_total", "Documents opened with the missing tail.")},
      readers_lagged{
          counter(registry_, "okra_readers_lagged_total", "Readers that fell off a ring and caught up later.")},
      storage_failures{counter(registry_, "okra_storage_failures_total", "Writes or syncs that failed.")},
      documents_quarantined{
          counter(registry_, "okra_documents_quarantined_total", "Documents that could not be loaded.")},
      replica_divergences{counter(registry_, "okra_replica_divergences_total",
                                  "Clients whose state was not the document's, as an audit found.")},
      sync_seconds{histogram(registry_, "okra_commit_seconds", "Time of one synced write.",
                             {.0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5})},
      documents_per_commit{histogram(registry_, "okra_commit_documents", "Documents in one synced write.",
                                     {1, 2, 4, 8, 16, 32, 64, 128, 256})}
{
}

std::string metrics::scrape() const
{
    return prometheus::TextSerializer{}.Serialize(registry_.Collect());
}

void metrics::count_refusal(refusal_code code)
{
    refusals_.Add({{"code", std::string{name_of(code)}}}).Increment();
}

}  // namespace okra::runtime
