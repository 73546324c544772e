#include "server/net/traffic_text.hpp"

#include <array>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace okra::net {

namespace {

struct counted {
    const char* name;
    const char* help;
    std::atomic<std::uint64_t> traffic::* figure;
};

constexpr std::array counters{
    counted{"okra_websockets_opened_total", "WebSocket connections after their handshake.",
            &traffic::connections_opened},
    counted{"okra_websockets_closed_total", "WebSocket connections that ended.", &traffic::connections_closed},
    counted{"okra_messages_received_total", "Messages of clients.", &traffic::messages_received},
    counted{"okra_bytes_received_total", "Bytes read from WebSockets.", &traffic::bytes_received},
    counted{"okra_bytes_sent_total", "Bytes written to WebSockets.", &traffic::bytes_sent},
    counted{"okra_writes_total", "System calls that wrote to WebSockets; each may carry many frames.",
            &traffic::writes},
    counted{"okra_writes_blocked_total", "Writes that a socket could not take at once.", &traffic::writes_blocked},
    counted{"okra_rate_limited_total", "Times that a connection was made to wait by its limit of messages or bytes.",
            &traffic::pauses},
    counted{"okra_congested_total", "Times that a connection had to wait for documents' workers to take what was read.",
            &traffic::congestions},
    counted{"okra_violations_total", "Connections ended because their frames broke the rules.", &traffic::violations},
    counted{"okra_out_of_memory_total", "Connections ended because there was no memory for what they asked.",
            &traffic::out_of_memory},
    counted{"okra_unfinished_ended_total", "Connections ended because too many unfinished messages were in memory.",
            &traffic::gave_way},
};

}  // namespace

std::string traffic_text(std::span<const traffic* const> workers, const connection_figures& connections)
{
    std::vector<prometheus::MetricFamily> families;
    const auto sum_of = [&](std::atomic<std::uint64_t> traffic::* figure) {
        double sum = 0;
        for (const traffic* it : workers) sum += static_cast<double>((it->*figure).load(std::memory_order_relaxed));
        return sum;
    };
    const auto add = [&](const char* name, const char* help, prometheus::MetricType kind, double value) {
        prometheus::ClientMetric it;
        if (kind == prometheus::MetricType::Counter) it.counter.value = value;
        if (kind == prometheus::MetricType::Gauge) it.gauge.value = value;
        families.push_back({name, help, kind, {it}});
    };
    using enum prometheus::MetricType;
    for (const counted& it : counters) add(it.name, it.help, Counter, sum_of(it.figure));
    add("okra_unfinished_bytes", "Bytes of messages that have not come whole yet, or have to wait.", Gauge,
        sum_of(&traffic::unfinished_bytes));
    add("okra_connections", "TCP connections that are open.", Gauge, static_cast<double>(connections.open));
    add("okra_connections_max", "TCP connections that may be open.", Gauge, static_cast<double>(connections.most));
    add("okra_connections_refused_total", "Connections that were told to come back later.", Counter,
        static_cast<double>(connections.refused));
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace okra::net
