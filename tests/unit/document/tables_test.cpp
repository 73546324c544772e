// The tables: schema, refusal codes, names, dates.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <simdjson.h>

#include "protocol/base/murmur3.hpp"
#include "protocol/document/date.hpp"
#include "protocol/document/errors.hpp"
#include "protocol/document/name.hpp"
#include "protocol/document/schema.hpp"

namespace okra::document {

namespace {

std::string read_source(const char* path)
{
    const std::ifstream file{std::filesystem::path{OKRA_SOURCE_DIR} / path};
    REQUIRE(file.is_open());
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

field_type type_named(std::string_view name)
{
    static const std::map<std::string_view, field_type> types{
        {"string", field_type::string}, {"number", field_type::number},    {"boolean", field_type::boolean},
        {"date", field_type::date},     {"enum", field_type::enumeration}, {"reference", field_type::reference},
        {"set", field_type::set},       {"counter", field_type::counter},  {"text", field_type::text}};
    return types.at(name);
}

void compare_field(const field_schema& field, simdjson::dom::element json)
{
    CHECK(field.type == type_named(json["type"]));
    bool once = false;
    if (json["once"].get(once) != simdjson::SUCCESS) once = false;
    CHECK(field.once == once);
    std::string_view until;
    if (json["until"].get(until) != simdjson::SUCCESS) until = {};
    CHECK(field.until_today == (until == "today"));
    double min = 0;
    double max = 0;
    const bool has_min = json["min"].get(min) == simdjson::SUCCESS;
    const bool has_max = json["max"].get(max) == simdjson::SUCCESS;
    if (field.type == field_type::number) {
        CHECK(field.min == (has_min ? min : -limits::number_magnitude));
        CHECK(field.max == (has_max ? max : limits::number_magnitude));
    } else if (has_max) {
        CHECK(field.max_length == static_cast<std::uint32_t>(max));
    }
    simdjson::dom::array values;
    if (json["values"].get(values) == simdjson::SUCCESS) {
        REQUIRE(values.size() == field.values.size());
        std::size_t index = 0;
        for (const auto value : values) CHECK(std::string_view{value} == field.values[index++]);
    }
}

}  // namespace

TEST_CASE("[OP12] the compiled tables are schema.json", "[document][schema]")
{
    simdjson::dom::parser parser;
    const auto json = parser.parse(read_source("protocol/schema.json"));
    const simdjson::dom::object documents{json["documents"]};
    REQUIRE(documents.size() == all_schemas().size());
    for (const auto [name, document_json] : documents) {
        const document_schema* schema = find_schema(name);
        REQUIRE(schema != nullptr);
        CHECK(schema->root == std::string_view{document_json["root"]});
        const simdjson::dom::object kinds{document_json["kinds"]};
        REQUIRE(kinds.size() == schema->kinds.size());
        for (const auto [kind_name, kind_json] : kinds) {
            const kind_schema* kind = schema->find(kind_name);
            REQUIRE(kind != nullptr);
            std::int64_t depth = 0;
            if (kind_json["depth"].get(depth) != simdjson::SUCCESS) depth = 0;
            CHECK(kind->depth_max == depth);
            const simdjson::dom::array parents{kind_json["parents"]};
            REQUIRE(parents.size() == kind->parents.size());
            for (const auto parent : parents) CHECK(kind->may_stand_under(parent));
            const simdjson::dom::object fields{kind_json["fields"]};
            REQUIRE(fields.size() == kind->fields.size());
            for (const auto [field_name, field_json] : fields) {
                const field_schema* field = kind->find(field_name);
                REQUIRE(field != nullptr);
                compare_field(*field, field_json);
            }
        }
    }
}

TEST_CASE("[AU2] schema.json belongs to its version", "[document][schema]")
{
    INFO("schema.json was changed: its `version` goes up, then update the pin");
    CHECK(schema_version == 2);
    CHECK(murmur3_x86_128(read_source("protocol/schema.json"))[0] == 0x951b7e13);
}

TEST_CASE("[ER6] the compiled limits are schema.json's", "[document][schema]")
{
    simdjson::dom::parser parser;
    const auto json = parser.parse(read_source("protocol/schema.json"));
    const std::map<std::string_view, double> compiled{
        {"id_length", static_cast<double>(limits::id_length)},
        {"reference_length", static_cast<double>(limits::reference_length)},
        {"message_bytes", static_cast<double>(limits::message_bytes)},
        {"ops_per_change", static_cast<double>(limits::ops_per_change)},
        {"entities_per_document", static_cast<double>(limits::entities_per_document)},
        {"text_bytes_per_document", static_cast<double>(limits::text_bytes_per_document)},
        {"set_members", static_cast<double>(limits::set_members)},
        {"tree_depth", static_cast<double>(limits::tree_depth)},
        {"number_magnitude", limits::number_magnitude},
        {"json_depth", static_cast<double>(limits::json_depth)},
        {"open_documents_per_session", static_cast<double>(limits::open_documents_per_session)},
        {"name_length", static_cast<double>(limits::name_length)}};
    const simdjson::dom::object limits_json{json["limits"]};
    CHECK(limits_json.size() == compiled.size());
    for (const auto [name, value] : limits_json) CHECK(compiled.at(name) == double{value});
}

TEST_CASE("[ER6] every refusal code has a name of its own and a rule that SPEC.md holds", "[document][errors]")
{
    const std::string spec = read_source("protocol/SPEC.md");
    std::set<std::string_view> names;
    for (int index = 0; index <= static_cast<int>(refusal_code::subtree_changed); ++index) {
        const auto code = static_cast<refusal_code>(index);
        CHECK(names.insert(name_of(code)).second);
        CHECK(refusal_code_named(name_of(code)) == code);
        CHECK(spec.find("**" + std::string{rule_of(code)} + "**") != std::string::npos);
        CHECK(spec.find("`" + std::string{name_of(code)} + "`") != std::string::npos);
    }
    CHECK_FALSE(refusal_code_named("no_such_code").has_value());
}

TEST_CASE("[OD1] a document's name is its address", "[document][name]")
{
    const auto workspace = parse_name("acme/workspace");
    REQUIRE(workspace.has_value());
    CHECK(workspace->workspace() == "acme");
    CHECK(workspace->schema == find_schema("workspace"));
    CHECK(workspace->team.empty());

    const auto plan = parse_name("acme/plan/team_1/2026-Q1");
    REQUIRE(plan.has_value());
    CHECK(plan->full == "acme/plan/team_1/2026-Q1");
    CHECK(plan->workspace() == "acme");
    CHECK(plan->schema == find_schema("plan"));
    CHECK(plan->team == "team_1");
    CHECK(plan->cycle == "2026-Q1");

    const std::string long_id(limits::id_length + 1, 'x');
    for (const std::string& bad : std::vector<std::string>{
             "", "/", "acme", "acme/", "/workspace", "acme/plan", "acme/plan/team", "acme/plan/team/",
             "acme/plan//cycle", "acme/plan/team/cycle/more", "acme/workspace/x", "acme/other", "acme/Plan/team/cycle",
             "ac me/workspace", "acme/plan/te.am/cycle", "目标/workspace", long_id + "/workspace", "acme/workspace/"}) {
        CHECK_FALSE(parse_name(bad).has_value());
    }
}

TEST_CASE("[OP12] ids and references", "[document][name]")
{
    CHECK(is_id("aZ09_-"));
    CHECK(is_id(std::string(limits::id_length, 'a')));
    CHECK_FALSE(is_id(std::string(limits::id_length + 1, 'a')));
    CHECK_FALSE(is_id(""));
    CHECK_FALSE(is_id("a/b"));
    CHECK_FALSE(is_id("é"));
    CHECK(is_reference("plan/team/cycle/id"));
    CHECK(is_reference(std::string(limits::reference_length, 'a')));
    CHECK_FALSE(is_reference(std::string(limits::reference_length + 1, 'a')));
    CHECK_FALSE(is_reference(""));
    CHECK_FALSE(is_reference("a b"));
}

TEST_CASE("[OP12] dates are days that the calendar has", "[document][date]")
{
    struct row {
        std::string_view text;
        day_number day;
    };
    for (const row& it : {row{"1970-01-01", 0}, row{"1969-12-31", -1}, row{"2000-02-29", 11016},
                          row{"2026-01-01", 20454}, row{"0000-01-01", -719528}, row{"9999-12-31", 2932896}}) {
        CHECK(parse_date(it.text) == it.day);
        CHECK(format_date(it.day) == it.text);
    }
    for (const std::string_view bad :
         {"", "2026-1-01", "2026-01-1", "2026-13-01", "2026-00-10", "2026-02-29", "1900-02-29", "2026-01-32",
          "2026-01-00", "2026/01/01", "20260101", "2026-01-01 ", "-026-01-01", "2026-01-0a", "+026-01-01",
          "12026-01-01", "202601-01-01", "+012026-01-01"}) {
        CHECK_FALSE(parse_date(bad).has_value());
    }
}

TEST_CASE("[OP15] today has begun somewhere on Earth", "[document][date]")
{
    constexpr std::int64_t hour_ms = 3'600'000;
    const std::int64_t noon_ms = *parse_date("2026-01-28") * 24 * hour_ms + 12 * hour_ms;
    CHECK(latest_today(noon_ms - 2 * hour_ms - 1) == parse_date("2026-01-28"));
    CHECK(latest_today(noon_ms - 2 * hour_ms) == parse_date("2026-01-29"));
    CHECK(latest_today(-15 * hour_ms) == -1);
}

}  // namespace okra::document
