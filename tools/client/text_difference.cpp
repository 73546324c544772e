#include "tools/client/text_difference.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace okra::client {

namespace {

// Where more words differ, a search ends at the furthest point and the next one begins there: it costs the square of
// the differences.
constexpr int differences_max = 400;

using words = std::span<const std::string_view>;

bool continues_code_point(char it)
{
    return (static_cast<unsigned char>(it) & 0xC0U) == 0x80U;
}

// Letters and digits of alphabets, which make words: ASCII's, and what UTF-8 writes in two bytes (Latin, Greek,
// Cyrillic, Hebrew, Arabic). All else, a Han character too, is a word of its own.
bool makes_words(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
    return letter || (byte >= 0xC3U && byte <= 0xDFU);
}

std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> all;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        do {
            ++end;
            while (end < text.size() && continues_code_point(text[end])) ++end;
        } while (makes_words(text[begin]) && end < text.size() && makes_words(text[end]));
        all.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return all;
}

// Words between two that are still there.
struct stretch {
    std::string gone;
    std::string come;
    std::size_t words_gone = 0;
    std::size_t words_come = 0;
};

// How much of both, in bytes, is the same at the beginning and at the end, in whole code points. Letters that a word
// has in common with several others mean nothing: what waits there would end inside of a word.
std::pair<std::size_t, std::size_t> common_ends(const stretch& it)
{
    if (it.words_gone != 1 || it.words_come != 1) return {0, 0};
    const std::string_view before = it.gone;
    const std::string_view after = it.come;
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t front = 0;
    while (front < shorter && before[front] == after[front]) ++front;
    while (front > 0 && ((front < before.size() && continues_code_point(before[front])) ||
                         (front < after.size() && continues_code_point(after[front])))) {
        --front;
    }
    std::size_t back = 0;
    while (back < shorter - front && before[before.size() - 1 - back] == after[after.size() - 1 - back]) ++back;
    while (back > 0 && continues_code_point(before[before.size() - back])) --back;
    return {front, back};
}

void append(document::text_edit& edit, const stretch& it)
{
    const auto [front, back] = common_ends(it);
    const std::string_view before = it.gone;
    const std::string_view after = it.come;
    const auto removed = before.substr(front, before.size() - front - back);
    const auto inserted = after.substr(front, after.size() - front - back);
    edit.emplace_back(document::text_skip{document::code_point_count(before.substr(0, front))});
    edit.emplace_back(document::text_delete{document::code_point_count(removed)});
    edit.emplace_back(document::text_insert{std::string{inserted}});
    edit.emplace_back(document::text_skip{document::code_point_count(before.substr(before.size() - back))});
}

enum class step : std::uint8_t { keep, insert, erase };

// How far into the old words one gets, by diagonal (old − now) from −differences to +differences.
class reach {
public:
    explicit reach(int differences) : middle_{differences + 1}, x_(static_cast<std::size_t>(2 * middle_ + 1), 0) {}
    [[nodiscard]] int& at(int diagonal) { return x_[static_cast<std::size_t>(diagonal + middle_)]; }
    [[nodiscard]] int at(int diagonal) const { return x_[static_cast<std::size_t>(diagonal + middle_)]; }

private:
    int middle_;
    std::vector<int> x_;
};

bool comes_down(const reach& before, int diagonal, int differences)
{
    return diagonal == -differences || (diagonal != differences && before.at(diagonal - 1) < before.at(diagonal + 1));
}

struct point {
    int x;  // words of the old text
    int y;  // and of the new one
};

std::vector<step> retrace(point end, const std::vector<reach>& rounds)
{
    std::vector<step> steps;
    auto [x, y] = end;
    for (int differences = static_cast<int>(rounds.size()) - 1; differences >= 0; --differences) {
        const reach& before = rounds[static_cast<std::size_t>(differences)];
        const int diagonal = x - y;
        const bool down = comes_down(before, diagonal, differences);
        const int from_diagonal = down ? diagonal + 1 : diagonal - 1;
        const int from_x = differences == 0 ? 0 : before.at(from_diagonal);
        const int from_y = differences == 0 ? 0 : from_x - from_diagonal;
        for (; x > from_x && y > from_y; --x, --y) steps.push_back(step::keep);
        if (differences == 0) break;
        steps.push_back(down ? step::insert : step::erase);
        x = from_x;
        y = from_y;
    }
    std::ranges::reverse(steps);
    return steps;
}

// The shortest path, or that to the furthest point within `differences_max`. Myers, "An O(ND) difference algorithm and
// its variations" (1986).
std::vector<step> search(words old, words now)
{
    const int old_size = static_cast<int>(old.size());
    const int now_size = static_cast<int>(now.size());
    std::vector<reach> rounds;
    reach reached{0};
    for (int differences = 0;; ++differences) {
        rounds.push_back(reached);
        reach next{differences + 1};
        point furthest{0, 0};
        for (int diagonal = -differences; diagonal <= differences; diagonal += 2) {
            int x =
                comes_down(reached, diagonal, differences) ? reached.at(diagonal + 1) : reached.at(diagonal - 1) + 1;
            while (x < old_size && x - diagonal < now_size &&
                   old[static_cast<std::size_t>(x)] == now[static_cast<std::size_t>(x - diagonal)]) {
                ++x;
            }
            next.at(diagonal) = x;
            const int y = x - diagonal;
            if (x <= old_size && y <= now_size && x + y >= furthest.x + furthest.y) furthest = {x, y};
        }
        const bool is_whole = furthest.x == old_size && furthest.y == now_size;
        if (is_whole || differences == differences_max) return retrace(furthest, rounds);
        reached = std::move(next);
    }
}

// A short path, if not always the shortest.
std::vector<step> path_of(words old, words now)
{
    std::vector<step> steps;
    while (!old.empty() || !now.empty()) {
        const std::vector<step> found = search(old, now);
        const auto inserted = static_cast<std::size_t>(std::ranges::count(found, step::insert));
        const auto erased = static_cast<std::size_t>(std::ranges::count(found, step::erase));
        old = old.subspan(found.size() - inserted);
        now = now.subspan(found.size() - erased);
        steps.insert(steps.end(), found.begin(), found.end());
    }
    return steps;
}

}  // namespace

document::text_edit difference(std::string_view before, std::string_view after)
{
    document::text_edit edit;
    if (before == after) return edit;
    const std::vector<std::string_view> old = words_of(before);
    const std::vector<std::string_view> now = words_of(after);
    stretch differing;
    const auto replace = [&] { append(edit, std::exchange(differing, {})); };
    auto from = old.begin();
    auto to = now.begin();
    for (const step it : path_of(old, now)) {
        switch (it) {
            case step::keep:
                replace();
                edit.emplace_back(document::text_skip{document::code_point_count(*from)});
                ++from;
                ++to;
                break;
            case step::insert:
                differing.come += *to++;
                ++differing.words_come;
                break;
            case step::erase:
                differing.gone += *from++;
                ++differing.words_gone;
                break;
        }
    }
    replace();
    return document::normalise(std::move(edit));
}

}  // namespace okra::client
