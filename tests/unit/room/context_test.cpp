#include "server/room/context.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace okra;
using document::change;
using document::create_op;
using document::derive_context;
using document::find_schema;
using document::parse_date;
using document::place_last;
using document::remove_op;
using document::set_op;

namespace {

document::document workspace_with_cycle()
{
    document::document it{*find_schema("workspace")};
    create_op cycle{.id = "q4",
                    .kind = "cycle",
                    .parent = "workspace",
                    .after = place_last{},
                    .fields = {{"start", std::string{"2026-10-01"}}, {"end", std::string{"2026-12-31"}}},
                    .position = {}};
    set_op days{.id = "workspace", .field = "check_in_days", .value = 14.0, .over = {}};
    const change all{.client = "ann", .seq = {1}, .base = {0}, .ops = {cycle, days}};
    REQUIRE(it.accept(all, 0).has_value());
    return it;
}

}  // namespace

TEST_CASE("a plan's context takes its cycle's dates and the workspace's thresholds", "[context]")
{
    const derive_context context = room::plan_context(workspace_with_cycle(), "q4", 20'000);
    CHECK(context.today == 20'000);
    CHECK(context.cycle_start == parse_date("2026-10-01"));
    CHECK(context.cycle_end == parse_date("2026-12-31"));
    CHECK(context.check_in_days == 14);
    CHECK(context.pace_on_track_gap == derive_context{}.pace_on_track_gap);
}

TEST_CASE("an unknown or removed cycle has no dates", "[context]")
{
    document::document workspace = workspace_with_cycle();
    CHECK_FALSE(room::plan_context(workspace, "q5", 0).cycle_start);
    CHECK_FALSE(room::plan_context(workspace, "workspace", 0).cycle_start);

    const change removal{.client = "ann", .seq = {2}, .base = {1}, .ops = {remove_op{.id = "q4"}}};
    REQUIRE(workspace.accept(removal, 0).has_value());
    CHECK_FALSE(room::plan_context(workspace, "q4", 0).cycle_start);
}
