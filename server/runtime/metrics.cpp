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
      idle_documents{gauge(registry_, "okra_idle_documents", "Documents in memory that nobody has open.")},
      idle_document_bytes{gauge(registry_, "okra_idle_document_bytes", "Bytes of memory that these take, about.")},
      changes_committed{counter(registry_, "okra_changes_committed_total", "Changes written to disk.")},
      commits{counter(registry_, "okra_commits_total", "Synced writes; each may hold many documents' changes.")},
      changes_queued{
          counter(registry_, "okra_changes_queued_total",
                  "Changes that waited for their document's turn, because it takes much of a worker's time.")},
      lane_rests{counter(registry_, "okra_lane_rests_total",
                         "Times that costly changes waited for those who edit other documents.")},
      frames_published{counter(registry_, "okra_frames_published_total", "Frames built for a document's room.")},
      joins_snapshot{counter(registry_, "okra_joins_snapshot_total", "Documents opened with a snapshot.")},
      joins_tail{counter(registry_, "okra_joins_tail_total", "Documents opened with the missing tail.")},
      loads_dropped{counter(registry_, "okra_loads_dropped_total",
                            "Documents that were not loaded to the end, as all who wanted them had left.")},
      readers_lagged{
          counter(registry_, "okra_readers_lagged_total", "Readers that fell off a ring and caught up later.")},
      readers_restarted{counter(registry_, "okra_readers_restarted_total",
                                "Readers that were given a document anew, as what they had yet to read was too much.")},
      sessions_overloaded{
          counter(registry_, "okra_sessions_overloaded_total", "Sessions ended because they did not read.")},
      unread_bytes{gauge(registry_, "okra_unread_bytes", "Bytes of messages that readers alone keep in memory.")},
      frame_bytes{gauge(registry_, "okra_frame_bytes",
                        "Bytes of all messages in memory: recent ones, snapshots and what is unread.")},
      under_way_bytes{gauge(registry_, "okra_changes_under_way_bytes",
                            "Bytes of memory of changes on their way to the worker of their document.")},
      written_today_bytes{gauge(registry_, "okra_written_today_bytes",
                                "Bytes that were written to documents today: what daily limits count.")},
      allocations_failed{counter(registry_, "okra_allocations_failed_total",
                                 "Times that there was no memory for what a session asked.")},
      storage_failures{counter(registry_, "okra_storage_failures_total", "Writes or syncs that failed.")},
      commits_lost{counter(registry_, "okra_commits_lost_total",
                           "Acknowledged commits that were missing at the end of the log when the server started.")},
      damaged_reads{counter(registry_, "okra_damaged_reads_total", "Reads of a document that met damage.")},
      documents_quarantined{
          counter(registry_, "okra_documents_quarantined_total", "Documents that could not be loaded.")},
      divergences_reported{counter(registry_, "okra_replica_divergences_reported_total",
                                   "Clients that say their state is not the document's; anybody can say so.")},
      divergences_confirmed{counter(registry_, "okra_replica_divergences_confirmed_total",
                                    "Times that what was told of a document is not what its log gives.")},
      self_checks{counter(registry_, "okra_self_checks_total",
                          "Documents replayed from the log after such a report, to compare.")},
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
