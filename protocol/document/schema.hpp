// The table of document kinds, entity kinds and fields: protocol/schema.json, compiled in. Static storage, immutable.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace okra::document {

enum class field_type : std::uint8_t { string, number, boolean, date, enumeration, reference, set, counter, text };

struct field_schema {
    std::string_view name;
    field_type type;
    bool once = false;                         // may be given in `create` only
    bool until_today = false;                  // for date: of what has happened, so never in the future (OP15)
    std::uint32_t max_length = 0;              // code points, for string and text
    double min = 0;                            // for number
    double max = 0;                            // for number
    std::span<const std::string_view> values;  // for enumeration
};

struct kind_schema {
    std::string_view name;
    std::span<const std::string_view> parents;  // kinds it may stand under; empty for the root
    std::uint32_t depth_max = 0;                // nesting of this kind in itself; 0: only the tree's own limit
    std::span<const field_schema> fields;

    [[nodiscard]] const field_schema* find(std::string_view field) const;
    [[nodiscard]] bool may_stand_under(std::string_view parent_kind) const;
};

struct document_schema {
    std::string_view name;  // "workspace" or "plan"
    std::string_view root;  // the root's kind and id
    std::span<const kind_schema> kinds;

    [[nodiscard]] const kind_schema* find(std::string_view kind) const;
};

[[nodiscard]] std::span<const document_schema> all_schemas();
[[nodiscard]] const document_schema* find_schema(std::string_view name);

// `schema.json`'s "version": goes up with its every change, so that programs of different age know of each other.
extern const std::uint32_t schema_version;

// `schema.json`'s "limits", by name.
namespace limits {
extern const std::size_t id_length;
extern const std::size_t reference_length;
extern const std::size_t message_bytes;
extern const std::size_t ops_per_change;
extern const std::size_t entities_per_document;
extern const std::size_t text_bytes_per_document;
extern const std::size_t set_members;
extern const std::size_t tree_depth;
extern const double number_magnitude;
extern const std::size_t json_depth;
extern const std::size_t open_documents_per_session;
extern const std::size_t name_length;
}  // namespace limits

}  // namespace okra::document
