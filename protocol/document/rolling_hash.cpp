#include "protocol/document/rolling_hash.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

#include "protocol/base/assert.hpp"
#include "protocol/base/murmur3.hpp"
#include "protocol/base/overloaded.hpp"

namespace okra::document {

namespace {

void append_piece(std::string& out, std::string_view piece)
{
    out += piece;
    out += '\0';
}

// The bits of the double: how a number is printed differs between languages.
void append_number(std::string& out, double it)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto bits = std::bit_cast<std::uint64_t>(it + 0.0);  // -0 is 0 (OP14)
    for (unsigned shift = 64; shift != 0; shift -= 4) out += digits[(bits >> (shift - 4)) & 0xfU];
}

void append_value(std::string& out, const initial_value& value)
{
    std::visit(overloaded{[](const null_value&) {}, [&](bool it) { out += it ? "b1" : "b0"; },
                          [&](double it) {
                              out += 'n';
                              append_number(out, it);
                          },
                          [&](const std::string& it) {
                              out += 's';
                              out += it;
                          },
                          [&](const std::vector<std::string>& members) {
                              for (const std::string& it : members) {
                                  out += &it == &members.front() ? 'm' : ',';
                                  out += it;
                              }
                          }},
               value);
    out += '\0';
}

std::uint64_t hash_of(const entity& it, std::string& text)
{
    text.clear();
    append_piece(text, it.id);
    append_piece(text, it.kind->name);
    append_piece(text, it.parent);
    append_piece(text, it.position);
    append_piece(text, it.removed ? "1" : "0");
    for (const auto& [name, field] : it.fields) {
        if (is_unset(*it.kind, name, field.value)) continue;
        append_piece(text, name);
        append_value(text, field.value);
    }
    const auto words = murmur3_x86_128(text);
    return std::uint64_t{words[0]} << 32U | words[1];
}

}  // namespace

std::uint64_t hash_of(const entity& it)
{
    std::string text;
    return hash_of(it, text);
}

bool is_unset(const kind_schema& kind, std::string_view field, const initial_value& value)
{
    const auto has_type = [&](field_type type) {
        const field_schema* schema = kind.find(field);
        return schema != nullptr && schema->type == type;
    };
    return std::visit(overloaded{[](const null_value&) { return true; }, [](bool) { return false; },
                                 [&](double it) { return it == 0 && has_type(field_type::counter); },
                                 [&](const std::string& it) { return it.empty() && has_type(field_type::text); },
                                 [](const std::vector<std::string>& it) { return it.empty(); }},
                      value);
}

void rolling_hash::drop(const node& it)
{
    if (it.hash) {
        sum_ ^= *it.hash;
    } else {
        // What is taken back was altered last: from the end, so that taking back a thousand does not look at each for
        // each.
        const auto found = std::find(stale_.rbegin(), stale_.rend(), &it);
        OKRA_ASSERT(found != stale_.rend());
        stale_.erase(std::next(found).base());
    }
}

std::uint64_t rolling_hash::value()
{
    std::string text;  // one for all, as long as the longest
    for (node* it : std::exchange(stale_, {})) {
        it->hash = hash_of(*it, text);
        sum_ ^= *it->hash;
    }
    return sum_;
}

}  // namespace okra::document
