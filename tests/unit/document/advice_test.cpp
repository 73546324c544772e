// What is doubtful and stands all the same.
#include "protocol/document/derive/advice.hpp"

#include <catch2/catch_test_macros.hpp>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/derive/weights.hpp"
#include "tests/unit/document/desk.hpp"

namespace okra::document {

namespace {

using words = std::vector<std::string>;

derive_context first_quarter()
{
    derive_context context;
    context.today = *parse_date("2026-01-28");
    context.cycle_start = parse_date("2026-01-01");
    context.cycle_end = parse_date("2026-03-31");
    return context;
}

// o1 with k1 and k2; o2.
desk with_plan()
{
    desk it;
    it.commit("ann", {create("o1", "objective", "plan"), create("k1", "key_result", "o1"),
                      create("k2", "key_result", "o1"), create("o2", "objective", "plan")});
    return it;
}

words told(const figure_table& table, const entity_id& id)
{
    const auto row = table.find(id);
    return row == table.end() ? words{} : row->second.advice;
}

}  // namespace

TEST_CASE("[CM7] a due date outside of the cycle", "[derive]")
{
    const words outside{"due_outside_cycle"};
    struct row {
        const char* due;
        words advice;
    };
    for (const row& each :
         {row{"2025-12-31", outside}, row{"2026-01-01", {}}, row{"2026-03-31", {}}, row{"2026-04-01", outside}}) {
        INFO(each.due);
        desk it = with_plan();
        it.commit("ann", {set("k1", "due", each.due), create("m1", "milestone", "k2", {{"due", each.due}}),
                          create("i1", "initiative", "k2", {{"due", each.due}})});
        const figure_table table = derive(it.it(), first_quarter());
        CHECK(told(table, "k1") == each.advice);
        CHECK(told(table, "m1") == each.advice);
        CHECK(told(table, "i1") == each.advice);
        CHECK(told(table, "k2").empty());
    }
}

TEST_CASE("[CM7] nothing is due any more in what is over, nor outside of a cycle without dates", "[derive]")
{
    desk it = with_plan();
    it.commit("ann", {set("k1", "due", "2027-01-01"), create("m1", "milestone", "k2", {{"due", "2027-01-01"}})});
    CHECK(told(derive(it.it(), {}), "k1").empty());
    CHECK_FALSE(derive(it.it(), {}).contains("m1"));
    it.commit("ann", {set("k1", "state", "closed"), set("m1", "done", true)});
    CHECK(told(derive(it.it(), first_quarter()), "k1").empty());
    CHECK_FALSE(derive(it.it(), first_quarter()).contains("m1"));
}

TEST_CASE("[CM7] a key result is done only where its metric says so", "[derive]")
{
    const words outside{"due_outside_cycle"};
    desk it = with_plan();
    it.commit("ann", {set("k1", "due", "2027-01-01"), set("k1", "metric", "yes_no"), set("k1", "done", true)});
    CHECK(told(derive(it.it(), first_quarter()), "k1").empty());
    it.commit("ann", {set("k1", "metric", "number")});
    CHECK(told(derive(it.it(), first_quarter()), "k1") == outside);
}

TEST_CASE("[CM7] a check-in on a time before the cycle", "[derive]")
{
    desk it = with_plan();
    it.commit("ann", {create("c1", "check_in", "k1", {{"date", "2025-12-31"}}),
                      create("c2", "check_in", "k1", {{"date", "2026-01-01"}})});
    const figure_table table = derive(it.it(), first_quarter());
    CHECK(told(table, "c1") == words{"dated_before_cycle"});
    CHECK_FALSE(table.contains("c2"));
}

TEST_CASE("[CM7] pinned weights that do not sum to 1", "[derive]")
{
    const words scaled{"weights_scaled"};
    desk it = with_plan();
    it.commit("ann", {set("k1", "weight", 0.7), set("k2", "weight", 0.6)});
    figure_table table = derive(it.it(), first_quarter());
    CHECK(told(table, "k1") == scaled);
    CHECK(told(table, "k2") == scaled);
    CHECK(table.at("k1").weight == 0.538);
    CHECK(told(table, "o1").empty());

    it.commit("ann", {set("k1", "weight", 0.4), set("o1", "weight", 0.2), set("o2", "weight", 0.3)});
    table = derive(it.it(), first_quarter());
    CHECK(told(table, "k1").empty());
    CHECK(told(table, "o1") == scaled);
    CHECK(told(table, "o2") == scaled);
}

TEST_CASE("[CM7] thirds written with two decimals are the whole", "[derive]")
{
    struct row {
        std::vector<std::optional<double>> pins;
        bool scaled;
    };
    for (const row& each :
         {row{{.33, .33, .33}, false}, row{{.333, .333, .333}, false}, row{{.7, .3}, false},
          row{{.7, std::nullopt}, false}, row{{1, std::nullopt}, false}, row{{.7, .6}, true},
          row{{.7, .6, std::nullopt}, true}, row{{.3, .4}, true}, row{{0, 0}, true}, row{{}, false}}) {
        CHECK(are_scaled(each.pins, share_weights(each.pins)) == each.scaled);
    }
}

TEST_CASE("[CM7] a cycle that ends before it starts: said at its plans, which have no pace", "[derive]")
{
    desk it = with_plan();
    it.commit("ann", {set("k1", "due", "2026-02-01")});
    derive_context reversed = first_quarter();
    std::swap(reversed.cycle_start, reversed.cycle_end);
    const figure_table table = derive(it.it(), reversed);
    CHECK(told(table, "plan") == words{"cycle_ends_before_start"});
    CHECK(table.at("k1").expected == std::nullopt);
    CHECK(told(table, "k1").empty());
    CHECK(told(derive(it.it(), first_quarter()), "plan").empty());
}

TEST_CASE("[CM7] a cycle that ends before it starts: said at the cycle, and kept up to date", "[derive]")
{
    desk it{"workspace"};
    figure_keeper keeper;
    CHECK(keeper.reset(it.it(), {}).empty());
    struct row {
        std::vector<operation> ops;
        std::vector<entity_id> told;
    };
    const row rows[] = {
        {{create("y", "cycle", "workspace", {{"start", "2026-01-01"}, {"end", "2026-12-31"}}),
          create("q", "cycle", "y", {{"start", "2026-04-01"}})},
         {}},
        {{set("q", "end", "2026-03-31")}, {"q"}},
        {{edit("q", "name", {insert("Q2")}), create("t", "team", "workspace")}, {"q"}},
        {{set("y", "end", "2025-12-31")}, {"q", "y"}},
        {{remove_op{"y"}}, {}},
        {{restore_op{"y"}, set("y", "end", "2026-01-01")}, {"q"}},
        {{set("q", "start", null_value{})}, {}},
    };
    for (const row& each : rows) {
        const auto committed = it.commit("ann", each.ops);
        static_cast<void>(keeper.update(it.it(), committed.ops));
        std::vector<entity_id> ids;
        for (const auto& [id, figures] : keeper.table()) {
            CHECK(figures.advice == words{"cycle_ends_before_start"});
            ids.push_back(id);
        }
        CHECK(ids == each.told);
        CHECK(keeper.table() == derive(it.it(), {}));
    }
}

TEST_CASE("[CM7] a roll-up that is not summed yet is said where it was set before it was refused", "[derive]")
{
    desk it = with_plan();
    CHECK(it.refuse("ann", {set("o1", "roll_up", "aligned")}).code == refusal_code::invalid_value);
    CHECK(it.refuse("ann", {set("k1", "roll_up", "sum_of_aligned")}).code == refusal_code::invalid_value);
    it.commit("ann", {set("o1", "roll_up", "own")});
    CHECK(told(derive(it.it(), first_quarter()), "o1").empty());

    document stored{*find_schema("plan")};
    create_op as_committed = create("o1", "objective", "plan", {{"roll_up", "both"}});
    as_committed.position = "a0";
    REQUIRE(stored.replay({"ann", {1}, 0, {as_committed}}).has_value());
    CHECK(told(derive(stored, first_quarter()), "o1") == words{"roll_up_of_own"});
}

TEST_CASE("[OP15] a report on a day that has not come yet is refused", "[document]")
{
    // The desk's clock: 2026-09-21, 14:13 UTC, so that it is the 22nd in the far east.
    desk it = with_plan();
    it.commit("ann", {create("c1", "check_in", "k1", {{"date", "2026-09-22"}})});
    it.commit("ann", {create("c2", "check_in", "k1", {{"date", null_value{}}})});
    for (const char* date : {"2026-09-23", "2099-01-01", "9999-12-31"}) {
        const refusal why = it.refuse("ann", {create("c3", "check_in", "k1", {{"date", date}})});
        CHECK(why.code == refusal_code::out_of_range);
        CHECK(why.op_index == 0U);
    }
    it.commit("ann", {set("k1", "due", "2099-01-01")});

    desk workspace{"workspace"};
    workspace.commit("ann", {create("h1", "health_metric", "workspace")});
    CHECK(workspace.refuse("ann", {create("r1", "reading", "h1", {{"date", "2026-09-23"}})}).code ==
          refusal_code::out_of_range);
}

}  // namespace okra::document
