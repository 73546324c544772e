# Turns protocol/schema.json into the C++ tables behind protocol/document/schema.hpp.
#   cmake -DINPUT=schema.json -DOUTPUT=schema_tables.cpp -P generate_schema.cmake
# CMake's JSON reader is used so that the build needs nothing but CMake itself. Kinds and fields come out sorted by name.
cmake_minimum_required(VERSION 3.25)
file(READ "${INPUT}" schema)

# `out` = the value at the path in `json`, or `fallback` where there is none.
function(json_get_or out fallback json)
  string(JSON value ERROR_VARIABLE missing GET "${json}" ${ARGN})
  if(missing)
    set(value "${fallback}")
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

# `out` = the member names of the object `json`, as a list.
function(json_members out json)
  string(JSON count LENGTH "${json}")
  set(names "")
  if(count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON name MEMBER "${json}" ${index})
      list(APPEND names "${name}")
    endforeach()
  endif()
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

# Appends a table of strings named `table` to `code`, and sets `out` to the C++ expression for it: an empty array is not
# allowed in C++, an empty span is.
function(emit_strings out table json)
  string(JSON count LENGTH "${json}")
  if(count EQUAL 0)
    set(${out} "{}" PARENT_SCOPE)
    return()
  endif()
  set(literals "")
  math(EXPR last "${count} - 1")
  foreach(index RANGE ${last})
    string(JSON value GET "${json}" ${index})
    list(APPEND literals "\"${value}\"")
  endforeach()
  list(JOIN literals ", " literals)
  string(APPEND code "constexpr std::string_view ${table}[] = {${literals}};\n")
  set(code "${code}" PARENT_SCOPE)
  set(${out} "${table}" PARENT_SCOPE)
endfunction()

# Appends one row of a field table to `rows`, and the enumeration's values to `code`.
function(emit_field prefix name json)
  string(JSON type GET "${json}" type)
  json_get_or(once false "${json}" once)
  json_get_or(max 0 "${json}" max)
  set(length 0)
  set(low -limits::number_magnitude)
  set(high limits::number_magnitude)
  set(values "{}")
  if(type STREQUAL "enum")
    string(JSON list GET "${json}" values)
    emit_strings(values ${prefix}_${name}_values "${list}")
    set(type enumeration)
  elseif(type STREQUAL "number")
    json_get_or(low ${low} "${json}" min)
    json_get_or(high ${high} "${json}" max)
  elseif(type STREQUAL "string" OR type STREQUAL "text")
    set(length ${max})
  endif()
  if(once)
    set(once true)
  else()
    set(once false)
  endif()
  json_get_or(until "" "${json}" until)
  set(until_today false)
  if(until STREQUAL "today")
    set(until_today true)
  endif()
  string(APPEND rows "    {.name = \"${name}\", .type = field_type::${type}, .once = ${once}, "
                     ".until_today = ${until_today}, .max_length = ${length}, "
                     ".min = ${low}, .max = ${high}, .values = ${values}},\n")
  set(rows "${rows}" PARENT_SCOPE)
  set(code "${code}" PARENT_SCOPE)
endfunction()

# Appends the tables of one kind to `code` and its row to `kind_rows`.
function(emit_kind prefix name json)
  string(JSON parents_json GET "${json}" parents)
  string(JSON fields GET "${json}" fields)
  json_get_or(depth 0 "${json}" depth)
  emit_strings(parents ${prefix}_${name}_parents "${parents_json}")
  set(rows "")
  json_members(field_names "${fields}")
  foreach(field IN LISTS field_names)
    string(JSON field_json GET "${fields}" ${field})
    emit_field(${prefix}_${name} ${field} "${field_json}")
  endforeach()
  string(APPEND code "constexpr field_schema ${prefix}_${name}_fields[] = {\n${rows}};\n")
  string(APPEND kind_rows "    {.name = \"${name}\", .parents = ${parents}, .depth_max = ${depth}, "
                          ".fields = ${prefix}_${name}_fields},\n")
  set(code "${code}" PARENT_SCOPE)
  set(kind_rows "${kind_rows}" PARENT_SCOPE)
endfunction()

string(JSON version GET "${schema}" version)
string(JSON limits_json GET "${schema}" limits)
json_members(limit_names "${limits_json}")
set(limits "")
foreach(name IN LISTS limit_names)
  string(JSON value GET "${limits_json}" ${name})
  set(type std::size_t)
  if(name STREQUAL "number_magnitude")
    set(type double)
  endif()
  string(APPEND limits "constexpr ${type} ${name} = ${value};\n")
endforeach()

set(code "")
set(document_rows "")
string(JSON documents_json GET "${schema}" documents)
json_members(document_names "${documents_json}")
foreach(document IN LISTS document_names)
  string(JSON root GET "${documents_json}" ${document} root)
  string(JSON kinds GET "${documents_json}" ${document} kinds)
  set(kind_rows "")
  json_members(kind_names "${kinds}")
  foreach(kind IN LISTS kind_names)
    string(JSON kind_json GET "${kinds}" ${kind})
    emit_kind(${document} ${kind} "${kind_json}")
  endforeach()
  string(APPEND code "constexpr kind_schema ${document}_kinds[] = {\n${kind_rows}};\n\n")
  string(APPEND document_rows "    {.name = \"${document}\", .root = \"${root}\", .kinds = ${document}_kinds},\n")
endforeach()

file(WRITE "${OUTPUT}" "// Generated from protocol/schema.json by tools/cmake/generate_schema.cmake.
#include \"protocol/document/schema.hpp\"

namespace okra::document {

constexpr std::uint32_t schema_version = ${version};

namespace limits {
${limits}}  // namespace limits

namespace {

${code}constexpr document_schema documents[] = {
${document_rows}};

}  // namespace

std::span<const document_schema> all_schemas() { return documents; }

}  // namespace okra::document
")
