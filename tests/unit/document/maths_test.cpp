// The maths of key results, by tables with numbers computed by hand.
#include <cmath>
#include <limits>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "protocol/document/derive/progress.hpp"
#include "protocol/document/derive/status.hpp"
#include "protocol/document/derive/weights.hpp"

namespace okra::document {

namespace {

using number = std::optional<double>;
constexpr std::nullopt_t none = std::nullopt;

void check(const measurement& got, number progress, std::string_view error)
{
    CHECK(got.progress.has_value() == progress.has_value());
    if (got.progress && progress) CHECK(*got.progress == Catch::Approx(*progress).margin(1e-12));
    CHECK(got.error == error);
}

derive_context first_quarter(std::string_view today)
{
    derive_context context;
    context.today = *parse_date(today);
    context.cycle_start = parse_date("2026-01-01");
    context.cycle_end = parse_date("2026-04-01");  // 90 days
    return context;
}

}  // namespace

TEST_CASE("[CM4] linear progress, in either direction and outside 0 to 1", "[derive]")
{
    struct row {
        number start, target, current, progress;
        std::string_view error;
    };
    const row rows[] = {
        {0, 10, 4, 0.4, ""},
        {20, 10, 15, 0.5, ""},
        {20, 10, 25, -0.5, ""},
        {0, 10, 13, 1.3, ""},
        {-5, 5, 0, 0.5, ""},
        {10, 20, 10, 0, ""},
        {5, 5, 5, none, "start_equals_target"},
        {5, 5, none, none, "start_equals_target"},
        {0, 10, none, none, ""},
        {none, none, none, none, ""},
        {none, 10, 4, none, "start_missing"},
        {0, none, 4, none, "target_missing"},
        {0, 1e-300, 1e15, 1e6, ""},
        {0, -1e-300, 1e15, -1e6, ""},
    };
    for (const row& it : rows) check(measure_linear({it.start, it.target}, it.current), it.progress, it.error);
    CHECK_FALSE(std::signbit(*measure_linear({5, 0}, 5).progress));
}

TEST_CASE("[CM4] band: 1 inside, falling to 0 over the tolerance", "[derive]")
{
    struct row {
        number low, high, tolerance, current, progress;
        std::string_view error;
    };
    const row rows[] = {
        {90, 100, none, 95, 1, ""},
        {90, 100, none, 90, 1, ""},
        {90, 100, none, 100, 1, ""},
        {90, 100, none, 85.5, 0.5, ""},  // tolerance 9
        {90, 100, none, 81, 0, ""},
        {90, 100, none, 50, 0, ""},
        {90, 100, none, 105, 0.5, ""},  // tolerance 10
        {90, 100, 20, 105, 0.75, ""},
        {90, none, none, 1e9, 1, ""},
        {none, 100, none, -1e9, 1, ""},
        {-100, none, none, -105, 0.5, ""},  // 10 % of |−100|
        {0, none, none, -1, 0, ""},         // no width without a tolerance
        {0, none, 4, -1, 0.75, ""},
        {90, 100, 0, 101, 0, ""},
        {100, 90, none, 95, none, "band_reversed"},
        {none, none, none, 95, none, "band_missing"},
        {none, none, none, none, none, ""},
        {90, 100, none, none, none, ""},
    };
    for (const row& it : rows) check(measure_band({it.low, it.high, it.tolerance}, it.current), it.progress, it.error);
}

TEST_CASE("[CM4] zones: straight through the points", "[derive]")
{
    struct row {
        number start, commit, target, stretch, current, progress;
        std::string_view error;
    };
    const row rows[] = {
        {0, 30, 70, 100, 0, 0, ""},
        {0, 30, 70, 100, 15, 0.15, ""},
        {0, 30, 70, 100, 30, 0.3, ""},
        {0, 10, 20, 50, 15, 0.5, ""},
        {0, 10, 20, 50, 35, 0.85, ""},
        {0, 10, 20, 50, 80, 1.3, ""},
        {0, 10, 20, 50, -10, -0.3, ""},
        {100, 80, 60, 50, 70, 0.5, ""},
        {100, 80, 60, 50, 110, -0.15, ""},
        {0, none, 70, none, 35, 0.35, ""},
        {0, 50, 70, none, 80, 0.9, ""},
        {0, 30, 20, 50, 15, none, "zones_not_ordered"},
        {0, 10, 10, 50, none, none, "zones_not_ordered"},
        {none, 10, 20, 50, 15, none, "start_missing"},
        {0, 10, none, 50, 15, none, "target_missing"},
        {0, 10, 20, 50, none, none, ""},
    };
    for (const row& it : rows) {
        check(measure_zones({it.start, it.commit, it.target, it.stretch}, it.current), it.progress, it.error);
    }
}

TEST_CASE("[CM4] milestones by weight, yes/no", "[derive]")
{
    using shares = std::vector<milestone_share>;
    check(measure_milestones(shares{}), none, "");
    check(measure_milestones(shares{{1, true}, {1, false}, {1, false}, {1, false}}), 0.25, "");
    check(measure_milestones(shares{{3, true}, {1, false}}), 0.75, "");
    check(measure_milestones(shares{{0, true}, {0, false}}), 0.5, "");
    check(measure_milestones(shares{{1, false}}), 0, "");
    check(measure_yes_no(none), none, "");
    check(measure_yes_no(true), 1, "");
    check(measure_yes_no(false), 0, "");
}

TEST_CASE("[CM4] weights sum to 1 at three decimals", "[derive]")
{
    struct row {
        std::vector<number> pins;
        std::vector<std::uint32_t> shares;
    };
    const row rows[] = {
        {{}, {}},
        {{none}, {1000}},
        {{none, none}, {500, 500}},
        {{none, none, none}, {334, 333, 333}},
        {{none, none, none, none, none, none, none}, {143, 143, 143, 143, 143, 143, 142}},
        {{0.5, none, none}, {500, 250, 250}},
        {{none, 0.5, none, none}, {167, 500, 167, 166}},
        {{0.25, 0.25, none}, {250, 250, 500}},
        {{1.0, none}, {1000, 0}},
        {{0.0, none}, {0, 1000}},
        {{0.7, 0.7}, {500, 500}},           // too much: in proportion
        {{0.9, 0.3, none}, {750, 250, 0}},  // too much: nothing is left for the others
        {{0.2, 0.2}, {500, 500}},           // all pinned and too little: in proportion
        {{0.1, 0.2}, {333, 667}},
        {{0.0, 0.0}, {500, 500}},
        {{1.0}, {1000}},
        {{0.3}, {1000}},
        {{0.3335, 0.3335, 0.333}, {334, 333, 333}},
        {{-1.0, 7.0}, {0, 1000}},
    };
    for (const row& it : rows) {
        const auto shares = share_weights(it.pins);
        CHECK(shares == it.shares);
        std::uint32_t sum = 0;
        for (const std::uint32_t share : shares) sum += share;
        CHECK(sum == (it.pins.empty() ? 0 : whole_weight));
    }
}

TEST_CASE("[CM4] the pace is the share of the cycle that is over", "[derive]")
{
    CHECK(expected_progress(first_quarter("2025-12-31")) == none);
    CHECK(expected_progress(first_quarter("2026-01-01")) == 0.0);
    CHECK(expected_progress(first_quarter("2026-01-28")) == 0.3);
    CHECK(expected_progress(first_quarter("2026-04-01")) == 1.0);
    CHECK(expected_progress(first_quarter("2026-12-31")) == 1.0);
    derive_context context = first_quarter("2026-02-01");
    context.cycle_end = context.cycle_start;
    CHECK(expected_progress(context) == none);
    context.cycle_end.reset();
    CHECK(expected_progress(context) == none);
}

TEST_CASE("[CM4] the gap to the pace: up to .10 on track, up to .25 at risk", "[derive]")
{
    const derive_context context;
    CHECK(pace_status(0.5, 0.5, context) == status::on_track);
    CHECK(pace_status(0.5, 1.5, context) == status::on_track);
    CHECK(pace_status(0.6, 0.5, context) == status::on_track);
    CHECK(pace_status(0.5, 0.39, context) == status::at_risk);
    CHECK(pace_status(0.5, 0.25, context) == status::at_risk);
    CHECK(pace_status(0.9, 0.65, context) == status::at_risk);
    CHECK(pace_status(0.5, 0.24, context) == status::off_track);
    CHECK(pace_status(0.5, -0.5, context) == status::off_track);
}

TEST_CASE("[CM4] confidence: 7 and more green, 4 to 6 amber, less red", "[derive]")
{
    const derive_context context;
    CHECK(confidence_status(10, context) == status::on_track);
    CHECK(confidence_status(7, context) == status::on_track);
    CHECK(confidence_status(6.5, context) == status::at_risk);
    CHECK(confidence_status(4, context) == status::at_risk);
    CHECK(confidence_status(3, context) == status::off_track);
    CHECK(confidence_status(0, context) == status::off_track);
    for (int fingers = 1; fingers <= 5; ++fingers) CHECK(fist_to_confidence(fingers) == 2.0 * fingers);
}

TEST_CASE("[CM4] a vote is its median with its spread", "[derive]")
{
    CHECK(summarise_votes({}) == none);
    CHECK(summarise_votes(std::vector<double>{4}) == vote_summary{4, 4, 4});
    CHECK(summarise_votes(std::vector<double>{8, 2, 4}) == vote_summary{4, 2, 8});
    CHECK(summarise_votes(std::vector<double>{10, 2, 4, 8}) == vote_summary{6, 2, 10});
}

TEST_CASE("[CM4] closed > stale > none yet > worst of pace and confidence", "[derive]")
{
    const derive_context context = first_quarter("2026-01-28");  // pace .3
    const day_number today = context.today;
    struct row {
        const char* what;
        status_input input;
        status expected;
    };
    const row rows[] = {
        {"closed above all", {true, today - 50, 0.3, 0.3, 9}, status::closed},
        {"10 days are not stale", {false, today - 10, 0.3, 0.3, 9}, status::on_track},
        {"11 days are", {false, today - 11, 0.3, 0.3, 9}, status::stale},
        {"stale before none", {false, today - 11, none, none, none}, status::stale},
        {"never checked in is not stale", {false, none, 0.3, 0.3, none}, status::on_track},
        {"nothing known", {false, none, none, 0.3, none}, status::none},
        {"measured without a pace", {false, none, 0.3, none, none}, status::none},
        {"pace alone", {false, none, 0.1, 0.3, none}, status::at_risk},
        {"confidence alone", {false, none, none, none, 2}, status::off_track},
        {"the worse of both: confidence", {false, none, 0.3, 0.3, 5}, status::at_risk},
        {"the worse of both: pace", {false, none, 0.0, 0.3, 9}, status::off_track},
    };
    for (const row& it : rows) {
        INFO(it.what);
        CHECK(key_result_status(it.input, context) == it.expected);
    }
}

TEST_CASE("[CM4] the worse of two, and what an override shows", "[derive]")
{
    const status by_severity[] = {status::closed, status::none,    status::on_track,
                                  status::stale,  status::at_risk, status::off_track};
    for (std::size_t low = 0; low < std::size(by_severity); ++low) {
        for (std::size_t high = low; high < std::size(by_severity); ++high) {
            CHECK(worse(by_severity[low], by_severity[high]) == by_severity[high]);
            CHECK(worse(by_severity[high], by_severity[low]) == by_severity[high]);
        }
    }
    CHECK(shown_status(status::off_track, status::on_track) == status::on_track);
    CHECK(shown_status(status::off_track, none) == status::off_track);
    CHECK(shown_status(status::closed, status::on_track) == status::closed);
}

}  // namespace okra::document
