#include "protocol/base/printable.hpp"

#include <cstddef>

namespace okra {

namespace {

constexpr char32_t replacement = 0xFFFD;

struct code_point {
    char32_t value;
    std::size_t bytes;
};

constexpr code_point broken{replacement, 1};

// The first code point of `text`, which is not empty.
code_point first_of(std::string_view text)
{
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (bytes == 0 || text.size() < bytes) return broken;
    char32_t value = lead & (0x7FU >> bytes);
    for (std::size_t index = 1; index < bytes; ++index) {
        if ((byte(index) & 0xC0U) != 0x80) return broken;
        value = value << 6U | (byte(index) & 0x3FU);
    }
    const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (overlong || surrogate || value > 0x10FFFF) return broken;
    return {value, bytes};
}

bool is_control(char32_t it)
{
    return it < 0x20 || (it >= 0x7F && it < 0xA0) || it == 0x2028 || it == 0x2029;
}

// UAX #9: marks, embeddings, overrides, isolates and their ends.
bool turns_direction(char32_t it)
{
    return it == 0x061C || it == 0x200E || it == 0x200F || (it >= 0x202A && it <= 0x202E) ||
           (it >= 0x2066 && it <= 0x2069);
}

void append_escape(std::string& out, char32_t it)
{
    constexpr std::string_view digits = "0123456789abcdef";
    switch (it) {
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
    }
    out += "\\u";
    for (unsigned shift = 16; shift != 0; shift -= 4) out += digits[it >> (shift - 4) & 0xFU];
}

}  // namespace

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const code_point it = first_of(text);
        if (is_control(it.value) || turns_direction(it.value)) {
            append_escape(out, it.value);
        } else if (it.value == replacement) {
            out += "\xEF\xBF\xBD";
        } else {
            out += text.substr(0, it.bytes);
        }
        text.remove_prefix(it.bytes);
    }
    return out;
}

}  // namespace okra
