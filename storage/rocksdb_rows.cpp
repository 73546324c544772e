#include "storage/rocksdb_rows.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <sys/random.h>

#include <fmt/format.h>

#include "protocol/base/assert.hpp"
#include "storage/bytes.hpp"

namespace okra::storage {
namespace {

failure meta_failure(database& from, const rocksdb::Status& status)
{
    if (status.IsCorruption()) return refuse_folder(from.db().GetName(), status.ToString());
    return failure_of(status, "read what the database is");
}

bool is_empty(database& in, family which)
{
    const std::unique_ptr<rocksdb::Iterator> it{in.db().NewIterator({}, in[which])};
    it->SeekToFirst();
    return !it->Valid() && it->status().ok();
}

}  // namespace

rocksdb::WriteOptions synced()
{
    rocksdb::WriteOptions options;
    options.sync = true;
    return options;
}

failure damage(std::string_view document, std::string_view what)
{
    return {errc::damaged, fmt::format("{}: {}", document, what), std::string{document}};
}

failure read_failure(std::string_view document, const rocksdb::Status& status)
{
    failure it = failure_of(status, "read");
    it.document = document;
    return it;
}

void put(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* where, std::string_view key,
         std::initializer_list<std::string_view> value_parts)
{
    const rocksdb::Slice key_slice = slice(key);
    std::array<rocksdb::Slice, 2> parts;
    OKRA_ASSERT(value_parts.size() <= parts.size());
    std::ranges::transform(value_parts, parts.begin(), slice);
    const auto status = batch.Put(where, rocksdb::SliceParts{&key_slice, 1},
                                  rocksdb::SliceParts{parts.data(), static_cast<int>(value_parts.size())});
    OKRA_ASSERT(status.ok());  // fails only for sizes that the limits exclude
}

void put_share(rocksdb::WriteBatch& batch, const database& to, const document_row& row, const document_append& share)
{
    revision at{row.head.value - share.records.size()};
    for (const std::string& record : share.records) {
        at = at.next();
        put(batch, to[family::log], view_of(log_key(row.number, at)), {view_of(frame_header(record)), record});
    }
    for (const client_update& update : share.clients) {
        put(batch, to[family::client], client_key(row.number, update.client), {encode_outcome(update.outcome)});
    }
    put(batch, to[family::document], share.document, {encode_document(row)});
}

value_result get(database& from, family where, std::string_view key, const rocksdb::Snapshot* as_of)
{
    rocksdb::ReadOptions options;
    options.snapshot = as_of;
    rocksdb::PinnableSlice value;
    const auto status = from.db().Get(options, from[where], slice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return status;
    return std::optional{std::move(value)};
}

result<std::optional<document_row>, failure> read_row(database& from, std::string_view document,
                                                      const rocksdb::Snapshot* as_of)
{
    const auto stored = get(from, family::document, document, as_of);
    if (!stored) return read_failure(document, stored.error());
    if (!*stored) return std::nullopt;
    const auto row = decode_document(view(**stored));
    if (!row) return damage(document, row.error().what);
    return std::optional{*row};
}

result<meta, failure> read_meta(database& from)
{
    const auto format = get(from, family::meta, meta_key::format);
    if (!format) return meta_failure(from, format.error());
    if (!*format) return format_mismatch("");
    if (view(**format) != format_version) return format_mismatch(view(**format));
    const auto epoch = get(from, family::meta, meta_key::epoch);
    if (!epoch) return meta_failure(from, epoch.error());
    if (!*epoch) return refuse_folder(from.db().GetName(), "the database has no epoch");
    const auto last = get(from, family::meta, meta_key::last_document);
    if (!last) return meta_failure(from, last.error());
    const auto commits = get(from, family::meta, meta_key::commits);
    if (!commits) return meta_failure(from, commits.error());
    meta it{.epoch = std::string{view(**epoch)}, .last_document = {}};
    if (*last) it.last_document = {byte_reader{view(**last)}.number<std::uint64_t>()};
    if (*commits) it.commits = byte_reader{view(**commits)}.number<std::uint64_t>();
    return it;
}

bool holds_nothing(database& in)
{
    return is_empty(in, family::meta) && is_empty(in, family::document);
}

result<void, failure> create_meta(database& in)
{
    rocksdb::WriteBatch batch;
    put(batch, in[family::meta], meta_key::format, {format_version});
    put(batch, in[family::meta], meta_key::epoch, {make_epoch()});
    put_commits(batch, in, 1);
    if (const auto status = in.db().Write(synced(), &batch); !status.ok()) return failure_of(status, "create");
    return {};
}

void put_commits(rocksdb::WriteBatch& batch, const database& to, std::uint64_t commits)
{
    std::string number;
    append_number(number, commits);
    put(batch, to[family::meta], meta_key::commits, {number});
}

std::string make_epoch()
{
    std::array<unsigned char, 16> random;
    const auto count = ::getrandom(random.data(), random.size(), 0);
    OKRA_ASSERT(count == static_cast<ssize_t>(random.size()));  // cannot fail for so few bytes
    std::string epoch;
    for (const unsigned char byte : random) epoch += fmt::format("{:02x}", byte);
    return epoch;
}

}  // namespace okra::storage
