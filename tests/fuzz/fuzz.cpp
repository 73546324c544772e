#include "tests/fuzz/fuzz.hpp"

#include <cstdio>
#include <cstdlib>

namespace okra::fuzz {

void require(bool holds, std::string_view what)
{
    if (holds) return;
    std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

void require_same(std::string_view found, std::string_view expected, std::string_view what)
{
    if (found == expected) return;
    std::fprintf(stderr, "found:    %.*s\nexpected: %.*s\n", static_cast<int>(found.size()), found.data(),
                 static_cast<int>(expected.size()), expected.data());
    require(false, what);
}

}  // namespace okra::fuzz
