#include "tools/cli/made_id.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "protocol/base/murmur3.hpp"
#include "protocol/document/schema.hpp"

namespace okra::cli {

namespace {

bool is_digit(char it)
{
    return it >= '0' && it <= '9';
}

std::string digits_of(std::string_view bytes)
{
    const auto hash = murmur3_x86_128(bytes);
    return fmt::format("{:08x}{:08x}", hash[0], hash[1]);
}

}  // namespace

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string made_id(std::string_view kind, std::initializer_list<std::string_view> words)
{
    std::string bytes;
    for (const std::string_view word : words) {
        bytes += trimmed(word);
        bytes += '\0';
    }
    return fmt::format("{}-{}", kind, digits_of(bytes));
}

std::string readable_id(std::string_view kind, std::string_view name)
{
    std::string slug;
    std::string others;  // what the slug does not tell: in it "产品部 A" and "研发部 A" are one
    for (const char it : name) {
        const bool upper = it >= 'A' && it <= 'Z';
        if (upper || (it >= 'a' && it <= 'z') || is_digit(it)) {
            slug += upper ? static_cast<char>(it - 'A' + 'a') : it;
        } else {
            if (static_cast<unsigned char>(it) >= 0x80) others += it;
            if (!slug.empty() && slug.back() != '-') slug += '-';
        }
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    if (slug.empty()) return made_id(kind, {name});
    if (others.empty() && slug.size() <= document::limits::id_length) return slug;

    const std::string told_apart = digits_of(slug + '\0' + others);
    slug.resize(std::min(slug.size(), document::limits::id_length - told_apart.size() - 1));
    while (slug.back() == '-') slug.pop_back();
    return slug + '-' + told_apart;
}

}  // namespace okra::cli
