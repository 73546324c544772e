#include "tools/cli/changes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace okra;

TEST_CASE("an array of operations is one change", "[cli]")
{
    const auto changes =
        cli::parse_changes(R"([{"op":"set","id":"kr1","field":"current","value":4},{"op":"remove","id":"o1"}])");
    REQUIRE(changes.has_value());
    REQUIRE(changes->size() == 1);
    CHECK((*changes)[0] == client::op_list{document::set_op{"kr1", "current", 4.0, {}}, document::remove_op{"o1"}});
}

TEST_CASE("an array of changes is as many", "[cli]")
{
    const auto changes =
        cli::parse_changes(R"([{"ops":[{"op":"remove","id":"a"}]},{"ops":[{"op":"restore","id":"a"}]}])");
    REQUIRE(changes.has_value());
    REQUIRE(changes->size() == 2);
    CHECK((*changes)[1] == client::op_list{document::restore_op{"a"}});
}

TEST_CASE("[OP1] a symbolic id is the same fresh id everywhere, and other dollars are text", "[cli]")
{
    const auto changes = cli::parse_changes(
        R"([{"op":"create","id":"$new","kind":"objective","parent":"plan","fields":{"title":"$1m and $new customers"}},)"
        R"({"op":"set","id":"$new","field":"state","value":"active"},{"op":"set","id":"$other","field":"state","value":"$1"}])");
    REQUIRE(changes.has_value());
    const auto& ops = (*changes)[0];
    const auto& created = std::get<document::create_op>(ops[0]);
    CHECK(created.id.size() == 12);
    CHECK(std::get<document::set_op>(ops[1]).id == created.id);
    CHECK(std::get<document::set_op>(ops[2]).id != created.id);
    CHECK(std::get<std::string>(created.fields[0].value) == "$1m and $new customers");
    CHECK(std::get<std::string>(std::get<document::set_op>(ops[2]).value) == "$1");
}

TEST_CASE("[OP13] what is not a change is refused with its rule", "[cli]")
{
    for (const auto* text : {"", "{}", "[1]", R"([{"ops":1}])", R"([{"op":"dance"}])", R"([{"op":"set","id":"a"}])"}) {
        INFO(text);
        CHECK_FALSE(cli::parse_changes(text).has_value());
    }
    CHECK(cli::parse_changes(R"([{"op":"dance"}])").error().message.find("OP13") != std::string::npos);
}
