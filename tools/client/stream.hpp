// Bytes to and from a server, over TCP or TLS: calls that block, each with a deadline. Several streams of one thread
// can share an event loop: while one is waited for, what comes for the others is taken in, too. One thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "protocol/base/result.hpp"
#include "tools/client/failure.hpp"
#include "tools/client/upgrade.hpp"

namespace okra::client {

using clock = std::chrono::steady_clock;

class event_loop {
public:
    event_loop();

    // Until something has come that no stream's owner has read yet; not beyond `deadline`.
    void wait(clock::time_point deadline) const;

private:
    friend class stream;
    struct state;
    std::shared_ptr<state> state_;
};

class stream {
public:
    explicit stream(const event_loop& on);
    stream(stream&&) noexcept;
    stream& operator=(stream&&) noexcept;
    ~stream();

    // With TLS the server's certificate must be valid for its name; whom to trust is OpenSSL's configuration
    // (SSL_CERT_FILE, SSL_CERT_DIR).
    [[nodiscard]] result<void, failure> connect(const address& server, clock::time_point deadline);

    // After a failure the stream is at its end.
    [[nodiscard]] result<void, failure> write(std::string bytes, clock::time_point deadline);

    // Some bytes, readable for wire::decoder::padding bytes beyond their end and valid until the next call; nothing
    // when none came before `deadline`. What has come already is found whatever the deadline.
    [[nodiscard]] result<std::optional<std::span<char>>, failure> read(clock::time_point deadline);

    // Ends the connection with a reset instead of an orderly close. Nothing but destruction may follow.
    void reset();

private:
    struct state;
    std::shared_ptr<state> state_;  // kept by its unfinished operations, too
};

}  // namespace okra::client
