#include "protocol/wire/json_text.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/base/assert.hpp"

namespace okra::wire {
namespace {

constexpr bool is_digit(char it)
{
    return it >= '0' && it <= '9';
}

constexpr std::uint32_t high_surrogate_first = 0xD800;
constexpr std::uint32_t low_surrogate_first = 0xDC00;
constexpr std::uint32_t surrogate_end = 0xE000;
constexpr std::uint32_t replacement = 0xFFFD;

// The four hexadecimal digits of `\uXXXX`.
std::optional<std::uint32_t> hex_unit(std::string_view digits)
{
    if (digits.size() < 4) return std::nullopt;
    std::uint32_t unit = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + 4, unit, 16);
    if (error != std::errc{} || end != digits.data() + 4) return std::nullopt;
    return unit;
}

void append_utf8(std::string& out, std::uint32_t code_point)
{
    const auto tail = [&](std::uint32_t shift) { out += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU)); };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xC0U | (code_point >> 6U));
        tail(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xE0U | (code_point >> 12U));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | (code_point >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

// `rest` begins behind `\u`; what was used is removed from it.
string_fault append_code_point(std::string& out, std::string_view& rest)
{
    const auto unit = hex_unit(rest);
    if (!unit) return string_fault::not_json;
    rest.remove_prefix(4);
    if (*unit < high_surrogate_first || *unit >= surrogate_end) {
        append_utf8(out, *unit);
        return *unit == 0 ? string_fault::nul : string_fault::none;
    }
    if (*unit < low_surrogate_first && rest.starts_with("\\u")) {
        const auto low = hex_unit(rest.substr(2));
        if (low && *low >= low_surrogate_first && *low < surrogate_end) {
            rest.remove_prefix(6);
            append_utf8(out, 0x10000 + ((*unit - high_surrogate_first) << 10U) + (*low - low_surrogate_first));
            return string_fault::none;
        }
    }
    append_utf8(out, replacement);
    return string_fault::lone_surrogate;
}

// `rest` begins behind a backslash.
string_fault append_escape(std::string& out, std::string_view& rest)
{
    if (rest.empty()) return string_fault::not_json;
    const char letter = rest.front();
    rest.remove_prefix(1);
    switch (letter) {
        case '"':
        case '\\':
        case '/':
            out += letter;
            return string_fault::none;
        case 'b':
            out += '\b';
            return string_fault::none;
        case 'f':
            out += '\f';
            return string_fault::none;
        case 'n':
            out += '\n';
            return string_fault::none;
        case 'r':
            out += '\r';
            return string_fault::none;
        case 't':
            out += '\t';
            return string_fault::none;
        case 'u':
            return append_code_point(out, rest);
        default:
            return string_fault::not_json;
    }
}

// Takes a run of digits off the front; false if there is none.
bool take_digits(std::string_view& rest)
{
    const auto run = std::ranges::find_if_not(rest, is_digit) - rest.begin();
    rest.remove_prefix(static_cast<std::size_t>(run));
    return run != 0;
}

bool take(std::string_view& rest, std::string_view any_of)
{
    if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
}

}  // namespace

string_fault append_unescaped(std::string& out, std::string_view inside)
{
    string_fault worst = string_fault::none;
    while (true) {
        const std::size_t plain = std::min(inside.find('\\'), inside.size());
        out += inside.substr(0, plain);
        if (plain == inside.size()) return worst;
        inside.remove_prefix(plain + 1);
        worst = std::max(worst, append_escape(out, inside));
        if (worst == string_fault::not_json) return worst;
    }
}

bool is_json_number(std::string_view token)
{
    take(token, "-");
    const bool leading_zero = token.starts_with('0');
    const std::size_t before = token.size();
    if (!take_digits(token)) return false;
    if (leading_zero && before - token.size() > 1) return false;
    if (take(token, ".") && !take_digits(token)) return false;
    if (take(token, "eE")) {
        take(token, "+-");
        if (!take_digits(token)) return false;
    }
    return token.empty();
}

std::optional<double> value_of_number(std::string_view token)
{
    double value = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error == std::errc::result_out_of_range) return std::nullopt;
    OKRA_ASSERT(error == std::errc{});
    OKRA_ASSERT(end == token.data() + token.size());
    return value + 0.0;
}

}  // namespace okra::wire
