#include "tools/load/lib0.hpp"

namespace okra::load::lib0 {

namespace {

constexpr unsigned group_bits = 7;
constexpr std::uint64_t group_mask = 0x7f;
constexpr std::uint8_t more_follow = 0x80;
constexpr unsigned number_bits = 64;

}  // namespace

void append_number(std::string& out, std::uint64_t value)
{
    while (value > group_mask) {
        out += static_cast<char>((value & group_mask) | more_follow);
        value >>= group_bits;
    }
    out += static_cast<char>(value);
}

void append_bytes(std::string& out, std::string_view bytes)
{
    append_number(out, bytes.size());
    out += bytes;
}

std::uint8_t reader::byte()
{
    if (rest_.empty()) {
        is_good_ = false;
        return 0;
    }
    const auto out = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return out;
}

std::uint64_t reader::number()
{
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < number_bits; shift += group_bits) {
        const auto group = byte();
        out |= (group & group_mask) << shift;
        if ((group & more_follow) == 0) return out;
    }
    is_good_ = false;
    return 0;
}

std::string_view reader::bytes()
{
    const auto length = number();
    if (length > rest_.size()) {
        is_good_ = false;
        rest_ = {};
        return {};
    }
    const auto out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return out;
}

}  // namespace okra::load::lib0
