#include "tools/cli/import.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch_test_macros.hpp>

#include "protocol/document/name.hpp"

using namespace okra;

namespace {

constexpr std::string_view quarter = R"({
  "cycle": {"name": "FY20-Q4", "start": "2019-11-01", "end": "2020-01-31"},
  "objectives": [
    {"kind": "objective", "owner": "CEO", "title": "Grow", "children": [
      {"kind": "objective", "owner": "VP, Field Ops", "title": "Sell", "result": "Half way", "children": [
        {"kind": "key_result", "owner": "VP Field Ops", "title": "Close 10 deals", "result": "9", "children": [
          {"kind": "objective", "owner": "1. Sales Systems", "title": "Tooling"}]},
        {"kind": "key_result", "owner": "CEO", "title": "Help"}]},
      {"kind": "objective", "owner": "", "title": "A heading"}]}]})";

// All changes applied by the authority, as the server would: by name.
std::map<std::string, document::document> applied(const cli::import_plan& plan)
{
    std::map<std::string, document::document> out;
    for (const auto& it : plan.documents) {
        const auto name = document::parse_name(it.name);
        REQUIRE(name.has_value());
        document::document fresh{*name->schema};
        const auto accepted = fresh.accept({"importer", sequence{1}, revision{0}, it.ops}, 0);
        INFO(it.name << ": " << (accepted ? "" : accepted.error().message));
        REQUIRE(accepted.has_value());
        out.emplace(it.name, std::move(fresh));
    }
    return out;
}

template <typename Value>
Value field(const document::document& in, std::string_view id, std::string_view name)
{
    const auto* it = in.find(id);
    REQUIRE(it != nullptr);
    REQUIRE(it->fields.contains(name));
    return std::get<Value>(it->fields.find(name)->second.value);
}

}  // namespace

TEST_CASE("owners become teams under who cascades to them, whatever their spelling", "[cli]")
{
    const auto plan = cli::plan_import(quarter, "acme");
    REQUIRE(plan.has_value());
    CHECK(plan->teams == 3);
    const auto documents = applied(*plan);
    const auto& workspace = documents.at("acme/workspace");
    CHECK(workspace.find("vp-field-ops")->parent == "ceo");
    CHECK(workspace.find("sales-systems")->parent == "vp-field-ops");
    CHECK(field<std::string>(workspace, "sales-systems", "name") == "Sales Systems");
    CHECK(field<std::string>(workspace, "fy20-q4", "start") == "2019-11-01");
}

TEST_CASE("objectives go into their owners' plans and are aligned to what they stood under", "[cli]")
{
    const auto plan = cli::plan_import(quarter, "acme");
    REQUIRE(plan.has_value());
    CHECK(plan->objectives == 4);
    CHECK(plan->key_results == 2);
    const auto documents = applied(*plan);
    const auto& field_ops = documents.at("acme/plan/vp-field-ops/fy20-q4");
    CHECK(field<std::vector<std::string>>(field_ops, "o2", "aligned_to") == std::vector<std::string>{"ceo/fy20-q4/o1"});
    CHECK(field<std::string>(field_ops, "o2", "learned") == "Half way");
    const auto& tooling = documents.at("acme/plan/sales-systems/fy20-q4");
    CHECK(field<std::vector<std::string>>(tooling, "o3", "aligned_to") ==
          std::vector<std::string>{"vp-field-ops/fy20-q4/k1"});
    // What nobody owns stays with whom it stands under.
    CHECK(documents.at("acme/plan/ceo/fy20-q4").find("o4") != nullptr);
}

TEST_CASE("a key result of another owner stays under its objective, and no figure is made up", "[cli]")
{
    const auto plan = cli::plan_import(quarter, "acme");
    REQUIRE(plan.has_value());
    const auto documents = applied(*plan);
    const auto& field_ops = documents.at("acme/plan/vp-field-ops/fy20-q4");
    CHECK(field_ops.find("k2")->parent == "o2");
    const auto owner = field<std::string>(field_ops, "k2", "owner");
    CHECK(field<std::string>(documents.at("acme/workspace"), owner, "name") == "CEO");
    CHECK_FALSE(field_ops.find("k1")->fields.contains("current"));
}

TEST_CASE("a file that cannot become documents is refused with the reason", "[cli]")
{
    const auto with = [](const std::string& node) { return R"({"cycle":{"name":"Q1"},"objectives":[)" + node + "]}"; };
    const std::vector<std::string> files{
        "",
        "[]",
        R"({"objectives":[]})",
        R"({"cycle":{"name":"Q1"}})",
        with(R"({"kind":"objective","owner":"","title":"x"})"),
        with(R"({"kind":"key_result","owner":"A","title":"x"})"),
        with(R"({"kind":"objective","owner":"A","title":")" + std::string(501, 'x') + "\"}")};
    for (const auto& file : files) {
        INFO(file);
        CHECK_FALSE(cli::plan_import(file, "acme").has_value());
    }
}
