// Every figure that /metrics shows, by name. Counters and gauges may be touched by any thread.
#pragma once

#include <memory>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "protocol/document/errors.hpp"

namespace okra::runtime {

class metrics {
public:
    metrics();

    // The text format of Prometheus.
    [[nodiscard]] std::string scrape() const;

    void count_refusal(refusal_code code);

private:
    prometheus::Registry registry_;
    prometheus::Family<prometheus::Counter>& refusals_;

public:
    prometheus::Gauge& sessions;
    prometheus::Gauge& documents;
    prometheus::Gauge& idle_documents;
    prometheus::Gauge& idle_document_bytes;
    prometheus::Counter& changes_committed;
    prometheus::Counter& commits;
    prometheus::Counter& changes_queued;
    prometheus::Counter& lane_rests;
    prometheus::Counter& frames_published;
    prometheus::Counter& joins_snapshot;
    prometheus::Counter& joins_tail;
    prometheus::Counter& loads_dropped;
    prometheus::Counter& readers_lagged;
    prometheus::Counter& readers_restarted;
    prometheus::Counter& sessions_overloaded;
    prometheus::Gauge& unread_bytes;
    prometheus::Gauge& frame_bytes;
    prometheus::Gauge& under_way_bytes;
    prometheus::Gauge& written_today_bytes;
    prometheus::Counter& allocations_failed;
    prometheus::Counter& storage_failures;
    prometheus::Counter& commits_lost;
    prometheus::Counter& damaged_reads;
    prometheus::Counter& documents_quarantined;
    prometheus::Counter& divergences_reported;
    prometheus::Counter& divergences_confirmed;
    prometheus::Counter& self_checks;
    prometheus::Histogram& sync_seconds;
    prometheus::Histogram& documents_per_commit;
};

}  // namespace okra::runtime
