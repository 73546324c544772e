#!/usr/bin/env bash
# Question: a RocksDB folder has lost its file CURRENT (a copy that broke off, a restore that left it out); tables, log and manifest are all there. A
#   program opens it with create_if_missing, is refused, and is started again, as a supervisor does. What happens to the data?
# Usual belief: each start is refused alike, as long as nobody has repaired the folder. An Open that fails changes nothing, and RocksDB does not make a
#   new database where the files of one lie.
# Truth: the first Open fails ("While creating a new Db, wal_dir contains existing log file"), but has written a new, empty MANIFEST-000001 and CURRENT
#   by then. The second Open succeeds with it, takes what the logs still hold for all there is, and deletes every table and the old
#   manifest as obsolete. Of 2010 keys 10 are left, with the status OK.
# Versions: librocksdb-dev and librocksdb7.8 7.8.3-2 of Debian 12 (RocksDB 7.8.3).
# Source: DBImpl::Recover in RocksDB db/db_impl/db_impl_open.cc calls NewDB (which sets CURRENT) before it looks for logs; then
#   DeleteObsoleteFiles removes the tables that the manifest does not name.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download librocksdb-dev=7.8.3-2 librocksdb7.8=7.8.3-2 libgflags2.2 libsnappy1v5 libbz2-1.0 liblz4-1 libzstd1 \
  zlib1g >apt.log
for package in *.deb; do dpkg-deb -x "$package" debian; done
libraries=$(dirname "$(find "$PWD/debian" -name librocksdb.so)")

cat >find.cpp <<'END'
#include <rocksdb/db.h>

#include <filesystem>
#include <iostream>
#include <memory>

namespace fs = std::filesystem;

std::unique_ptr<rocksdb::DB> open(const char* which)
{
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, "plans", &opened);
    const std::string words = status.ToString();
    std::cout << which << ": " << words.substr(0, words.find(": :"));
    return std::unique_ptr<rocksdb::DB>{opened};
}

void put(rocksdb::DB& plans, int from, int to)
{
    for (int key = from; key < to; ++key) plans.Put({}, "plan " + std::to_string(key), std::string(100, 'x'));
}

fs::path only_table()
{
    for (const auto& file : fs::directory_iterator{"plans"}) {
        if (file.path().extension() == ".sst") return file.path();
    }
    return {};
}

void count(rocksdb::DB* plans, const fs::path& table)
{
    int keys = 0;
    if (plans) {
        const std::unique_ptr<rocksdb::Iterator> at{plans->NewIterator({})};
        for (at->SeekToFirst(); at->Valid(); at->Next()) ++keys;
    }
    std::cout << "; keys " << keys << ", the table of 2000 keys is " << (fs::exists(table) ? "there" : "deleted") << '\n';
}

int main()
{
    fs::path table;
    {
        const auto plans = open("new");
        put(*plans, 0, 2000);
        plans->Flush({});
        put(*plans, 2000, 2010);
        table = only_table();
        count(plans.get(), table);
    }
    fs::remove("plans/CURRENT");
    count(open("first start without CURRENT").get(), table);
    count(open("second start").get(), table);
}
END
g++ -std=c++17 -O1 find.cpp -Idebian/usr/include -L"$libraries" -Wl,-rpath,"$libraries" -Wl,-rpath-link,"$libraries:$PWD/debian/lib/x86_64-linux-gnu" \
  -lrocksdb -o program
LD_LIBRARY_PATH="$libraries:$PWD/debian/lib/x86_64-linux-gnu" ./program | tee seen
diff - seen <<'END'
new: OK; keys 2010, the table of 2000 keys is there
first start without CURRENT: Corruption: While creating a new Db, wal_dir contains existing log file; keys 0, the table of 2000 keys is there
second start: OK; keys 10, the table of 2000 keys is deleted
END
