// Fixed-width big-endian numbers in byte strings: big-endian, so that keys sort by number. All formats of storage use
// them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okra::storage {

template <std::unsigned_integral Number>
void write_number(char* to, Number number)
{
    for (std::size_t i = sizeof(Number); i-- > 0;) {
        to[i] = static_cast<char>(number & 0xffU);
        number = static_cast<Number>(sizeof(Number) > 1 ? number >> 8U : 0);
    }
}

template <std::unsigned_integral Number>
void append_number(std::string& out, Number number)
{
    const std::size_t start = out.size();
    out.resize(start + sizeof(Number));
    write_number(out.data() + start, number);
}

// Reads from the front of `bytes`; whatever was asked for beyond the end is told by `failed`, once and for all.
class byte_reader {
public:
    explicit byte_reader(std::string_view bytes) : rest_{bytes} {}

    template <std::unsigned_integral Number>
    Number number()
    {
        const std::string_view taken = bytes(sizeof(Number));
        std::uint64_t value = 0;
        for (const char byte : taken) value = value << 8U | static_cast<unsigned char>(byte);
        return static_cast<Number>(value);
    }

    std::string_view bytes(std::size_t count)
    {
        if (count > rest_.size()) {
            failed_ = true;
            rest_ = {};
        }
        const std::string_view taken = failed_ ? std::string_view{} : rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view rest() { return bytes(rest_.size()); }

    [[nodiscard]] bool failed() const { return failed_; }
    // Everything was there and nothing is left.
    [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace okra::storage
