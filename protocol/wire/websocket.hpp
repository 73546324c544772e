// WebSocket framing (RFC 6455) without sockets: a broadcast frame is built once, header included, and shared by all
// sessions; received bytes become messages, where possible without being copied. Used by the server (which gets masked
// frames and sends plain ones) and by the C++ clients (the other way round). No thread of its own, no clock, no
// randomness.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace okra::wire {

enum class frame_opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA
};

// Close codes of RFC 6455 §7.4.1 and SPEC RC2.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t none = 1005;  // "no code was in the frame": never sent
inline constexpr std::uint16_t too_large = 1009;
}  // namespace close_code

inline constexpr std::size_t control_payload_max = 125;

// The header of one whole (FIN), unmasked frame whose payload of `length` bytes is to follow.
void append_frame_header(std::string& out, frame_opcode kind, std::size_t length);

// Header and payload, as a server sends them.
void append_frame(std::string& out, frame_opcode kind, std::string_view payload);

// A close frame as a server sends it.
void append_close_frame(std::string& out, std::uint16_t code, std::string_view reason = {});

// As a client sends it. `key` should be unpredictable in a browser (RFC 6455 §10.3); for tools and tests it need not
// be.
void append_masked_frame(std::string& out, frame_opcode kind, std::string_view payload, std::uint32_t key);
void append_masked_close_frame(std::string& out, std::uint16_t code, std::uint32_t key);

// Masks or unmasks `bytes` in place; `key` has the mask's four bytes in the order of the wire in memory.
void apply_mask(std::span<char> bytes, std::uint32_t key);

// How a peer broke RFC 6455 or our stricter reading of it. After one, the reader must not be used any more.
enum class frame_violation : std::uint8_t {
    reserved_bits,       // RSV1–3 are set, and no extension was agreed on
    unknown_opcode,      // 3–7, 11–15
    mask_missing,        // a client's frame must be masked
    mask_forbidden,      // a server's must not
    binary,              // Okra speaks text only
    control_fragmented,  // a ping, pong or close without FIN
    control_too_long,    // or with more than 125 bytes
    continuation,        // a continuation of nothing, or a new message inside a fragmented one
    close_malformed,     // a close payload of one byte, or a code that must not be sent
    too_large,           // the message is longer than the reader's bound
};

// One English sentence for logs and `bye` messages.
[[nodiscard]] std::string_view describe(frame_violation it);

// Makes messages of bytes: fed with whatever a read gave, it hands out one event after the other. What lies whole in
// the fed bytes is unmasked and handed out in place. Only the beginning of an unfinished message is copied, to a buffer
// that grows with what has really arrived and is freed when the message is complete: an idle connection holds no memory
// here.
class frame_reader {
public:
    // Which end we are: a server requires masks, a client refuses them. A foreign client talks to somebody else's
    // server, which may speak binary.
    enum class role : std::uint8_t { server, client, foreign_client };

    frame_reader(role end, std::size_t message_bytes_max);

    struct need_more {};
    // Readable, with any content, for `decoder::padding` bytes beyond its end. May be changed in place.
    struct message {
        std::span<char> text;
    };
    // A frame of a message that goes on: nothing to read yet, but an event, as it costs the reader as much as a
    // message.
    struct fragment {};
    struct ping {
        std::string_view payload;
    };
    struct pong {
        std::string_view payload;
    };
    struct closing {
        std::uint16_t code;  // close_code::none if the peer gave none
        std::string_view reason;
    };
    // What an event points at is valid until the next call of `next`, `feed` or `keep_rest`.
    using event = std::variant<need_more, message, fragment, ping, pong, closing, frame_violation>;

    // `bytes` must stay valid, and be readable for `decoder::padding` bytes beyond its end, until `next` gives
    // need_more or `keep_rest` is called. To be called only when `next` has given need_more, or at first.
    void feed(std::span<char> bytes);

    [[nodiscard]] event next();

    // Copies what has not been handed out yet, so that the fed buffer can be used for another connection. `next` goes
    // on with the copy. For a reader that has to pause in the middle.
    void keep_rest();

    // Lets go of everything: for a reader that will not be used any more.
    void drop();

    // Bytes of heap held at the moment.
    [[nodiscard]] std::size_t heap_bytes() const;

private:
    // A growing byte buffer that always has `decoder::padding` readable bytes behind its end and is 16 bytes when
    // empty.
    class padded_buffer {
    public:
        void append(std::span<const char> bytes);
        void free();
        [[nodiscard]] std::span<char> bytes() const { return {data_.get(), size_}; }
        [[nodiscard]] std::size_t size() const { return size_; }
        [[nodiscard]] std::size_t capacity() const { return capacity_; }

    private:
        struct free_memory {
            void operator()(char* it) const { std::free(it); }
        };
        std::unique_ptr<char, free_memory> data_;
        std::uint32_t size_ = 0;
        std::uint32_t capacity_ = 0;
    };

    struct header {
        frame_opcode kind;
        bool fin;
        bool masked;
        std::uint32_t key;
        std::size_t length;  // of the payload
        std::size_t size;    // of the header itself
    };
    struct incomplete {
        std::size_t bytes_wanted;  // that many are needed to know more
    };
    using inspection = std::variant<header, incomplete, frame_violation>;

    [[nodiscard]] inspection inspect(std::span<const char> bytes) const;
    [[nodiscard]] inspection check(const header& it) const;
    [[nodiscard]] event next_in_place();
    [[nodiscard]] event next_of_partial();
    [[nodiscard]] event deliver(const header& it, std::span<char> payload);
    [[nodiscard]] event deliver_message(const header& it, std::span<char> payload);
    void release_spent();

    std::span<char> fed_;      // not looked at yet: the caller's bytes, or those of kept_
    padded_buffer kept_;       // after keep_rest
    padded_buffer partial_;    // one frame whose end has not come yet
    padded_buffer fragments_;  // payloads of a fragmented message so far
    std::uint32_t message_bytes_max_;
    role end_;
    bool in_fragments_ = false;
    bool partial_spent_ = false;    // handed out: to be freed at the next call
    bool fragments_spent_ = false;  // the same
};

}  // namespace okra::wire
