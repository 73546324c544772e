#include "protocol/document/schema.hpp"

#include <algorithm>

namespace okra::document {

namespace {

// The tables are short (at most 30 rows): a scan beats an index.
template <typename Row>
const Row* find_by_name(std::span<const Row> rows, std::string_view name)
{
    const auto found = std::ranges::find(rows, name, &Row::name);
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const field_schema* kind_schema::find(std::string_view field) const
{
    return find_by_name(fields, field);
}

bool kind_schema::may_stand_under(std::string_view parent_kind) const
{
    return std::ranges::find(parents, parent_kind) != parents.end();
}

const kind_schema* document_schema::find(std::string_view kind) const
{
    return find_by_name(kinds, kind);
}

const document_schema* find_schema(std::string_view name)
{
    return find_by_name(all_schemas(), name);
}

}  // namespace okra::document
