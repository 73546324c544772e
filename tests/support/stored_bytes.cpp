#include "tests/support/stored_bytes.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

#include <rocksdb/db.h>

#include "storage/record.hpp"

namespace okra::test {
namespace {

void check(const rocksdb::Status& status)
{
    if (!status.ok()) throw std::runtime_error{status.ToString()};
}

// The database with all its families, opened without any of storage's code.
class raw_database {
public:
    explicit raw_database(const std::filesystem::path& folder)
    {
        std::vector<std::string> names;
        check(rocksdb::DB::ListColumnFamilies({}, folder.string(), &names));
        std::vector<rocksdb::ColumnFamilyDescriptor> families;
        for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
        rocksdb::DB* raw = nullptr;
        check(rocksdb::DB::Open({}, folder.string(), families, &handles_, &raw));
        db_.reset(raw);
    }
    ~raw_database()
    {
        for (auto* handle : handles_) check(db_->DestroyColumnFamilyHandle(handle));
    }
    raw_database(const raw_database&) = delete;
    raw_database& operator=(const raw_database&) = delete;

    [[nodiscard]] rocksdb::ColumnFamilyHandle* family(const std::string& name) const
    {
        for (auto* handle : handles_) {
            if (handle->GetName() == name) return handle;
        }
        throw std::runtime_error{"no family " + name};
    }
    rocksdb::DB* operator->() const { return db_.get(); }

private:
    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace

void change_stored(const std::filesystem::path& folder, const std::string& family, std::string_view key,
                   const std::function<void(std::string& value)>& change)
{
    const raw_database db{folder};
    const rocksdb::Slice raw_key{key.data(), key.size()};
    std::string value;
    check(db->Get({}, db.family(family), raw_key, &value));
    change(value);
    check(value.empty() ? db->Delete({}, db.family(family), raw_key) : db->Put({}, db.family(family), raw_key, value));
}

storage::document_number number_of(const std::filesystem::path& folder, std::string_view document)
{
    const raw_database db{folder};
    std::string value;
    check(db->Get({}, db.family("document"), {document.data(), document.size()}, &value));
    return storage::decode_document(value)->number;
}

void add_family(const std::filesystem::path& folder, const std::string& name)
{
    const raw_database db{folder};
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    check(db->CreateColumnFamily({}, name, &handle));
    check(db->DestroyColumnFamilyHandle(handle));
}

void drop_family(const std::filesystem::path& folder, const std::string& name)
{
    const raw_database db{folder};
    check(db->DropColumnFamily(db.family(name)));
}

void flip_bit(std::string& value)
{
    char& middle = value[value.size() / 2];
    middle = static_cast<char>(middle ^ 1);
}

}  // namespace okra::test
