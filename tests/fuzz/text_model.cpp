#include "tests/fuzz/text_model.hpp"

#include <algorithm>

#include "protocol/base/overloaded.hpp"

namespace okra::fuzz {

using document::text_delete;
using document::text_edit;
using document::text_insert;
using document::text_side;
using document::text_skip;

namespace {

// Writes an edit one code point at a time.
class unit_writer {
public:
    void skip() { count<text_skip>(); }
    void remove() { count<text_delete>(); }
    void insert(const std::string& character)
    {
        if (edit_.empty() || !std::holds_alternative<text_insert>(edit_.back())) edit_.emplace_back(text_insert{});
        std::get<text_insert>(edit_.back()).text += character;
    }
    text_edit finish() &&
    {
        if (!edit_.empty() && std::holds_alternative<text_skip>(edit_.back())) edit_.pop_back();
        return std::move(edit_);
    }

private:
    template <typename Component>
    void count()
    {
        if (edit_.empty() || !std::holds_alternative<Component>(edit_.back())) edit_.emplace_back(Component{0});
        ++std::get<Component>(edit_.back()).count;
    }

    text_edit edit_;
};

}  // namespace

characters characters_of(std::string_view text)
{
    characters all;
    for (const char byte : text) {
        const bool continues = (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
        if (!continues) all.emplace_back();
        all.back() += byte;
    }
    return all;
}

std::string joined(const characters& text)
{
    std::string all;
    for (const std::string& it : text) all += it;
    return all;
}

placed_edit place(const text_edit& edit, std::size_t length)
{
    placed_edit placed{length};
    std::size_t at = 0;
    for (const auto& component : edit) {
        std::visit(overloaded{[&](const text_skip& it) { at += std::min<std::uint64_t>(it.count, length - at); },
                              [&](const text_insert& it) {
                                  for (const std::string& each : characters_of(it.text))
                                      placed.come[at].push_back(each);
                              },
                              [&](const text_delete& it) {
                                  for (std::uint64_t left = it.count; left > 0 && at < length; --left) {
                                      placed.goes[at++] = true;
                                  }
                              }},
                   component);
    }
    return placed;
}

text_edit written(const placed_edit& edit)
{
    unit_writer out;
    for (std::size_t at = 0; at < edit.come.size(); ++at) {
        for (const std::string& it : edit.come[at]) out.insert(it);
        if (at == edit.goes.size()) break;
        if (edit.goes[at]) {
            out.remove();
        } else {
            out.skip();
        }
    }
    return std::move(out).finish();
}

characters applied(const characters& text, const placed_edit& edit)
{
    characters after;
    for (std::size_t at = 0; at < edit.come.size(); ++at) {
        after.insert(after.end(), edit.come[at].begin(), edit.come[at].end());
        if (at < text.size() && !edit.goes[at]) after.push_back(text[at]);
    }
    return after;
}

// Walks over the text as it is after `over`. What comes into a gap of the old text comes into the same gap; of two that
// come into one, the left one stands first.
placed_edit transformed(const placed_edit& edit, const placed_edit& over, text_side side)
{
    placed_edit after{0};
    const auto come = [&](const characters& more) {
        after.come.back().insert(after.come.back().end(), more.begin(), more.end());
    };
    const auto pass = [&](bool goes) {
        after.goes.push_back(goes);
        after.come.emplace_back();
    };
    for (std::size_t at = 0; at < edit.come.size(); ++at) {
        if (side == text_side::left) come(edit.come[at]);
        for (std::size_t others = over.come[at].size(); others > 0; --others) pass(false);
        if (side == text_side::right) come(edit.come[at]);
        if (at < edit.goes.size() && !over.goes[at]) pass(edit.goes[at]);
    }
    return after;
}

// A caret stands in a gap. When everything between it and an insert goes, the insert is at its place.
std::uint64_t moved_caret(std::size_t caret, const placed_edit& edit, text_side side)
{
    std::uint64_t before = 0;
    for (std::size_t at = 0; at < caret; ++at) before += edit.come[at].size() + (edit.goes[at] ? 0 : 1);
    if (side == text_side::left) return before;
    for (std::size_t at = caret; at < edit.come.size(); ++at) {
        before += edit.come[at].size();
        if (at == edit.goes.size() || !edit.goes[at]) break;
    }
    return before;
}

text_edit regrouped(const text_edit& edit)
{
    unit_writer out;
    for (const auto& component : edit) {
        std::visit(overloaded{[&](const text_skip& it) {
                                  for (std::uint64_t left = it.count; left > 0; --left) out.skip();
                              },
                              [&](const text_insert& it) {
                                  for (const std::string& each : characters_of(it.text)) out.insert(each);
                              },
                              [&](const text_delete& it) {
                                  for (std::uint64_t left = it.count; left > 0; --left) out.remove();
                              }},
                   component);
    }
    return std::move(out).finish();
}

bool is_canonical(const text_edit& edit)
{
    return regrouped(edit) == edit;
}

// Unicode 15, table 3-7.
bool is_utf8_by_the_table(std::string_view bytes)
{
    const auto in = [&](std::size_t at, unsigned low, unsigned high) {
        return at < bytes.size() && static_cast<unsigned char>(bytes[at]) >= low &&
               static_cast<unsigned char>(bytes[at]) <= high;
    };
    const auto tail = [&](std::size_t at) { return in(at, 0x80, 0xbf); };
    for (std::size_t at = 0; at < bytes.size();) {
        if (in(at, 0x00, 0x7f)) {
            at += 1;
        } else if (in(at, 0xc2, 0xdf) && tail(at + 1)) {
            at += 2;
        } else if (((in(at, 0xe0, 0xe0) && in(at + 1, 0xa0, 0xbf)) || (in(at, 0xe1, 0xec) && tail(at + 1)) ||
                    (in(at, 0xed, 0xed) && in(at + 1, 0x80, 0x9f)) || (in(at, 0xee, 0xef) && tail(at + 1))) &&
                   tail(at + 2)) {
            at += 3;
        } else if (((in(at, 0xf0, 0xf0) && in(at + 1, 0x90, 0xbf)) || (in(at, 0xf1, 0xf3) && tail(at + 1)) ||
                    (in(at, 0xf4, 0xf4) && in(at + 1, 0x80, 0x8f))) &&
                   tail(at + 2) && tail(at + 3)) {
            at += 4;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace okra::fuzz
