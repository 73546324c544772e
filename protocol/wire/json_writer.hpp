// The leaves of JSON, appended to a string exactly as JavaScript's JSON.stringify writes them, so that both sides'
// bytes for one value are the same. No state; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace okra::wire {

// A quoted string; `text` is valid UTF-8. Escaped are only the quote, the backslash and what is below U+0020.
void append_string(std::string& out, std::string_view text);

// The shortest digits that read back as the same number, laid out as JavaScript does: no ".0", no exponent from 1e-6 up
// to 1e21, "0" for −0. `value` is finite.
void append_number(std::string& out, double value);

void append_integer(std::string& out, std::uint64_t value);
void append_integer(std::string& out, std::int64_t value);

inline void append_boolean(std::string& out, bool value)
{
    out += value ? "true" : "false";
}

}  // namespace okra::wire
