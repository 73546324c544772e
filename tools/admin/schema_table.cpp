#include "tools/admin/schema_table.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "protocol/document/schema.hpp"

namespace okra::admin {
namespace {

using document::field_schema;
using document::field_type;
using document::kind_schema;

std::string_view name_of(field_type type)
{
    switch (type) {
        case field_type::string:
            return "string";
        case field_type::number:
            return "number";
        case field_type::boolean:
            return "boolean";
        case field_type::date:
            return "date";
        case field_type::enumeration:
            return "enum";
        case field_type::reference:
            return "reference";
        case field_type::set:
            return "set";
        case field_type::counter:
            return "counter";
        case field_type::text:
            return "text";
    }
    return "";
}

std::string range_of(const field_schema& it)
{
    const bool has_min = std::abs(it.min) < document::limits::number_magnitude;
    const bool has_max = std::abs(it.max) < document::limits::number_magnitude;
    if (has_min && has_max) return fmt::format("{} to {}", it.min, it.max);
    if (has_min) return fmt::format("from {}", it.min);
    if (has_max) return fmt::format("up to {}", it.max);
    return "";
}

std::string limits_of(const field_schema& it)
{
    std::vector<std::string> limits;
    switch (it.type) {
        case field_type::string:
        case field_type::text:
            limits.push_back(fmt::format("at most {} code points", it.max_length));
            break;
        case field_type::number:
            if (auto range = range_of(it); !range.empty()) limits.push_back(std::move(range));
            break;
        case field_type::enumeration:
            limits.push_back(fmt::format("`{}`", fmt::join(it.values, "`, `")));
            break;
        case field_type::date:
            if (it.until_today) limits.emplace_back("not after today");
            break;
        case field_type::boolean:
        case field_type::reference:
        case field_type::set:
        case field_type::counter:
            break;
    }
    if (it.once) limits.emplace_back("given in `create` only");
    return fmt::format("{}", fmt::join(limits, "; "));
}

std::string place_of(const kind_schema& it)
{
    std::string place = it.parents.empty() ? std::string{"The root."}
                                           : fmt::format("Stands under `{}`.", fmt::join(it.parents, "`, `"));
    if (it.depth_max > 0) place += fmt::format(" Nests in itself at most {} deep.", it.depth_max);
    return place;
}

}  // namespace

std::string schema_as_markdown()
{
    std::string page = "# Kinds and fields\n";
    for (const document::document_schema& schema : document::all_schemas()) {
        page += fmt::format("\n## Document `{}`\n", schema.name);
        for (const kind_schema& kind : schema.kinds) {
            page +=
                fmt::format("\n### `{}`\n{}\n\n| field | type | limits |\n|---|---|---|\n", kind.name, place_of(kind));
            for (const field_schema& field : kind.fields) {
                page += fmt::format("| `{}` | {} | {} |\n", field.name, name_of(field.type), limits_of(field));
            }
        }
    }
    return page;
}

}  // namespace okra::admin
