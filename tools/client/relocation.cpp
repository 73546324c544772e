#include "tools/client/relocation.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "protocol/base/overloaded.hpp"

namespace okra::client {

namespace {

using document::text_delete;
using document::text_edit;
using document::text_insert;
using document::text_skip;

constexpr std::uint64_t beginning = 0;  // stands before the first character

// Tells what becomes of each character of `text`, and what is inserted between them.
template <typename Kept, typename Inserted, typename Deleted>
void walk(const text_edit& edit, const std::vector<std::uint64_t>& text, Kept kept, Inserted inserted, Deleted deleted)
{
    auto next = text.begin();
    const auto pass = [&](std::uint64_t count, const auto& tell) {
        for (; count > 0 && next != text.end(); --count, ++next) tell(*next);
    };
    for (const auto& component : edit) {
        std::visit(overloaded{[&](const text_skip& it) { pass(it.count, kept); },
                              [&](const text_insert& it) { inserted(it.text); },
                              [&](const text_delete& it) { pass(it.count, deleted); }},
                   component);
    }
    pass(text.size(), kept);
}

}  // namespace

relocation::relocation(const text_edit& expected, const text_edit& actual, std::uint64_t length)
    : unused_{beginning + 1}
{
    std::vector<character> before;
    while (before.size() < length) before.push_back(unused_++);
    const character first_inserted = unused_;
    const auto with = [&](const text_edit& edit) {
        std::vector<character> text;
        character inserted = first_inserted;
        walk(
            edit, before, [&](character it) { text.push_back(it); },
            [&](const std::string& words) {
                for (auto left = document::code_point_count(words); left > 0; --left) text.push_back(inserted++);
            },
            [](character) {});
        unused_ = std::max(unused_, inserted);
        return text;
    };
    expected_ = with(expected);
    actual_ = with(actual);
}

text_edit relocation::carry(const text_edit& edit)
{
    std::vector<bool> is_there(unused_);
    is_there[beginning] = true;
    for (const character it : actual_) is_there[it] = true;

    struct insertion {
        const std::string* words;
        std::vector<character> characters;
    };
    std::map<character, std::vector<insertion>> behind;
    std::vector<bool> is_deleted(unused_);
    std::vector<character> expected;
    character last = beginning;
    const auto pass = [&](character it) {
        if (is_there[it]) last = it;
    };
    walk(
        edit, expected_,
        [&](character it) {
            pass(it);
            expected.push_back(it);
        },
        [&](const std::string& words) {
            insertion& it = behind[last].emplace_back(insertion{&words, {}});
            for (auto left = document::code_point_count(words); left > 0; --left) it.characters.push_back(unused_++);
            expected.insert(expected.end(), it.characters.begin(), it.characters.end());
        },
        [&](character it) {
            pass(it);
            is_deleted[it] = true;
        });

    text_edit carried;
    std::vector<character> actual;
    const auto insert_behind = [&](character place) {
        const auto found = behind.find(place);
        if (found == behind.end()) return;
        for (const insertion& it : found->second) {
            carried.emplace_back(text_insert{*it.words});
            actual.insert(actual.end(), it.characters.begin(), it.characters.end());
        }
    };
    insert_behind(beginning);
    for (const character it : actual_) {
        if (is_deleted[it]) {
            carried.emplace_back(text_delete{1});
        } else {
            carried.emplace_back(text_skip{1});
            actual.push_back(it);
        }
        insert_behind(it);
    }
    expected_ = std::move(expected);
    actual_ = std::move(actual);
    return document::normalise(std::move(carried));
}

}  // namespace okra::client
