#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "storage/bytes.hpp"
#include "storage/crc32c.hpp"
#include "storage/record.hpp"
#include "tests/support/print_result.hpp"

using namespace okra;
using namespace okra::storage;

TEST_CASE("the checksum is CRC-32C", "[storage]")
{
    CHECK(crc32c("123456789") == 0xe3069283U);
    CHECK(crc32c("") == 0);
    CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aaU);
    CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43U);
}

TEST_CASE("a frame is documented bytes", "[storage]")
{
    CHECK(frame("123456789") == std::string("\1\xe3\x06\x92\x83\0\0\0\x9"
                                            "123456789",
                                            18));
    CHECK(*unframe(frame("123456789")) == "123456789");
    CHECK(unframe(frame(""))->empty());
}

TEST_CASE("a changed bit, a missing byte or one too many is noticed", "[storage]")
{
    const std::string whole = frame(R"({"client":"anna"})");
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string changed = whole;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        REQUIRE_FALSE(unframe(changed));
    }
    for (std::size_t length = 0; length < whole.size(); ++length) REQUIRE_FALSE(unframe(whole.substr(0, length)));
    CHECK_FALSE(unframe(whole + "x"));
}

TEST_CASE("documents, snapshots and outcomes come back", "[storage]")
{
    const auto row = decode_document(encode_document({.number = {7}, .head = {~std::uint64_t{0}}}));
    REQUIRE(row);
    CHECK(row->number == document_number{7});
    CHECK(row->head == revision{~std::uint64_t{0}});

    const stored_snapshot snapshot{.at = {12}, .entities = R"([{"id":"plan"}])"};
    CHECK(*decode_snapshot(encode_snapshot(snapshot)) == snapshot);

    const auto outcome = GENERATE(
        client_outcome{.seq = {3}, .what = revision{9}}, client_outcome{.seq = {0}, .what = revision{0}},
        client_outcome{.seq = {1}, .what = refusal{refusal_code::malformed, "", std::nullopt}},
        client_outcome{.seq = {~std::uint64_t{0}}, .what = refusal{refusal_code::subtree_changed, "改了", 999}});
    CHECK(*decode_outcome(encode_outcome(outcome)) == outcome);
}

TEST_CASE("whole frames with the wrong contents are refused", "[storage]")
{
    CHECK_FALSE(decode_document(frame("short")));
    CHECK_FALSE(decode_document(frame(std::string(17, '\0'))));
    CHECK_FALSE(decode_snapshot(frame("short")));
    CHECK_FALSE(decode_outcome(frame("")));
    CHECK_FALSE(decode_outcome(frame(std::string(9, '\0'))));  // committed, without a revision
    CHECK_FALSE(decode_outcome(frame(std::string(18, '\0'))));
    std::string unknown_tag(17, '\0');
    unknown_tag[8] = 2;
    CHECK_FALSE(decode_outcome(frame(unknown_tag)));
    CHECK_FALSE(decode_outcome(frame(std::string(8, '\0') + std::string("\1\0\0\0\0\3abc", 9))));
}
