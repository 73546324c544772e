// Changes what a closed database holds, behind storage's back, as a bad disk or a bug would.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/base/numbers.hpp"
#include "storage/keys.hpp"

namespace okra::test {

// The raw value of a key in a column family, changed by `change`; an emptied value deletes the key.
void change_stored(const std::filesystem::path& folder, const std::string& family, std::string_view key,
                   const std::function<void(std::string& value)>& change);

[[nodiscard]] storage::document_number number_of(const std::filesystem::path& folder, std::string_view document);

// A column family that this version does not know.
void add_family(const std::filesystem::path& folder, const std::string& name);

// As if it had never been made.
void drop_family(const std::filesystem::path& folder, const std::string& name);

// Flips one bit in the middle of a value.
void flip_bit(std::string& value);

}  // namespace okra::test
