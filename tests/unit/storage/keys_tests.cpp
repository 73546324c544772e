#include <catch2/catch_test_macros.hpp>

#include "storage/bytes.hpp"
#include "storage/keys.hpp"

using namespace okra;
using namespace okra::storage;

TEST_CASE("log keys are documented bytes and sort by document, then revision", "[storage]")
{
    const auto key = log_key({1}, {0x0102});
    CHECK(view_of(key) == std::string_view("\0\0\0\0\0\0\0\1\0\0\0\0\0\0\1\2", 16));
    CHECK(view_of(log_key({1}, {255})) < view_of(log_key({1}, {256})));
    CHECK(view_of(log_key({1}, {~std::uint64_t{0}})) < view_of(log_key({2}, {0})));
    const log_position position = parse_log_key(view_of(key));
    CHECK(position.document == document_number{1});
    CHECK(position.at == revision{0x0102});
}

TEST_CASE("client keys are the document's number and the client's name", "[storage]")
{
    CHECK(client_key({2}, "anna") == std::string("\0\0\0\0\0\0\0\2anna", 12));
    CHECK(view_of(snapshot_key({2})) == std::string_view("\0\0\0\0\0\0\0\2", 8));
}

TEST_CASE("a reader tells that bytes are missing", "[storage]")
{
    byte_reader reader{std::string_view("\1\2\3", 3)};
    CHECK(reader.number<std::uint16_t>() == 0x0102);
    CHECK_FALSE(reader.finished());
    CHECK(reader.number<std::uint16_t>() == 0);
    CHECK(reader.failed());
    CHECK(reader.rest().empty());
    CHECK_FALSE(reader.finished());
}
