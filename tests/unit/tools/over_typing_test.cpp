// Two people type over selections and go on, at the same places and the same time: in every order in which their keys
// are pressed and their changes travel, each word comes out whole (TX6). The states that the orders lead to are looked
// at once each. The web client's test of that name does the same.
#include <array>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "protocol/document/text.hpp"
#include "tools/client/pending.hpp"

namespace okra {

namespace {

using document::edit_op;
using document::text_edit;
using document::text_side;

struct committed_edit {
    std::string by;
    text_edit edit;
};

struct typist {
    std::string id;
    std::string word;
    std::uint64_t from = 0;  // the selection, or the caret
    std::uint64_t to = 0;
    std::size_t typed = 0;  // letters
    std::string over = {};  // what was seen in the selection and typed over
    std::string confirmed = {};
    std::size_t revision = 0;
    std::deque<client::op_list> pending = {};  // at most two: in flight, and next
    bool in_flight = false;

    [[nodiscard]] std::string text() const
    {
        std::string shown = confirmed;
        for (const auto& ops : pending) shown = client::with_edits(shown, ops, "o", "title");
        return shown;
    }
};

struct room {
    std::vector<committed_edit> log;
    std::array<typist, 2> typists;
};

text_edit& edit_of(client::op_list& ops)
{
    return std::get<edit_op>(ops.front()).edit;
}

void type(typist& it)
{
    const std::string before = it.text();  // ASCII
    it.over += before.substr(it.from, it.to - it.from);
    client::op_list ops{edit_op{"o",
                                "title",
                                {document::text_skip{it.from}, document::text_insert{it.word.substr(it.typed++, 1)},
                                 document::text_delete{it.to - it.from}}}};
    client::fit_edits(ops, [&](std::string_view, std::string_view) { return before; });
    if (it.pending.size() > (it.in_flight ? 1U : 0U)) {
        client::append_coalesced(it.pending.back(), std::move(ops));
    } else {
        it.pending.push_back(std::move(ops));
    }
    it.to = ++it.from;
}

// The server's part (TX3).
void send(room& in, typist& it)
{
    text_edit edit = edit_of(it.pending.front());
    for (std::size_t at = it.revision; at < in.log.size(); ++at) {
        edit = document::transform(std::move(edit), in.log[at].edit, document::side_of(it.id, in.log[at].by));
    }
    in.log.push_back({it.id, std::move(edit)});
    it.in_flight = true;
}

void receive(typist& it, const committed_edit& next)
{
    it.confirmed = document::apply(it.confirmed, next.edit);
    ++it.revision;
    if (next.by == it.id) {
        it.pending.pop_front();
        it.in_flight = false;
        return;
    }
    client::op_list remote{edit_op{"o", "title", next.edit}};
    for (auto& ops : it.pending) client::rebase(ops, remote, {it.id, next.by});
    const text_edit& shown = edit_of(remote);
    const auto caret = it.to;
    it.from = document::transform_position(it.from, shown, text_side::right);
    it.to = document::transform_position(it.to, shown, text_side::left);
    if (it.from < it.to) return;
    const auto side = it.typed > 0 ? text_side::left : document::side_of(it.id, next.by);
    it.from = it.to = document::transform_position(caret, shown, side);
}

std::vector<room> steps_from(const room& now)
{
    std::vector<room> out;
    for (std::size_t who = 0; who < now.typists.size(); ++who) {
        const typist& it = now.typists[who];
        const auto step = [&]() -> room& { return out.emplace_back(now); };
        if (it.typed < it.word.size()) type(step().typists[who]);
        if (!it.in_flight && !it.pending.empty()) {
            room& next = step();
            send(next, next.typists[who]);
        }
        if (it.revision < now.log.size()) receive(step().typists[who], now.log[it.revision]);
    }
    return out;
}

std::string printed(const text_edit& edit)
{
    std::string out;
    for (const auto& component : edit) {
        if (const auto* skip = std::get_if<document::text_skip>(&component)) out += fmt::format(" {}", skip->count);
        if (const auto* gone = std::get_if<document::text_delete>(&component)) out += fmt::format(" -{}", gone->count);
        if (const auto* come = std::get_if<document::text_insert>(&component)) out += " +" + come->text;
    }
    return out + ";";
}

// What makes two rooms one.
std::string printed(const room& it)
{
    std::string out;
    for (const auto& [by, edit] : it.log) out += by + printed(edit);
    for (const typist& who : it.typists) {
        out += fmt::format("|{} {} {} {} {} {} {}", who.confirmed, who.typed, who.from, who.to, who.over, who.revision,
                           who.in_flight);
        for (const auto& ops : who.pending) out += printed(std::get<edit_op>(ops.front()).edit);
    }
    return out;
}

// Both have one text, and in it both words, but for letters that the other had seen selected.
std::string checked_end(const room& end)
{
    const std::string text = end.typists[0].text();
    CHECK(end.typists[1].text() == text);
    const std::string over = end.typists[0].over + end.typists[1].over;
    for (const typist& it : end.typists) {
        std::string left = it.word;
        std::erase_if(left, [&](char letter) { return over.find(letter) != std::string::npos; });
        INFO(left << " in " << text);
        CHECK(text.find(left) != std::string::npos);
    }
    return text;
}

// Every text that two such typists can end with.
std::set<std::string> outcomes(const std::string& before, typist one, typist two)
{
    one.confirmed = two.confirmed = before;
    std::vector<room> rooms{{{}, {std::move(one), std::move(two)}}};
    std::set<std::string> seen;
    std::set<std::string> ends;
    while (!rooms.empty()) {
        const room now = std::move(rooms.back());
        rooms.pop_back();
        if (!seen.insert(printed(now)).second) continue;
        auto next = steps_from(now);
        if (next.empty()) ends.insert(checked_end(now));
        for (auto& it : next) rooms.push_back(std::move(it));
    }
    return ends;
}

}  // namespace

TEST_CASE("[TX6] a word typed over a selection is not torn by what is typed right behind, nor tears it", "[client]")
{
    using texts = std::set<std::string>;
    const auto typed = [](std::string over, std::string behind) {
        return outcomes("Grow by 20", {.id = std::move(over), .word = "thi", .from = 8, .to = 10},
                        {.id = std::move(behind), .word = "%of", .from = 10, .to = 10});
    };
    CHECK(typed("a", "b") == texts{"Grow by thi%of"});
    // The second where who types over has seen the other begin.
    CHECK(typed("b", "a") == texts{"Grow by %ofthi", "Grow by thi%of"});
}

TEST_CASE("[TX6] words come out whole wherever two people begin, in every order of keys and messages", "[client]")
{
    const std::string before = "123";
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (std::uint64_t from = 0; from <= before.size(); ++from) {
        for (std::uint64_t to = from; to <= before.size(); ++to) ranges.emplace_back(from, to);
    }
    for (const auto& mine : ranges) {
        for (const auto& theirs : ranges) {
            for (const bool smaller : {true, false}) {
                INFO(fmt::format("{} and {}, the first client has the smaller id: {}", mine, theirs, smaller));
                static_cast<void>(
                    outcomes(before, {.id = smaller ? "a" : "b", .word = "xy", .from = mine.first, .to = mine.second},
                             {.id = smaller ? "b" : "a", .word = "PQ", .from = theirs.first, .to = theirs.second}));
            }
        }
    }
}

}  // namespace okra
