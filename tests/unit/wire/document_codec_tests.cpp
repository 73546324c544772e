// What the log and snapshots hold: committed changes and stamped entities.
#include <catch2/catch_test_macros.hpp>

#include "protocol/document/document.hpp"
#include "protocol/wire/encode.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra::wire_tests {
namespace {

using namespace document;

const document_schema& plan_schema()
{
    return *find_schema("plan");
}

entity objective()
{
    entity it;
    it.id = "o1";
    it.kind = plan_schema().find("objective");
    it.parent = "plan";
    it.position = "a3V";
    it.arrived_at = {12};
    it.arrived_by = "li";
    it.fields["title"] = {std::string{"Grow \"fast\""}, {13}, "wang"};
    it.fields["priority"] = {true, {14}, "li"};
    it.fields["weight"] = {0.25, {15}, "li"};
    it.fields["contributors"] = {std::vector<std::string>{"p1", "p2"}, {16}, "li"};
    it.fields["owner"] = {null_value{}, {17}, "wang"};  // unset again
    return it;
}

std::string encoded(const entity& it, bool stamped)
{
    std::string out;
    wire::encode_entity(out, it, stamped);
    return out;
}

auto decode_entities(std::string_view json)
{
    wire::decoder decoder;
    padded_text text{json, ']'};
    return decoder.decode_entities(plan_schema(), text.span());
}

auto decode_change(std::string_view json)
{
    wire::decoder decoder;
    padded_text text{json};
    return decoder.decode_change(text.span());
}

}  // namespace

TEST_CASE("[OD4] an entity on the wire: unset fields are absent, stamps are storage's own", "[wire]")
{
    CHECK(encoded(objective(), false) ==
          R"({"id":"o1","kind":"objective","parent":"plan","position":"a3V","fields":{"contributors":["p1","p2"],)"
          R"("priority":true,"title":"Grow \"fast\"","weight":0.25}})");
}

TEST_CASE("[OD4] a stamped entity comes back with everything that merging needs", "[wire]")
{
    entity removed = objective();
    removed.id = "o2";
    removed.removed = true;
    removed.fields.clear();
    entity root;
    root.id = "plan";
    root.kind = plan_schema().find("plan");

    const entity kept = objective();
    const std::vector<const entity*> all{&root, &kept, &removed};
    std::string json;
    wire::encode_entities(json, all, true);
    const auto decoded = decode_entities(json);

    REQUIRE(decoded.has_value());
    REQUIRE(decoded->size() == all.size());
    for (std::size_t index = 0; index < all.size(); ++index) {
        const entity& before = *all[index];
        const entity& after = (*decoded)[index];
        CAPTURE(before.id);
        CHECK(after.id == before.id);
        CHECK(after.kind == before.kind);
        CHECK(after.parent == before.parent);
        CHECK(after.position == before.position);
        CHECK(after.removed == before.removed);
        CHECK(after.arrived_at == before.arrived_at);
        CHECK(after.arrived_by == before.arrived_by);
        CHECK(after.fields == before.fields);
    }
    std::string again;
    std::vector<const entity*> pointers;
    for (const entity& it : *decoded) pointers.push_back(&it);
    wire::encode_entities(again, pointers, true);
    CHECK(again == json);
}

TEST_CASE("[OD3] an empty array of entities is one", "[wire]")
{
    const auto decoded = decode_entities("[]");
    REQUIRE(decoded.has_value());
    CHECK(decoded->empty());
}

TEST_CASE("[OD10] damaged entities are told, not crashed on", "[wire]")
{
    for (const std::string_view damaged :
         {"", "{}", "[", "[{}", "[1]", "[{}]", R"([{"id":"a"}])", R"([{"id":"a","kind":"unheard_of"}])",
          R"([{"id":"a","kind":"plan","arrived":[1]}])", R"([{"id":"a","kind":"plan","set":{"title":[1,"c",2]}}])",
          R"([{"id":"a","kind":"plan","fields":{"title":{}}}])", R"([{"id":"a","kind":"plan"}],)",
          R"([{"id":"a","kind":"plan"}]])"}) {
        CAPTURE(damaged);
        CHECK_FALSE(decode_entities(damaged).has_value());
    }
}

TEST_CASE("[CM1] a committed change comes back from the log as it went in", "[wire]")
{
    const committed_change change{
        .client = "k3Jf02mZq81LpXyA",
        .seq = {5},
        .at_ms = 1790000000000,
        .ops = {create_op{"o1", "objective", "plan", entity_id{"o0"}, {{"votes", 1.0}, {"owner", null_value{}}}, "a3V"},
                set_op{"o1", "weight", 0.5, overwritten{null_value{}, "b", {3}}},
                edit_op{"o1", "title", {text_skip{2}, text_insert{"中\n🙂"}, text_delete{1}}},
                move_op{"o1", "plan", place_last{}, "b"}, add_op{"o1", "votes", -3},
                include_op{"o1", "aligned_to", "t/c/o9"}, exclude_op{"o1", "aligned_to", "t/c/o9"}, remove_op{"o1"},
                restore_op{"o1"}}};
    std::string json;
    wire::encode_change(json, change);
    const auto decoded = decode_change(json);

    REQUIRE(decoded.has_value());
    CHECK(*decoded == change);
}

TEST_CASE("[OD10] a damaged record is told, not crashed on", "[wire]")
{
    std::string json;
    wire::encode_change(json, {.client = "c", .seq = {1}, .at_ms = 1, .ops = {remove_op{"a"}}});
    REQUIRE(decode_change(json).has_value());
    for (std::size_t length = 0; length < json.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(decode_change(std::string_view{json}.substr(0, length)).has_value());
    }
}

TEST_CASE("[OD2] a refusal stored as an outcome keeps its op", "[wire]")
{
    wire::opened opened;
    opened.document = "acme/workspace";
    opened.epoch = "e";
    opened.seq = {2};
    opened.last = refusal{refusal_code::id_exists, "it exists", 7};
    std::string json;
    wire::encode(json, wire::server_message{opened});
    wire::decoder decoder;
    padded_text text{json};
    const auto decoded = decoder.decode_server(text.span());

    REQUIRE(decoded.has_value());
    CHECK(std::get<refusal>(std::get<wire::opened>(*decoded).last) == std::get<refusal>(opened.last));
}

}  // namespace okra::wire_tests
