// Figures of whole plans.
#include "protocol/document/derive/derive.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

derive_context third_of_a_quarter()
{
    derive_context context;
    context.today = *parse_date("2026-01-28");
    context.cycle_start = parse_date("2026-01-01");
    context.cycle_end = parse_date("2026-04-01");
    return context;
}

create_op key_result(entity_id id, entity_id objective, std::vector<named_initial_value> fields)
{
    return create(std::move(id), "key_result", std::move(objective), std::move(fields));
}

std::vector<named_initial_value> linear(double start, double target, double current)
{
    return {{"start", start}, {"target", target}, {"current", current}};
}

// o1: k1 at .5, k2 at 1.2, k3 not measured. o2 without key results. o3: k4 yes/no, done.
desk with_plan()
{
    desk it;
    it.commit("ann",
              {create("o1", "objective", "plan"), create("o2", "objective", "plan"), create("o3", "objective", "plan"),
               key_result("k1", "o1", linear(0, 10, 5)), key_result("k2", "o1", linear(0, 10, 12)),
               key_result("k3", "o1", {{"start", 0.0}, {"target", 10.0}}),
               key_result("k4", "o3", {{"metric", "yes_no"}, {"done", true}, {"confidence", 5.0}})});
    return it;
}

std::string ids(const figure_keeper::delta& delta)
{
    std::string result;
    for (const auto& [id, row] : delta) result += (row ? "" : "-") + id + ' ';
    return result;
}

}  // namespace

TEST_CASE("[CM4] an objective is the weighted mean of its key results", "[derive]")
{
    desk it = with_plan();
    const figure_table table = derive(it.it(), third_of_a_quarter());

    CHECK(table.at("k1").progress == 0.5);
    CHECK(table.at("k2").progress == 1.2);
    CHECK(table.at("k3").progress == std::nullopt);
    CHECK(table.at("k1").weight == 0.334);
    CHECK(table.at("k3").weight == 0.333);
    // .334 · .5 + .333 · 1 + .333 · 0
    CHECK(*table.at("o1").progress == Catch::Approx(0.5));
    CHECK(table.at("o1").measured == 2U);
    CHECK(table.at("o1").of == 3U);
    CHECK(table.at("k1").expected == 0.3);
    CHECK(table.at("o1").expected == 0.3);
    CHECK(table.at("o1").shown == status::on_track);
}

TEST_CASE("[CM4] no key results: no figure, never 0", "[derive]")
{
    desk it = with_plan();
    const figure_table table = derive(it.it(), third_of_a_quarter());
    CHECK(table.at("o2").progress == std::nullopt);
    CHECK(table.at("o2").of == 0U);
    CHECK(table.at("o2").shown == status::none);
    CHECK(table.at("o2").expected == std::nullopt);
}

TEST_CASE("[CM4] the plan is the weighted mean of its objectives, with counts", "[derive]")
{
    desk it = with_plan();
    const figure_table table = derive(it.it(), third_of_a_quarter());
    const figures& plan = table.at("plan");
    // (.334 · .5 + .333 · 1) / .667; o2 has no figure
    CHECK(*plan.progress == Catch::Approx(0.74962518740629));
    CHECK(plan.measured == 3U);
    CHECK(plan.of == 4U);
    CHECK(plan.counts ==
          status_counts{.on_track = 2, .at_risk = 1, .off_track = 0, .stale = 0, .none = 1, .closed = 0});
    CHECK(plan.expected == 0.3);
    CHECK(plan.shown == std::nullopt);
    CHECK(table.size() == 8);
}

TEST_CASE("[CM4] a yes/no result has no pace: its confidence decides", "[derive]")
{
    desk it = with_plan();
    const figure_table table = derive(it.it(), third_of_a_quarter());
    CHECK(table.at("k4").expected == std::nullopt);
    CHECK(table.at("k4").computed == status::at_risk);
    CHECK(table.at("o3").computed == status::at_risk);
    CHECK(table.at("o3").expected == std::nullopt);
}

TEST_CASE("[CM4] each metric reads its own fields", "[derive]")
{
    desk it;
    it.commit(
        "ann",
        {create("o1", "objective", "plan"),
         key_result("band", "o1",
                    {{"metric", "band"}, {"low", 90.0}, {"high", 100.0}, {"tolerance", 20.0}, {"current", 105.0}}),
         key_result("zones", "o1",
                    {{"metric", "zones"},
                     {"start", 0.0},
                     {"commit", 10.0},
                     {"target", 20.0},
                     {"stretch", 50.0},
                     {"current", 35.0}}),
         key_result("percent", "o1", {{"metric", "percent"}, {"start", 20.0}, {"target", 80.0}, {"current", 50.0}}),
         key_result("currency", "o1", {{"metric", "currency"}, {"start", 5.0}, {"target", 5.0}}),
         key_result("milestones", "o1", {{"metric", "milestones"}}),
         create("m1", "milestone", "milestones", {{"weight", 3.0}, {"done", true}}),
         create("m2", "milestone", "milestones"), create("m3", "milestone", "milestones", {{"done", true}}),
         create("i1", "initiative", "milestones"), remove_op{"m3"}});
    const figure_table table = derive(it.it(), third_of_a_quarter());
    CHECK(table.at("band").progress == 0.75);
    CHECK(*table.at("zones").progress == Catch::Approx(0.85));
    CHECK(table.at("percent").progress == 0.5);
    CHECK(table.at("currency").error == "start_equals_target");
    CHECK(table.at("milestones").progress == 0.75);
    CHECK_FALSE(table.contains("m1"));
    CHECK(table.at("o1").measured == 4U);
}

TEST_CASE("[CM4] what is removed or abandoned does not count", "[derive]")
{
    desk it = with_plan();
    it.commit("ann", {remove_op{"k3"}, set("k1", "state", "abandoned"), set("o3", "state", "abandoned")});
    const figure_table table = derive(it.it(), third_of_a_quarter());
    CHECK_FALSE(table.contains("k3"));
    CHECK(table.at("k1").weight == std::nullopt);
    CHECK(table.at("k1").shown == status::closed);
    CHECK(table.at("k2").weight == 1.0);
    CHECK(table.at("o1").progress == 1.0);
    CHECK(table.at("o1").of == 1U);
    CHECK(table.at("o3").weight == std::nullopt);
    CHECK(table.at("o3").shown == status::closed);
    CHECK(table.at("k4").shown == status::closed);
    CHECK(table.at("plan").progress == 1.0);
    CHECK(table.at("plan").of == 1U);
}

TEST_CASE("[CM4] an override is shown, the computed status stays", "[derive]")
{
    desk it = with_plan();
    it.commit("ann", {set("k1", "status_override", "off_track")});
    figure_table table = derive(it.it(), third_of_a_quarter());
    CHECK(table.at("k1").computed == status::on_track);
    CHECK(table.at("k1").shown == status::off_track);
    CHECK(table.at("o1").computed == status::off_track);
    it.commit("ann", {set("o1", "status_override", "at_risk")});
    table = derive(it.it(), third_of_a_quarter());
    CHECK(table.at("o1").computed == status::off_track);
    CHECK(table.at("o1").shown == status::at_risk);
}

TEST_CASE("[CM4] stale: the last check-in is older than the rhythm and three days", "[derive]")
{
    desk it = with_plan();
    it.commit("ann", {create("c1", "check_in", "k1", {{"date", "2026-01-17"}}),
                      create("c2", "check_in", "k1", {{"date", "2026-01-03"}}), create("c3", "check_in", "k2")});
    CHECK(derive(it.it(), third_of_a_quarter()).at("k1").shown == status::stale);
    CHECK(derive(it.it(), third_of_a_quarter()).at("o1").shown == status::stale);
    CHECK(derive(it.it(), third_of_a_quarter()).at("k2").shown == status::on_track);
    it.commit("ann", {create("c4", "check_in", "k1", {{"date", "2026-01-18"}})});
    CHECK(derive(it.it(), third_of_a_quarter()).at("k1").shown == status::on_track);
    it.commit("ann", {remove_op{"c4"}});
    derive_context fortnightly = third_of_a_quarter();
    fortnightly.check_in_days = 14;
    CHECK(derive(it.it(), fortnightly).at("k1").shown == status::on_track);
}

TEST_CASE("[CM4] a check-in of the future does not keep a key result from being stale", "[derive]")
{
    // What was written before such days were refused (OP15): a replica takes what its server took.
    desk it = with_plan();
    it.commit("ann", {create("c1", "check_in", "k1", {{"date", "2026-01-31"}})});
    derive_context context = third_of_a_quarter();
    context.today = *parse_date("2026-01-29");
    CHECK(derive(it.it(), context).at("k1").shown == status::on_track);  // a calendar that is two days ahead
    context.today = *parse_date("2026-01-10");
    it.commit("ann", {create("c2", "check_in", "k1", {{"date", "2025-12-20"}})});
    CHECK(derive(it.it(), context).at("k1").shown == status::stale);
}

TEST_CASE("[CM4] a closed objective closes its key results", "[derive]")
{
    desk it = with_plan();
    it.commit("ann", {set("o1", "state", "closed")});
    const figure_table table = derive(it.it(), third_of_a_quarter());
    CHECK(table.at("o1").computed == status::closed);
    CHECK(table.at("k1").computed == status::closed);
    CHECK(table.at("k1").expected == std::nullopt);
    CHECK(*table.at("o1").progress == Catch::Approx(0.5));
    CHECK(table.at("plan").counts->closed == 3);
}

TEST_CASE("[CM4] only what an op can have altered is computed again", "[derive]")
{
    struct row {
        const char* what;
        std::vector<operation> ops;
        std::string changed;
    };
    const row rows[] = {
        {"text", {edit("k1", "title", {insert("x")})}, ""},
        {"votes", {add_op{"o1", "votes", 1}}, ""},
        {"sets", {include_op{"o1", "contributors", "p1"}, exclude_op{"o1", "contributors", "p1"}}, ""},
        {"other registers", {set("k1", "owner", "p1"), set("k1", "unit", "x")}, ""},
        {"other kinds", {create("x", "comment", "k1"), create("y", "not_doing", "plan"), remove_op{"x"}}, ""},
        {"a value", {set("k1", "current", 10.0)}, "k1 o1 plan "},
        {"the same value", {set("k1", "current", 5.0)}, ""},
        {"a value of a removed one", {remove_op{"k1"}, set("k1", "current", 1.0)}, "-k1 k2 k3 o1 plan "},
        {"an objective", {remove_op{"o3"}}, "-k4 o1 o2 -o3 plan "},
        {"a new objective", {create("o4", "objective", "plan")}, "o1 o2 o3 o4 plan "},
        {"a move", {move("k4", "o1")}, "k1 k2 k3 k4 o1 o3 plan "},
        {"a milestone",
         {set("k3", "metric", "milestones"), create("m1", "milestone", "k3", {{"done", true}})},
         "k3 o1 plan "},
    };
    for (const row& each : rows) {
        INFO(each.what);
        desk it = with_plan();
        figure_keeper keeper;
        CHECK(keeper.reset(it.it(), third_of_a_quarter()).size() == 8);
        const auto committed = it.commit("ann", each.ops);
        CHECK(ids(keeper.update(it.it(), committed.ops)) == each.changed);
        CHECK(keeper.table() == derive(it.it(), third_of_a_quarter()));
    }
}

TEST_CASE("[CM5] a new day brings what differs", "[derive]")
{
    desk it = with_plan();
    figure_keeper keeper;
    derive_context context = third_of_a_quarter();
    CHECK(keeper.reset(it.it(), context).size() == 8);
    CHECK(keeper.reset(it.it(), context).empty());
    ++context.today;
    CHECK(ids(keeper.reset(it.it(), context)) == "k1 k2 k3 o1 plan ");
    context.today = *parse_date("2025-12-01");
    static_cast<void>(keeper.reset(it.it(), context));
    CHECK(keeper.table().at("k1").expected == std::nullopt);
    CHECK(keeper.table().at("k1").shown == status::none);
}

}  // namespace okra::document
