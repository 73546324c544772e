// What was written on top of an edit follows its characters, wherever the edit turns out to stand.
#include "tools/client/relocation.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "protocol/base/prng.hpp"

using namespace okra;
using document::text_delete;
using document::text_edit;
using document::text_insert;
using document::text_skip;

namespace {

// No character twice, so that each can be followed.
class alphabet {
public:
    std::string next(std::uint64_t count)
    {
        std::string out;
        for (; count > 0; --count, ++last_) {
            out += static_cast<char>(0xE4 + last_ / 4096);
            out += static_cast<char>(0x80 + last_ / 64 % 64);
            out += static_cast<char>(0x80 + last_ % 64);
        }
        return out;
    }

private:
    unsigned last_ = 0;
};

std::vector<std::string> characters(const std::string& text)
{
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size(); at += 3) out.push_back(text.substr(at, 3));
    return out;
}

text_edit some_edit(prng& random, std::uint64_t length, alphabet& letters)
{
    text_edit edit;
    std::uint64_t left = length;
    for (auto parts = random.below(5); parts > 0; --parts) {
        const auto skipped = random.below(left + 1);
        edit.emplace_back(text_skip{skipped});
        left -= skipped;
        edit.emplace_back(text_insert{letters.next(random.below(4))});
        const auto deleted = random.below(3) == 0 ? random.below(left + 1) : 0;
        edit.emplace_back(text_delete{deleted});
        left -= deleted;
    }
    return document::normalise(std::move(edit));
}

// The same words, at other places.
text_edit elsewhere(prng& random, const text_edit& edit, std::uint64_t length)
{
    text_edit moved;
    std::uint64_t left = length;
    for (const auto& component : edit) {
        const auto* words = std::get_if<text_insert>(&component);
        if (words == nullptr) continue;
        const auto skipped = random.below(left + 1);
        moved.emplace_back(text_skip{skipped});
        left -= skipped;
        moved.push_back(*words);
    }
    return document::normalise(std::move(moved));
}

// The nearest character on the left that is in `known`; "": the beginning.
std::string left_of(const std::vector<std::string>& text, std::size_t at, const std::set<std::string>& known)
{
    while (at > 0 && !known.contains(text[at - 1])) --at;
    return at == 0 ? "" : text[at - 1];
}

std::set<std::string> set_of(const std::vector<std::string>& text)
{
    return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("[RB4] [RB7] an insertion follows the words that it was typed into", "[client]")
{
    // "x x" with A behind the first x, then with A behind the second.
    client::relocation moved{{text_skip{1}, text_insert{"A"}}, {text_skip{3}, text_insert{"A"}}, 3};
    CHECK(moved.carry({text_skip{2}, text_insert{"B"}}) == text_edit{text_skip{4}, text_insert{"B"}});
    CHECK(moved.carry({text_skip{3}, text_insert{"C"}}) == text_edit{text_skip{5}, text_insert{"C"}});
    CHECK(moved.carry({text_skip{1}, text_delete{1}}) == text_edit{text_skip{3}, text_delete{1}});
}

TEST_CASE("[RB4] [RB7] whatever is carried inserts behind the same characters and deletes the same", "[client]")
{
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        CAPTURE(seed);
        prng random{seed};
        alphabet letters;
        const auto length = random.below(12);
        const std::string text = letters.next(length);
        const text_edit expected = some_edit(random, length, letters);
        const text_edit actual = elsewhere(random, expected, length);
        client::relocation moved{expected, actual, length};

        std::string there = document::apply(text, expected);
        std::string here = document::apply(text, actual);
        for (int layer = 0; layer < 3; ++layer) {
            const auto there_before = characters(there);
            const auto here_before = set_of(characters(here));
            const bool inserts_only_once = random.below(2) == 0;
            const text_edit edit = inserts_only_once ? text_edit{text_skip{random.below(there_before.size() + 1)},
                                                                 text_insert{letters.next(2)}}
                                                     : some_edit(random, there_before.size(), letters);
            const text_edit carried = moved.carry(edit);
            CHECK(document::clamp(carried, here_before.size()) == carried);
            there = document::apply(there, edit);
            here = document::apply(here, carried);

            const auto now_there = characters(there);
            const auto now_here = characters(here);
            const auto in_there = set_of(now_there);
            const auto in_here = set_of(now_here);
            for (const auto& it : there_before) {
                if (!in_there.contains(it)) CHECK_FALSE(in_here.contains(it));
            }
            const auto were_there = set_of(there_before);
            for (const auto& it : here_before) {
                if (in_there.contains(it) || !were_there.contains(it)) CHECK(in_here.contains(it));
            }
            for (std::size_t at = 0; at < now_there.size(); ++at) {
                if (were_there.contains(now_there[at])) continue;
                const auto place = std::ranges::find(now_here, now_there[at]);
                REQUIRE(place != now_here.end());
                if (!inserts_only_once) break;
                CHECK(left_of(now_here, static_cast<std::size_t>(place - now_here.begin()), in_here) ==
                      left_of(now_there, at, in_here));
            }
        }
    }
}
