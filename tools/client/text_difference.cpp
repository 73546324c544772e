#include "tools/client/text_difference.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace okra::client {

namespace {

// Texts in which more words differ are compared as wholes: the search costs the square of the differences.
constexpr int differences_max = 400;

using words = std::vector<std::string_view>;

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

words words_of(std::string_view text)
{
    words all;
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

// One stretch: what lies between the common beginning and the common end, in whole code points.
void append_stretch(document::text_edit& edit, std::string_view before, std::string_view after)
{
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

    const auto removed = before.substr(front, before.size() - front - back);
    const auto inserted = after.substr(front, after.size() - front - back);
    edit.emplace_back(document::text_skip{document::code_point_count(before.substr(0, front))});
    edit.emplace_back(document::text_insert{std::string{inserted}});
    edit.emplace_back(document::text_delete{document::code_point_count(removed)});
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

std::vector<step> retrace(int old_size, int now_size, const std::vector<reach>& rounds)
{
    std::vector<step> steps;
    int x = old_size;
    int y = now_size;
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

// Myers, "An O(ND) difference algorithm and its variations" (1986).
std::optional<std::vector<step>> shortest_path(const words& old, const words& now)
{
    const int old_size = static_cast<int>(old.size());
    const int now_size = static_cast<int>(now.size());
    std::vector<reach> rounds;
    reach reached{0};
    for (int differences = 0; differences <= std::min(old_size + now_size, differences_max); ++differences) {
        rounds.push_back(reached);
        reach next{differences + 1};
        for (int diagonal = -differences; diagonal <= differences; diagonal += 2) {
            int x =
                comes_down(reached, diagonal, differences) ? reached.at(diagonal + 1) : reached.at(diagonal - 1) + 1;
            while (x < old_size && x - diagonal < now_size &&
                   old[static_cast<std::size_t>(x)] == now[static_cast<std::size_t>(x - diagonal)]) {
                ++x;
            }
            next.at(diagonal) = x;
            if (x >= old_size && x - diagonal >= now_size) return retrace(old_size, now_size, rounds);
        }
        reached = std::move(next);
    }
    return std::nullopt;
}

}  // namespace

document::text_edit difference(std::string_view before, std::string_view after)
{
    document::text_edit edit;
    if (before == after) return edit;
    const words old = words_of(before);
    const words now = words_of(after);
    const auto path = shortest_path(old, now);
    if (!path) {
        append_stretch(edit, before, after);
        return document::normalise(std::move(edit));
    }
    std::string gone;
    std::string come;
    const auto replace = [&] {
        append_stretch(edit, gone, come);
        gone.clear();
        come.clear();
    };
    auto from = old.begin();
    auto to = now.begin();
    for (const step it : *path) {
        switch (it) {
            case step::keep:
                replace();
                edit.emplace_back(document::text_skip{document::code_point_count(*from)});
                ++from;
                ++to;
                break;
            case step::insert:
                come += *to++;
                break;
            case step::erase:
                gone += *from++;
                break;
        }
    }
    replace();
    return document::normalise(std::move(edit));
}

}  // namespace okra::client
