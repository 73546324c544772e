// From bytes to messages: simdjson on demand, straight into the structs of messages.hpp. Everything a peer can send
// ends here as a value or as a refusal that names the rule; nothing malformed goes further in. Of a member that is sent
// twice the last counts; of `type` and `op`, the first. What is refused, and why, depends neither on the order of
// members nor on the memory behind the message.
#pragma once

#include <memory>
#include <span>

#include "protocol/base/result.hpp"
#include "protocol/wire/messages.hpp"

namespace okra::wire {

// What could not be decoded, with whatever it revealed of which change it was meant to be (ER4).
struct decode_failure {
    refusal why;
    std::optional<std::string> document;
    std::optional<sequence> seq;
};

// Holds simdjson's parser with its buffers; one per thread. Messages returned own their memory.
class decoder {
public:
    decoder();
    ~decoder();
    decoder(decoder&&) noexcept;
    decoder& operator=(decoder&&) noexcept;

    // simdjson reads up to this many bytes past the end of the message; they must be readable, with any content.
    static constexpr std::size_t padding = 64;

    // HOT PATH: `message` is parsed in place; its capacity must reach `padding` bytes beyond its end.
    [[nodiscard]] result<client_message, decode_failure> decode_client(std::span<char> message);
    [[nodiscard]] result<server_message, decode_failure> decode_server(std::span<char> message);

    // A record of the log: `encode_change`'s counterpart.
    [[nodiscard]] result<document::committed_change, refusal> decode_change(std::span<char> json);
    // A snapshot's entity array: `encode_entities`' counterpart. Kinds are looked up in `schema`.
    [[nodiscard]] result<std::vector<document::entity>, refusal> decode_entities(
        const document::document_schema& schema, std::span<char> json);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace okra::wire
