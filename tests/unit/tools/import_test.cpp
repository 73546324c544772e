#include "tools/cli/import.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "protocol/document/name.hpp"
#include "protocol/document/schema.hpp"
#include "tools/cli/made_id.hpp"

using namespace okra;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;

constexpr std::string_view quarter = R"({
  "cycle": {"name": "FY20-Q4", "start": "2019-11-01", "end": "2020-01-31"},
  "objectives": [
    {"kind": "objective", "owner": "CEO", "title": "Grow", "children": [
      {"kind": "objective", "owner": "VP, Field Ops", "title": "Sell", "result": "Half way", "children": [
        {"kind": "key_result", "owner": "VP Field Ops", "title": "Close 10 deals", "result": "9", "score": 0.9, "children": [
          {"kind": "objective", "owner": "1. Sales Systems", "title": "Tooling"}]},
        {"kind": "key_result", "owner": "CEO", "title": "Help"}]},
      {"kind": "objective", "owner": "", "title": "A heading"}]}]})";

using documents = std::map<std::string, document::document>;

cli::import_plan planned(std::string_view json)
{
    const auto file = cli::read_import(json);
    INFO((file ? "" : file.error().message));
    REQUIRE(file.has_value());
    return cli::plan_import(*file, "acme");
}

// Everything that is missing, applied by the authority as the server would. Returns how many changes there were.
std::size_t bring(const cli::import_plan& plan, documents& to)
{
    std::size_t count = 0;
    for (const auto& wanted : plan.documents) {
        const auto name = document::parse_name(wanted.name);
        REQUIRE(name.has_value());
        auto& it = to.try_emplace(wanted.name, *name->schema).first->second;
        const auto changes = cli::changes_for(wanted, it, now_ms);
        INFO(wanted.name << ": " << (changes ? "" : changes.error().message));
        REQUIRE(changes.has_value());
        for (const auto& ops : *changes) {
            const document::change change{"importer", sequence{it.head().value + 1}, it.head(), ops};
            REQUIRE(it.accept(change, now_ms).has_value());
            ++count;
        }
    }
    return count;
}

documents imported(std::string_view json)
{
    documents out;
    static_cast<void>(bring(planned(json), out));
    return out;
}

template <typename Value>
Value field(const document::entity& it, std::string_view name)
{
    REQUIRE(it.fields.contains(name));
    return std::get<Value>(it.fields.find(name)->second.value);
}

const document::entity& titled(const document::document& in, std::string_view title)
{
    for (const auto* it : in.in_tree_order()) {
        if (it->fields.contains("title") && field<std::string>(*it, "title") == title) return *it;
    }
    FAIL("nothing is called " << title);
    return in.root();
}

std::string of_one(const std::string& node)
{
    return R"({"cycle":{"name":"Q1"},"objectives":[)" + node + "]}";
}

std::string mistake(const std::string& json)
{
    const auto file = cli::read_import(json);
    if (file) return {};
    std::string told = file.error().message;
    for (const std::string& line : file.error().more) told += '\n' + line;
    return told;
}

}  // namespace

TEST_CASE("owners become teams under who cascades to them, whatever their spelling", "[cli]")
{
    CHECK(planned(quarter).teams == 3);
    const auto all = imported(quarter);
    const auto& workspace = all.at("acme/workspace");
    CHECK(workspace.find("vp-field-ops")->parent == "ceo");
    CHECK(workspace.find("sales-systems")->parent == "vp-field-ops");
    CHECK(field<std::string>(*workspace.find("sales-systems"), "name") == "Sales Systems");
    CHECK(field<std::string>(*workspace.find("fy20-q4"), "start") == "2019-11-01");
}

TEST_CASE("objectives go into their owners' plans and are aligned to what they stood under", "[cli]")
{
    const auto plan = planned(quarter);
    CHECK(plan.objectives == 4);
    CHECK(plan.key_results == 2);
    const auto all = imported(quarter);
    const auto& ceo = all.at("acme/plan/ceo/fy20-q4");
    const auto& field_ops = all.at("acme/plan/vp-field-ops/fy20-q4");
    const auto& sell = titled(field_ops, "Sell");
    CHECK(field<std::vector<std::string>>(sell, "aligned_to") ==
          std::vector<std::string>{"ceo/fy20-q4/" + titled(ceo, "Grow").id});
    const auto& tooling = titled(all.at("acme/plan/sales-systems/fy20-q4"), "Tooling");
    CHECK(field<std::vector<std::string>>(tooling, "aligned_to") ==
          std::vector<std::string>{"vp-field-ops/fy20-q4/" + titled(field_ops, "Close 10 deals").id});
    // What nobody owns stays with whom it stands under.
    CHECK(titled(ceo, "A heading").kind->name == "objective");
}

TEST_CASE("written results and scores are taken over, and no figure is made up", "[cli]")
{
    const auto all = imported(quarter);
    const auto& field_ops = all.at("acme/plan/vp-field-ops/fy20-q4");
    CHECK(field<std::string>(titled(field_ops, "Sell"), "learned") == "Half way");
    const auto& deals = titled(field_ops, "Close 10 deals");
    CHECK(field<double>(deals, "score") == 0.9);
    CHECK_FALSE(deals.fields.contains("current"));
    const auto& help = titled(field_ops, "Help");
    CHECK(help.parent == titled(field_ops, "Sell").id);
    const auto owner = field<std::string>(help, "owner");
    CHECK(field<std::string>(*all.at("acme/workspace").find(owner), "name") == "CEO");
}

TEST_CASE("an owner in any script becomes a team that keeps its name", "[cli]")
{
    struct row {
        std::string owner;
        std::string begins;
    };
    for (const row& each :
         {row{"产品部", "team-"}, row{"产品 A 组", "a-"}, row{"Équipe produit", "quipe-produit-"}, row{"!?", "team-"},
          row{"42", "42"}, row{"Workspace", "team-"}, row{"Q1", "team-"}, row{std::string(80, 'x'), "xxx"}}) {
        INFO(each.owner);
        const auto all = imported(of_one(R"({"kind":"objective","owner":")" + each.owner + R"(","title":"用户增长"})"));
        REQUIRE(all.size() == 2);
        const auto name = document::parse_name(all.begin()->first);
        REQUIRE(name.has_value());
        CHECK(name->team.starts_with(each.begins));
        CHECK(document::is_id(name->team));
        const auto* team = all.at("acme/workspace").find(name->team);
        REQUIRE(team != nullptr);
        CHECK(team->kind->name == "team");
        CHECK(field<std::string>(*team, "name") == each.owner);
    }
    CHECK(cli::readable_id("team", "产品 A 组") != cli::readable_id("team", "研发 A 组"));
}

TEST_CASE("a person has the id that the page would give", "[cli]")
{
    // The same table is in web-client/tests/unit/ui/check_in.test.ts.
    CHECK(cli::made_id("person", {"产品部"}) == "person-c933d835e8642626");
    CHECK(cli::made_id("person", {" Li Na "}) == "person-3355eddbf800ea88");
    CHECK(cli::made_id("member", {"growth", "person-1"}) == "member-c49b2921bab0984b");
    CHECK(cli::made_id("x", {"ab", "c"}) != cli::made_id("x", {"a", "bc"}));
}

TEST_CASE("an import that is repeated writes nothing; one that broke off is completed", "[cli]")
{
    documents all;
    const auto plan = planned(quarter);
    CHECK(bring(plan, all) == plan.documents.size());
    CHECK(bring(plan, all) == 0);

    documents half;
    auto first = plan;
    first.documents.resize(2);
    first.documents.back().rows.resize(1);
    static_cast<void>(bring(first, half));
    CHECK(bring(plan, half) > 0);
    for (const auto& [name, it] : all) CHECK(half.at(name).entity_count() == it.entity_count());
}

TEST_CASE("a row keeps its id when others come before it; twins are two", "[cli]")
{
    const std::string grow = R"({"kind":"objective","owner":"A","title":"Grow"})";
    auto all = imported(of_one(grow));
    const auto id = titled(all.at("acme/plan/a/q1"), "Grow").id;
    CHECK(bring(planned(of_one(R"({"kind":"objective","owner":"A","title":"First"},)" + grow)), all) == 1);
    CHECK(all.at("acme/plan/a/q1").entity_count() == 3);
    CHECK(titled(all.at("acme/plan/a/q1"), "Grow").id == id);
    CHECK(imported(of_one(grow + "," + grow)).at("acme/plan/a/q1").entity_count() == 3);
}

TEST_CASE("1,200 objectives arrive in as few changes as the limits allow, none apart from its key results", "[cli]")
{
    std::string nodes;
    for (int index = 0; index < 1200; ++index) {
        nodes += fmt::format(R"({}{{"kind":"objective","owner":"A","title":"O{}","children":[)", index == 0 ? "" : ",",
                             index);
        nodes += R"({"kind":"key_result","title":"K1"},{"kind":"key_result","title":"K2"}]})";
    }
    const auto plan = planned(of_one(nodes));
    const document::document empty{*document::find_schema("plan")};
    const auto changes = cli::changes_for(plan.documents.at(1), empty, now_ms);
    REQUIRE(changes.has_value());
    REQUIRE(changes->size() == 4);  // 3,600 entries, 333 objectives of three in each
    for (const auto& ops : *changes) {
        CHECK(std::get<document::create_op>(ops.front()).kind == "objective");
        CHECK(ops.size() % 3 == 0);
        CHECK(ops.size() <= document::limits::ops_per_change);
    }
}

TEST_CASE("every mistake is told with its place before anything is written", "[cli]")
{
    CHECK(mistake("").find("not JSON") != std::string::npos);
    CHECK(mistake("[]").find("not an object") != std::string::npos);
    CHECK(mistake(R"({"objectives":[]})").find("cycle: is missing") != std::string::npos);
    CHECK(mistake(R"({"cycle":{"name":"Q1"}})").find("objectives: is missing") != std::string::npos);
    CHECK(mistake(R"({"cycle":{"name":"Q1","start":"2026-02-30"},"objectives":[]})").find("2026-02-30") !=
          std::string::npos);
    struct row {
        std::string node;
        std::string told;
    };
    const std::vector<row> rows{
        {R"({"kind":"objective","owner":"","title":"x"})", "objectives[0] “x”: nobody owns it"},
        {R"({"kind":"key_result","owner":"A","title":"x"})", "objectives[0] “x”: a key result that stands under no"},
        {R"({"kind":"goal","owner":"A","title":"x"})", "its kind is \"goal\""},
        {R"({"kind":"objective","owner":"A","title":7})", "\"title\" is not a text"},
        {R"({"kind":"objective","owner":"A","title":"x","score":7})", "its score is not a number from 0 to 1"},
        {R"({"kind":"objective","owner":"A","title":"x","children":{}})", "its children are not a list"},
        {R"({"kind":"objective","owner":"A","title":")" + std::string(501, 'x') + "\"}", "501 characters, 500"},
        {R"({"kind":"objective","owner":"A","title":"x","children":[{"kind":"key_result","title":"k","children":[
            {"kind":"key_result","title":"deep"}]}]})",
         "objectives[0].children[0].children[0] “deep”: a key result that stands under a key result"},
    };
    for (const row& each : rows) {
        INFO(each.node);
        CHECK(mistake(of_one(each.node)).find(each.told) != std::string::npos);
    }
    const auto both = mistake(of_one(rows[0].node + "," + rows[2].node));
    CHECK(both.find("2 mistakes; nothing was written") != std::string::npos);
    CHECK(both.find("objectives[1] “x”") != std::string::npos);
}

TEST_CASE("what the server would refuse is told with its place, too", "[cli]")
{
    const auto plan = planned(of_one(R"({"kind":"objective","owner":"A","title":"Grow"})"));
    document::document workspace{*document::find_schema("workspace")};
    const document::create_op person{"a", "person", "workspace", document::place_last{}, {}, {}};
    REQUIRE(workspace.accept({"ann", sequence{1}, revision{0}, {person}}, now_ms).has_value());
    const auto changes = cli::changes_for(plan.documents.at(0), workspace, now_ms);
    REQUIRE_FALSE(changes.has_value());
    CHECK(changes.error().message.find("objectives[0] “Grow”: its id \"a\" is that of a person already") !=
          std::string::npos);
}
