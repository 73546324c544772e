// Every bound of the network layer, with its reason. What one connection can hold in this layer at most:
//   at rest            its object and its pending wait, below 1 KiB
//   receiving          2 × message_bytes (an unfinished message, grown by doubling) + read_bytes (paused by the rate
//                      limit); all together unfinished_bytes
//   a peer that does not read
//                      gather_buffers × 16 bytes of pointers to shared frames here (the frames stay in their ring),
//                      one pong of 127 bytes, and send_queue_bytes in the kernel
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace okra::net {

namespace limits {

// ---- HTTP ----
// The whole request line and header: room for a browser's cookies of other programs on the same host.
inline constexpr std::uint32_t header_bytes = 16 * 1024;
// From the first byte that could come to the last of the header; also how long an idle kept-alive connection is kept.
inline constexpr std::chrono::seconds header_deadline{10};
// One answer, over a slow phone network.
inline constexpr std::chrono::seconds answer_deadline{60};
// A folder of a built web client; more is a wrong `--web`.
inline constexpr std::size_t site_bytes = 64 * 1024 * 1024;

// ---- WebSocket ----
// One read, shared by all connections of a worker. Also what one connection may have handled before the others have
// their turn.
inline constexpr std::size_t read_bytes = 64 * 1024;
// Messages of one connection that are handled before its answers are written and the others have their turn.
inline constexpr std::size_t messages_per_turn = 256;
// One gather write, and what one connection may write before the others have their turn.
inline constexpr std::size_t gather_bytes = 256 * 1024;
// The most buffers of one gather: client_session::gather's promise.
inline constexpr std::size_t gather_buffers = 64;
// Unsent bytes that the kernel keeps for one connection. More would only make old news of them.
inline constexpr int send_queue_bytes = 256 * 1024;
// Connections that are written to before reads have their turn again.
inline constexpr std::size_t flushes_per_turn = 256;
// For writing what is left, the close frame, and for the peer's answer to it.
inline constexpr std::chrono::seconds close_deadline{5};
// Messages of one session: a person's editor sends less than 20 a second, a replayed trace some hundreds.
inline constexpr double messages_per_second = 500;
inline constexpr double messages_burst = 1000;
// Bytes that it sends: an import of a whole plan comes at once, who goes on like that is read more slowly.
inline constexpr double bytes_per_second = 512 * 1024;
inline constexpr double bytes_burst = 4 * 1024 * 1024;
// What all connections hold of messages that have not come whole or have to wait: some thirty of the largest messages
// on slow lines; of usual ones, as many as there can be connections.
inline constexpr std::size_t unfinished_bytes = 64 * 1024 * 1024;
// A worker's share of it has room for so many of the largest messages, however many workers there are.
inline constexpr std::size_t unfinished_messages_min = 4;
// How often paused connections are looked at.
inline constexpr std::chrono::milliseconds pause_step{10};
inline constexpr std::chrono::seconds sweep_interval{1};

// ---- Accepting ----
inline constexpr int accept_backlog = 4096;
// Connections beyond all limits that are still taken, so that they are told to come back and the server's health can be
// asked for; and how long their requests may take to come.
inline constexpr std::size_t spare_connections = 32;
inline constexpr std::chrono::milliseconds spare_deadline{2000};
inline constexpr std::chrono::seconds come_back{5};
// Refused connections are in the log so often at most, with their number.
inline constexpr std::chrono::seconds refusal_note_interval{1};
// What /metrics tells is as old as that at most.
inline constexpr std::chrono::seconds metrics_age{1};
// After the process has run out of file descriptors.
inline constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace limits

}  // namespace okra::net
