// Bytes in here were written by npm's yjs 13.6.33: two people, clients 1200000000 and 1200000001, type into the text
// "kr3".
#include "tools/load/yjs_update.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tools/load/lib0.hpp"

using namespace okra::load;
using namespace std::string_literals;
using yjs::item_id;

namespace {

constexpr item_id first{1'200'000'000, 0};

std::string bytes(std::string_view hex)
{
    std::string out;
    for (std::size_t index = 0; index + 1 < hex.size(); index += 2) {
        out += static_cast<char>(std::stoi(std::string{hex.substr(index, 2)}, nullptr, 16));
    }
    return out;
}

std::string update(const yjs::text_item& it)
{
    std::string out;
    yjs::append_update(out, it);
    return out;
}

// "client clock+length", for each run.
std::string told(std::string_view update)
{
    const auto runs = yjs::runs_of(update);
    if (!runs) return "none";
    std::string out;
    for (const auto& it : *runs) {
        if (!out.empty()) out += ", ";
        out += std::to_string(it.from.client) + " " + std::to_string(it.from.clock) + "+" + std::to_string(it.length);
    }
    return out;
}

}  // namespace

TEST_CASE("typing is written as Yjs writes it", "[load]")
{
    CHECK(update({.id = first, .left = {}, .right = {}, .root = "kr3", .text = "a"}) ==
          bytes("010180989abc04000401036b7233016100"));
    CHECK(update({.id = {first.client, 1}, .left = first, .right = {}, .root = "kr3", .text = "a"}) ==
          bytes("010180989abc04018480989abc0400016100"));
    CHECK(update({.id = {first.client + 1, 0},
                  .left = first,
                  .right = item_id{first.client, 1},
                  .root = "kr3",
                  .text = "bc"}) == bytes("010181989abc0400c480989abc040080989abc040102626300"));
}

TEST_CASE("whose characters an update of Yjs brings", "[load]")
{
    CHECK(told(bytes("010180989abc04018480989abc0400016100")) == "1200000000 1+1");
    // Several at once, as Hocuspocus sends them under load.
    CHECK(told(bytes(
              "020181989abc0400c480989abc040080989abc04010262630280989abc04000401036b723301618480989abc0400016100")) ==
          "1200000001 0+2, 1200000000 0+2");
    // With a gap.
    CHECK(told(bytes("010380989abc04000401036b723301610a01c480989abc040081989abc0400017800")) ==
          "1200000000 0+1, 1200000000 2+1");
    // With deleted characters: they were typed, too.
    CHECK(
        told(bytes("020181989abc0400c480989abc040080989abc04010262630380989abc04000101036b7233018480989abc04000161c1809"
                   "89abc040081989abc0400010180989abc040200010201")) == "1200000001 0+2, 1200000000 0+3");
    CHECK(told(bytes("0000")).empty());
}

TEST_CASE("an update that is cut off, or of something else than text, is refused", "[load]")
{
    const auto whole = bytes("010180989abc04018480989abc0400016100");
    for (std::size_t length = 0; length + 1 < whole.size(); ++length) CHECK(told(whole.substr(0, length)) == "none");
    CHECK(told(bytes("010107002801016d016b017d0100")) == "none");  // a map's field
}

TEST_CASE("a state vector tells how much there is of each", "[load]")
{
    const auto vector = yjs::read_state_vector(bytes("0281989abc040280989abc0403"));
    REQUIRE(vector);
    REQUIRE(vector->size() == 2);
    CHECK(vector->at(0).client == first.client + 1);
    CHECK(vector->at(0).clock == 2);
    CHECK(vector->at(1).client == first.client);
    CHECK(vector->at(1).clock == 3);
    CHECK_FALSE(yjs::read_state_vector(bytes("0281989abc")));
}

TEST_CASE("numbers are written in groups of seven bits", "[load]")
{
    for (const std::uint64_t value : {0ULL, 127ULL, 128ULL, 16'383ULL, 16'384ULL, ~0ULL}) {
        std::string out;
        lib0::append_number(out, value);
        lib0::reader back{out};
        CHECK(back.number() == value);
        CHECK(back.is_good());
        CHECK(back.rest().empty());
    }
    CHECK(lib0::reader{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"s}.number() == 0);  // too long
}
