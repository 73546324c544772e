#include <catch2/catch_test_macros.hpp>

#include "protocol/wire/encode.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra::wire_tests {
namespace {

// One text through the decoder and back, whatever its direction.
struct round_trip {
    std::optional<std::string> encoded;
    std::optional<wire::decode_failure> failure;
};

template <typename Decoded>
round_trip finish(const Decoded& decoded)
{
    if (!decoded) return {.encoded = {}, .failure = decoded.error()};
    std::string out;
    wire::encode(out, *decoded);
    return {.encoded = std::move(out), .failure = {}};
}

round_trip through(const golden_message& it, char padding = '}')
{
    wire::decoder decoder;
    padded_text text{it.text, padding};
    return it.from_client ? finish(decoder.decode_client(text.span())) : finish(decoder.decode_server(text.span()));
}

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash)
{
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

}  // namespace

TEST_CASE("[HS2] every good golden message is decoded, and the canonical ones are encoded to the same bytes", "[wire]")
{
    for (const golden_message& it : golden_messages()) {
        if (it.refused) continue;
        CAPTURE(it.where, it.text);
        const round_trip trip = through(it);
        if (trip.failure) FAIL(name_of(trip.failure->why.code) << ": " << trip.failure->why.message);
        if (it.canonical) CHECK(*trip.encoded == it.text);

        // What was written is read as the same: nothing was lost on the way.
        golden_message again = it;
        again.text = *trip.encoded;
        const round_trip second = through(again);
        REQUIRE(second.encoded);
        CHECK(*second.encoded == *trip.encoded);
    }
}

TEST_CASE("[ER1][ER4] every bad golden message is refused with its code and reveals its change", "[wire]")
{
    for (const golden_message& it : golden_messages()) {
        if (!it.refused) continue;
        CAPTURE(it.where, it.text);
        const round_trip trip = through(it);
        REQUIRE(trip.failure);
        CHECK(name_of(trip.failure->why.code) == *it.refused);
        CHECK_FALSE(trip.failure->why.message.empty());
        if (!it.from_client) continue;
        CHECK(trip.failure->document == it.document);
        CHECK(trip.failure->seq == (it.seq ? std::optional{sequence{*it.seq}} : std::nullopt));
        CHECK(trip.failure->why.op_index.has_value() == it.op.has_value());
        if (it.op && trip.failure->why.op_index) CHECK(*trip.failure->why.op_index == *it.op);
    }
}

TEST_CASE("[HS2] what lies in memory behind a message changes nothing", "[wire]")
{
    for (const golden_message& it : golden_messages()) {
        CAPTURE(it.where, it.text);
        const round_trip expected = through(it);
        for (const char padding : {'\0', ' ', '"', ',', ':', ']', '{', '[', '1', '\\', '\xff'}) {
            const round_trip other = through(it, padding);
            CHECK(other.encoded == expected.encoded);
            CHECK(other.failure.has_value() == expected.failure.has_value());
            if (other.failure && expected.failure) CHECK(other.failure->why.code == expected.failure->why.code);
        }
    }
}

TEST_CASE("[HS6] the golden messages belong to this protocol version", "[wire]")
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const auto& path : golden_files()) hash = fnv1a(read_file(path), hash);

    INFO("the wire changed: bump protocol_version or update the pin");
    CHECK(wire::protocol_version == 1);
    CHECK(hash == 0x35195b3bbaeb8a6fULL);
}

}  // namespace okra::wire_tests
