#include "tests/fuzz/json_mutator.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

namespace okra::fuzz {

namespace {

// A JSON value, or what looks like one, in a text.
struct span_of_value {
    std::size_t begin;
    std::size_t size;
};

bool is_word_character(char it)
{
    return (it >= '0' && it <= '9') || (it >= 'a' && it <= 'z') || (it >= 'A' && it <= 'Z') || it == '-' || it == '+' ||
           it == '.' || it == '$';
}

std::size_t end_of_string(std::string_view text, std::size_t at)
{
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return std::min(at + 1, text.size());
}

// All values of a line: strings (names of members, too), numbers and words, arrays and objects with a partner bracket.
std::vector<span_of_value> values_in(std::string_view text)
{
    std::vector<span_of_value> values;
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (text[at] == '"') {
            end = end_of_string(text, at);
            values.push_back({at, end - at});
        } else if (text[at] == '[' || text[at] == '{') {
            open.push_back(at);
        } else if ((text[at] == ']' || text[at] == '}') && !open.empty()) {
            values.push_back({open.back(), end - open.back()});
            open.pop_back();
        } else if (is_word_character(text[at])) {
            while (end < text.size() && is_word_character(text[end])) ++end;
            values.push_back({at, end - at});
        }
        at = end;
    }
    return values;
}

std::optional<span_of_value> any_value(std::string_view line, prng& random)
{
    const auto values = values_in(line);
    if (values.empty()) return std::nullopt;
    return any_of(values, random);
}

// The value with the comma that then has nothing to part.
void erase_value(std::string& line, span_of_value it)
{
    std::size_t begin = it.begin;
    std::size_t end = it.begin + it.size;
    // A member goes with its name.
    if (begin > 0 && line[begin - 1] == ':') {
        const auto values = values_in(std::string_view{line}.substr(0, begin - 1));
        if (!values.empty() && values.back().begin + values.back().size == begin - 1) begin = values.back().begin;
    } else if (end < line.size() && line[end] == ':') {
        const auto values = values_in(std::string_view{line}.substr(end + 1));
        if (!values.empty()) end += 1 + values.front().begin + values.front().size;
    }
    if (end < line.size() && line[end] == ',') {
        ++end;
    } else if (begin > 0 && line[begin - 1] == ',') {
        --begin;
    }
    line.erase(begin, end - begin);
}

std::string altered_number(std::string_view number, prng& random)
{
    const auto digits = number.find_first_not_of("0123456789") == std::string_view::npos && number.size() < 16;
    if (!digits || random.one_in(3)) return hostile_number(random);
    const std::uint64_t value = std::stoull(std::string{number});
    const std::array<std::uint64_t, 6> near{value + 1,       value == 0 ? 0 : value - 1, value * 2, value / 2,
                                            random.below(4), random.below(100)};
    return std::to_string(any_of(near, random));
}

void alter_bytes(std::string& line, prng& random)
{
    const std::size_t room = line.size() + 16;
    std::vector<std::uint8_t> bytes(line.begin(), line.end());
    bytes.resize(room);
    const std::size_t size = LLVMFuzzerMutate(bytes.data(), line.size(), room);
    line.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    if (random.one_in(2)) std::ranges::replace(line, '\n', ' ');
}

void alter_value(std::string& line, const std::string& other_line, prng& random, const json_language& language)
{
    const auto found = any_value(line, random);
    if (!found) {
        line = language.line(random);
        return;
    }
    const std::string value = line.substr(found->begin, found->size);
    const auto put = [&](const std::string& instead) { line.replace(found->begin, found->size, instead); };
    switch (random.below(8)) {
        case 0:
            return put(language.value(random));
        case 1:
            return erase_value(line, *found);
        case 2:
            return put(value + ',' + value);
        case 3:
            if (const auto from = any_value(other_line, random)) put(other_line.substr(from->begin, from->size));
            return;
        case 4:
            if (const auto from = any_value(line, random)) put(line.substr(from->begin, from->size));
            return;
        case 5:
            return put(value.front() == '"' ? hostile_string(random) : altered_number(value, random));
        case 6:
            return put(value + ',' + language.value(random));
        default:
            return put(value.front() == '"' ? language.value(random) : altered_number(value, random));
    }
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    each_line(text, [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

std::string text_of(const std::vector<std::string>& lines)
{
    std::string text;
    for (const std::string& line : lines) (text += line) += '\n';
    return text;
}

void alter(std::vector<std::string>& lines, prng& random, const json_language& language)
{
    const std::size_t at = random.below(lines.size());
    const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(16)) {
        case 0:
            lines.erase(place);
            return;
        case 1:
            lines.insert(place, any_of(lines, random));
            return;
        case 2:
            std::swap(*place, lines[random.below(lines.size())]);
            return;
        case 3:
        case 4:
        case 5:
        case 6:
            lines.insert(place + static_cast<std::ptrdiff_t>(random.below(2)), language.line(random));
            return;
        case 7:
            lines.push_back(language.line(random));
            return;
        case 8:
            alter_bytes(*place, random);
            return;
        default:
            return alter_value(*place, any_of(lines, random), random, language);
    }
}

}  // namespace

std::string mutated_lines(std::string text, prng& random, const json_language& language)
{
    std::vector<std::string> lines = lines_of(text);
    for (std::uint64_t left = 1 + random.below(4); left > 0; --left) {
        if (lines.empty()) lines.push_back(language.line(random));
        alter(lines, random, language);
    }
    return text_of(lines);
}

std::string crossed_lines(std::string_view a, std::string_view b, prng& random)
{
    std::vector<std::string> lines = lines_of(a);
    const std::vector<std::string> others = lines_of(b);
    if (lines.empty() || others.empty()) return text_of(others);
    lines.resize(random.below(lines.size() + 1));
    const auto from = others.begin() + static_cast<std::ptrdiff_t>(random.below(others.size()));
    lines.insert(lines.end(), from, others.end());
    return text_of(lines);
}

std::string hostile_number(prng& random)
{
    static constexpr std::array<std::string_view, 30> numbers{"0",
                                                              "-0",
                                                              "1",
                                                              "-1",
                                                              "0.5",
                                                              "5.0",
                                                              "1e0",
                                                              "9007199254740992",
                                                              "9007199254740993",
                                                              "-9007199254740992",
                                                              "1e15",
                                                              "1e16",
                                                              "-1e15",
                                                              "1e308",
                                                              "1e309",
                                                              "5e-324",
                                                              "1e-400",
                                                              "18446744073709551616",
                                                              "2147483648",
                                                              "4294967296",
                                                              "100",
                                                              "1000",
                                                              "1001",
                                                              "0.1",
                                                              "1e-7",
                                                              "01",
                                                              "1.",
                                                              ".5",
                                                              "1e",
                                                              "-"};
    return std::string{any_of(numbers, random)};
}

std::string hostile_string(prng& random)
{
    static constexpr std::array<std::string_view, 22> strings{R"("")",
                                                              R"("a")",
                                                              R"("\u0000")",
                                                              R"("\ud800")",
                                                              R"("\udc00\ud800")",
                                                              R"("\ud83d\ude42")",
                                                              R"("\u00e9")",
                                                              R"("é目🙂")",
                                                              R"("\\")",
                                                              R"("\"")",
                                                              R"("\x")",
                                                              R"("\u12")",
                                                              "\"\xff\"",
                                                              "\"\xed\xa0\x80\"",
                                                              "\"\t\"",
                                                              R"("a/b")",
                                                              R"("2026-02-29")",
                                                              R"("0000-01-01")",
                                                              R"("9999-12-31")",
                                                              R"("null")",
                                                              R"("\n\t\b\f\r\/")",
                                                              R"("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")"};
    return std::string{any_of(strings, random)};
}

}  // namespace okra::fuzz
