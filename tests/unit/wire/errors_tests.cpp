#include <algorithm>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "protocol/document/errors.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra::wire_tests {
namespace {

std::vector<refusal_code> all_codes()
{
    std::vector<refusal_code> codes;
    for (int index = 0; index <= static_cast<int>(refusal_code::subtree_changed); ++index) {
        codes.push_back(static_cast<refusal_code>(index));
    }
    return codes;
}

std::string spec()
{
    return read_file(std::filesystem::path{OKRA_SOURCE_DIR} / "protocol/SPEC.md");
}

}  // namespace

TEST_CASE("[RF1] every refusal code has a name of its own that leads back to it", "[errors]")
{
    std::set<std::string_view> names;
    for (const refusal_code code : all_codes()) {
        CAPTURE(name_of(code));
        CHECK(refusal_code_named(name_of(code)) == code);
        CHECK(names.insert(name_of(code)).second);
    }
    CHECK_FALSE(refusal_code_named("").has_value());
    CHECK_FALSE(refusal_code_named("Malformed").has_value());
}

TEST_CASE("[RF1] every refusal code names a rule of SPEC.md, which explains the code in its table", "[errors]")
{
    const std::string text = spec();
    for (const refusal_code code : all_codes()) {
        const std::string rule{rule_of(code)};
        const std::string row = "| `" + std::string{name_of(code)} + "` | " + rule + " |";
        CAPTURE(row);
        CHECK(text.find("**" + rule + "**") != std::string::npos);
        CHECK(text.find(row) != std::string::npos);
    }
}

}  // namespace okra::wire_tests
