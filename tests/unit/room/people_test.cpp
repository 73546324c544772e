#include "server/room/people.hpp"

#include <set>

#include <catch2/catch_test_macros.hpp>

using namespace okra;
using okra::room::people;

TEST_CASE("[PR2] colours differ while there are enough", "[people]")
{
    people present;
    for (wire::session_number session = 1; session <= 12; ++session) present.join(session, "client", "name");
    std::set<std::uint32_t> colors;
    for (const wire::person& person : present.all()) colors.insert(person.color);
    CHECK(colors.size() == 12);

    present.join(13, "client", "name");
    CHECK(present.all().size() == 13);
}

TEST_CASE("[PR2] a client has the same colour in every document where nobody has taken it", "[people]")
{
    people plan;
    plan.join(1, "ann-0123456789", "Ann");
    people workspace;
    workspace.join(7, "somebody-else", "Else");
    workspace.join(9, "ann-0123456789", "Ann");
    CHECK(plan.all()[0].color == workspace.all()[1].color);

    people crowded;
    crowded.join(1, "ann-0123456789", "Ann");
    crowded.join(2, "ann-0123456789", "Ann");
    CHECK(crowded.all()[0].color == plan.all()[0].color);
    CHECK(crowded.all()[1].color != plan.all()[0].color);
}

TEST_CASE("[PR2] a colour that became free is given again", "[people]")
{
    people present;
    for (wire::session_number session = 1; session <= 12; ++session) present.join(session, "client", "name");
    const std::uint32_t freed = present.all()[4].color;
    present.leave(5);
    present.join(20, "client", "name");
    CHECK(present.all().back().color == freed);
}

TEST_CASE("[PR2] news tell each person once, and who has gone", "[people]")
{
    people present;
    present.join(1, "ann", "Ann");
    present.join(2, "bob", "Bob");
    static_cast<void>(present.take_news());
    CHECK_FALSE(present.has_news());

    present.place(1, wire::presence_place{.entity = "o1", .field = "title", .anchor = 1, .head = 1, .at = {}});
    present.place(1, wire::presence_place{.entity = "o1", .field = "title", .anchor = 2, .head = 2, .at = {}});
    present.leave(2);
    const wire::presence_delta news = present.take_news();
    REQUIRE(news.people.size() == 1);
    CHECK(news.people[0].at->anchor == 2);
    CHECK(news.gone == std::vector<wire::session_number>{2});
}

TEST_CASE("[PR3] someone who came and went between two tellings is only told as gone", "[people]")
{
    people present;
    present.join(1, "ann", "Ann");
    present.leave(1);
    const wire::presence_delta news = present.take_news();
    CHECK(news.people.empty());
    CHECK(news.gone == std::vector<wire::session_number>{1});
}

TEST_CASE("[PR2] joining again after lagging keeps the colour", "[people]")
{
    people present;
    present.join(1, "ann", "Ann");
    present.join(2, "bob", "Bob");
    const std::uint32_t color = present.all()[1].color;
    present.leave(1);
    present.join(2, "bob", "Bob");
    CHECK(present.all()[0].color == color);
}
