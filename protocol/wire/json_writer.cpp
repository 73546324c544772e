#include "protocol/wire/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "protocol/base/assert.hpp"

namespace okra::wire {
namespace {

constexpr std::array<bool, 256> needs_escape = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0; byte < 0x20; ++byte) table[byte] = true;
    table['"'] = true;
    table['\\'] = true;
    return table;
}();

void append_escaped(std::string& out, unsigned char byte)
{
    static constexpr std::string_view hex = "0123456789abcdef";
    switch (byte) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += hex[byte >> 4U];
            out += hex[byte & 0x0FU];
    }
}

template <typename Integer>
void append_digits(std::string& out, Integer value)
{
    std::array<char, 24> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), written.ptr);
}

// C++ writes at least two digits of exponent, JavaScript as many as it has: 1.5e-07 becomes 1.5e-7.
void append_scientific(std::string& out, std::string_view digits)
{
    const std::size_t sign = digits.find('e') + 1;
    OKRA_ASSERT(sign + 1 < digits.size());
    out += digits.substr(0, sign + 1);
    const std::string_view exponent = digits.substr(sign + 1);
    out += exponent.substr(exponent.front() == '0' ? 1 : 0);
}

}  // namespace

void append_string(std::string& out, std::string_view text)
{
    out += '"';
    std::size_t copied = 0;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const auto byte = static_cast<unsigned char>(text[index]);
        if (!needs_escape[byte]) continue;
        out += text.substr(copied, index - copied);
        append_escaped(out, byte);
        copied = index + 1;
    }
    out += text.substr(copied);
    out += '"';
}

void append_number(std::string& out, double value)
{
    OKRA_ASSERT(std::isfinite(value));
    const double magnitude = std::abs(value);
    if (magnitude <= 0x1p53 && value == std::trunc(value)) {
        append_digits(out, static_cast<std::int64_t>(value));
        return;
    }
    const bool plain = magnitude >= 1e-6 && magnitude < 1e21;
    // The longest: a sign, "0.00000" and 17 digits, or 17 digits, a point and "e-308".
    std::array<char, 32> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                       plain ? std::chars_format::fixed : std::chars_format::scientific);
    OKRA_ASSERT(written.ec == std::errc{});
    const std::string_view text{digits.data(), written.ptr};
    if (plain) {
        out += text;
    } else {
        append_scientific(out, text);
    }
}

void append_integer(std::string& out, std::uint64_t value)
{
    append_digits(out, value);
}

void append_integer(std::string& out, std::int64_t value)
{
    append_digits(out, value);
}

}  // namespace okra::wire
