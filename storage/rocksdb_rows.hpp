// Rows of the column families, one function for each way they are read and written. Private to okra_rocksdb; any
// thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <rocksdb/write_batch.h>

#include "storage/record.hpp"
#include "storage/rocksdb_database.hpp"

namespace okra::storage {

[[nodiscard]] inline rocksdb::Slice slice(std::string_view bytes)
{
    return {bytes.data(), bytes.size()};
}
[[nodiscard]] inline std::string_view view(const rocksdb::Slice& bytes)
{
    return {bytes.data(), bytes.size()};
}

// The options of every write into the write-ahead log.
[[nodiscard]] rocksdb::WriteOptions synced();

[[nodiscard]] failure damage(std::string_view document, std::string_view what);
[[nodiscard]] failure read_failure(std::string_view document, const rocksdb::Status& status);

// The value is written as its parts, one behind the other, without a copy before the batch's own.
void put(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* where, std::string_view key,
         std::initializer_list<std::string_view> value_parts);

// One document's records, outcomes and head; `row` is what it becomes.
void put_share(rocksdb::WriteBatch& batch, const database& to, const document_row& row, const document_append& share);

using value_result = result<std::optional<rocksdb::PinnableSlice>, rocksdb::Status>;
[[nodiscard]] value_result get(database& from, family where, std::string_view key,
                               const rocksdb::Snapshot* as_of = nullptr);

// No value: the document was never appended to.
[[nodiscard]] result<std::optional<document_row>, failure> read_row(database& from, std::string_view document,
                                                                    const rocksdb::Snapshot* as_of = nullptr);

namespace meta_key {
inline constexpr std::string_view format = format_key;
inline constexpr std::string_view epoch = "epoch";
inline constexpr std::string_view last_document = "last_document";
inline constexpr std::string_view commits = "commits";
inline constexpr std::string_view probe = "probe";
}  // namespace meta_key

struct meta {
    std::string epoch;
    document_number last_document;
    std::uint64_t commits = 0;  // synced writes; 0 in a database of a program that did not count them
};

// Checks the format.
[[nodiscard]] result<meta, failure> read_meta(database& from);
// Nothing was ever written, or nothing of it is left.
[[nodiscard]] bool holds_nothing(database& in);
// Writes format and epoch into a database that has just been created (or whose creation a crash interrupted).
[[nodiscard]] result<void, failure> create_meta(database& in);

void put_commits(rocksdb::WriteBatch& batch, const database& to, std::uint64_t commits);

// 128 random bits in hexadecimal.
[[nodiscard]] std::string make_epoch();

}  // namespace okra::storage
