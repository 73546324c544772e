// Short words for building appends and reading them back.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "storage/log.hpp"
#include "tests/support/print_result.hpp"

namespace okra::test {

using records = std::vector<std::string>;

inline storage::document_append changes(std::string document, std::uint64_t expected_head, records what)
{
    return {
        .document = std::move(document), .expected_head = {expected_head}, .records = std::move(what), .clients = {}};
}

inline storage::client_update committed(std::string client, std::uint64_t seq, std::uint64_t at)
{
    return {.client = std::move(client), .outcome = {.seq = {seq}, .what = revision{at}}};
}

inline storage::client_update refused(std::string client, std::uint64_t seq, refusal why)
{
    return {.client = std::move(client), .outcome = {.seq = {seq}, .what = std::move(why)}};
}

inline result<void, storage::failure> append(storage::log& log, const std::vector<storage::document_append>& batch)
{
    return log.append(batch);
}

// The records after `after`; fails the test when they cannot be read.
inline records read_all(const storage::log& log, std::string_view document, std::uint64_t after = 0)
{
    records all;
    std::uint64_t last = after;
    const auto done = log.read(document, {after}, [&](revision at, std::string_view record) {
        CHECK(at.value == ++last);
        all.emplace_back(record);
        return true;
    });
    if (!done) FAIL(done.error().message);
    return all;
}

inline std::uint64_t head_of(const storage::log& log, std::string_view document)
{
    const auto state = log.load(document);
    if (!state) FAIL(state.error().message);
    return state->head.value;
}

inline records names(const storage::log& log, std::string_view prefix, std::string_view after, std::size_t limit)
{
    auto list = log.documents(prefix, after, limit);
    if (!list) FAIL(list.error().message);
    return *std::move(list);
}

// The error's code; fails the test when there is no error.
template <typename Result>
storage::errc code_of(const Result& it)
{
    REQUIRE_FALSE(it);
    return it.error().code;
}

}  // namespace okra::test

// Catch2 prints codes by name.
template <>
struct Catch::StringMaker<okra::storage::errc> {
    static std::string convert(okra::storage::errc code) { return std::string{okra::storage::name_of(code)}; }
};
