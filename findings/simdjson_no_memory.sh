#!/usr/bin/env bash
# Question: memory runs out in simdjson. What does a C++ program notice, and where?
# Usual belief: std::bad_alloc, as from any container of the library; with exceptions in use, simdjson_error at the latest.
# Truth: nothing is thrown. A parser's allocate() returns the error MEMALLOC, among the errors for bad JSON: who maps every error to "your text is not
#   JSON" blames the sender for the server's lack of memory. And padded_string has no way to say it: after a failed allocation size() tells the full
#   length and data() is null, from its own constructor as from a std::string.
# Versions: libsimdjson-dev and libsimdjson14 3.0.1-1 of Debian 12.
# Source: allocate_padded_buffer (operator new[] with std::nothrow) in simdjson include/simdjson/padded_string-inl.h; error_code MEMALLOC in
#   include/simdjson/error.h.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download libsimdjson-dev=3.0.1-1 libsimdjson14=3.0.1-1 >apt.log
for package in *.deb; do dpkg-deb -x "$package" debian; done
libraries=$(dirname "$(find "$PWD/debian" -name libsimdjson.so)")

cat >find.cpp <<'END'
#include <simdjson.h>
#include <sys/resource.h>

#include <iostream>
#include <new>
#include <string>

constexpr std::size_t mebibyte = std::size_t{1} << 20;

template <typename Attempt>
void tell(const char* what, Attempt attempt)
{
    std::cout << what << ": ";
    try {
        attempt();
    } catch (const std::bad_alloc&) {
        std::cout << "std::bad_alloc\n";
    }
}

void describe(const simdjson::padded_string& json)
{
    std::cout << "no exception, size " << json.size() << ", data " << (json.data() == nullptr ? "null" : "there") << '\n';
}

int main()
{
    const std::string text(200 * mebibyte, ' ');
    const rlimit limit{300 * mebibyte, 300 * mebibyte};
    setrlimit(RLIMIT_AS, &limit);

    tell("a copy of 200 MiB as std::string", [&] { std::cout << std::string{text}.size() << '\n'; });
    tell("as padded_string", [&] { describe(simdjson::padded_string{text}); });
    tell("padded_string of 200 MiB", [] { describe(simdjson::padded_string{200 * mebibyte}); });
    tell("parser for 200 MiB", [] {
        simdjson::ondemand::parser parser;
        const simdjson::error_code error = parser.allocate(200 * mebibyte);
        std::cout << "no exception, " << (error == simdjson::MEMALLOC ? "MEMALLOC" : "another code") << '\n';
    });
}
END
g++ -std=c++17 -O1 find.cpp -isystem debian/usr/include -L"$libraries" -Wl,-rpath,"$libraries" -lsimdjson -o program
./program | tee seen
diff - seen <<'END'
a copy of 200 MiB as std::string: std::bad_alloc
as padded_string: no exception, size 209715200, data null
padded_string of 200 MiB: no exception, size 209715200, data null
parser for 200 MiB: no exception, MEMALLOC
END
