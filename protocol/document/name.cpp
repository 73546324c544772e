#include "protocol/document/name.hpp"

#include <algorithm>
#include <array>

namespace okra::document {

namespace {

bool is_id_character(char it)
{
    return (it >= 'A' && it <= 'Z') || (it >= 'a' && it <= 'z') || (it >= '0' && it <= '9') || it == '_' || it == '-';
}

// The parts between slashes; more than four cannot be a name.
struct name_parts {
    std::array<std::string_view, 4> parts;
    std::size_t count = 0;
};

std::optional<name_parts> split(std::string_view full)
{
    name_parts result;
    while (true) {
        if (result.count == result.parts.size()) return std::nullopt;
        const std::size_t slash = full.find('/');
        const std::string_view part = full.substr(0, slash);
        if (!is_id(part)) return std::nullopt;
        result.parts[result.count++] = part;
        if (slash == std::string_view::npos) return result;
        full.remove_prefix(slash + 1);
    }
}

}  // namespace

bool is_id(std::string_view text)
{
    return !text.empty() && text.size() <= limits::id_length && std::ranges::all_of(text, is_id_character);
}

bool is_reference(std::string_view text)
{
    return !text.empty() && text.size() <= limits::reference_length &&
           std::ranges::all_of(text, [](char it) { return it == '/' || is_id_character(it); });
}

std::optional<document_name> parse_name(std::string_view full)
{
    const auto split_name = split(full);
    if (!split_name) return std::nullopt;
    const auto& [parts, count] = *split_name;

    document_name name;
    name.full = full;
    if (count == 2 && parts[1] == "workspace") {
        name.schema = find_schema("workspace");
        return name;
    }
    if (count == 4 && parts[1] == "plan") {
        name.schema = find_schema("plan");
        name.team = parts[2];
        name.cycle = parts[3];
        return name;
    }
    return std::nullopt;
}

}  // namespace okra::document
