#include "tests/fuzz/language.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "tests/fuzz/json_mutator.hpp"

namespace okra::fuzz {

namespace {

using document::field_schema;
using document::field_type;
using document::kind_schema;

// The entities that live_room begins with; the letter tells the kind, for made ones too.
struct named_kind {
    std::string_view letter;
    std::string_view kind;
};
constexpr std::array<named_kind, 14> letters{{{"o", "objective"},
                                              {"k", "key_result"},
                                              {"m", "milestone"},
                                              {"h", "check_in"},
                                              {"t", "comment"},
                                              {"i", "initiative"},
                                              {"q", "request"},
                                              {"n", "not_doing"},
                                              {"s", "team"},
                                              {"y", "cycle"},
                                              {"p", "person"},
                                              {"x", "health_metric"},
                                              {"r", "reading"},
                                              {"e", "member"}}};

std::string quoted(std::string_view text)
{
    std::string out{'"'};
    return (out += text) += '"';
}

std::string some_date(prng& random)
{
    static constexpr std::array<std::string_view, 8> dates{"2026-01-01", "2026-01-28", "2026-04-01", "2025-12-31",
                                                           "2024-02-29", "0000-01-01", "9999-12-31", "2026-13-01"};
    return quoted(any_of(dates, random));
}

std::string some_number(prng& random, const field_schema& of)
{
    switch (random.below(6)) {
        case 0:
            return hostile_number(random);
        case 1:
            return std::to_string(of.min);
        case 2:
            return std::to_string(of.max);
        case 3:
            return std::to_string(random.below(100)) + '.' + std::to_string(random.below(10));
        default:
            return std::to_string(random.below(11));
    }
}

std::string some_text(prng& random)
{
    static constexpr std::array<std::string_view, 12> pieces{
        "a", "b ", "é", "目", "🙂", "\\u0301", "\\n", "\\\"", "\\\\", "\\ud83d\\ude42", "word", "Grow"};
    if (random.one_in(20)) return hostile_string(random);
    if (random.one_in(60)) return quoted(std::string(random.below(1200), 'x'));
    std::string text;
    for (std::uint64_t left = random.below(5); left > 0; --left) text += any_of(pieces, random);
    return quoted(text);
}

std::string members_of_a_set(prng& random)
{
    std::string members;
    for (std::uint64_t left = random.one_in(50) ? 201 : random.below(4); left > 0; --left) {
        if (!members.empty()) members += ',';
        members += quoted("p" + std::to_string(random.below(left > 100 ? 300 : 5)));
    }
    return '[' + members + ']';
}

}  // namespace

std::string text_edit(prng& random)
{
    std::string edit;
    for (std::uint64_t left = random.below(5); left > 0; --left) {
        if (!edit.empty()) edit += ',';
        switch (random.below(5)) {
            case 0:
                edit += random.one_in(20) ? hostile_number(random) : std::to_string(1 + random.below(12));
                break;
            case 1:
                edit += std::to_string(1 + random.below(4));
                break;
            case 2:
                edit += R"({"d":)" +
                        (random.one_in(20) ? hostile_number(random) : std::to_string(1 + random.below(6))) + '}';
                break;
            default:
                edit += some_text(random);
                break;
        }
    }
    return '[' + edit + ']';
}

std::string order_key(prng& random)
{
    static constexpr std::array<std::string_view, 10> keys{"a0", "a1", "a2", "Zz", "a0V", "b00", "Yzz", "a00", "", "z"};
    return quoted(any_of(keys, random));
}

std::string language::id(prng& random) const
{
    if (random.one_in(30)) return std::string{schema_.root};
    if (random.one_in(60)) return "nobody";
    return new_id(random);
}

// Also that of an entity that exists: there are few, so that ops meet.
std::string language::new_id(prng& random) const
{
    const auto& named = any_of(letters, random);
    if (schema_.find(named.kind) == nullptr) return new_id(random);
    return std::string{named.letter} + std::to_string(1 + random.below(random.one_in(4) ? 9 : 3));
}

const kind_schema& language::kind(prng& random) const
{
    return any_of(schema_.kinds, random);
}

const kind_schema& language::kind_of(std::string_view id, prng& random) const
{
    if (id == schema_.root) return *schema_.find(schema_.root);
    const auto named = std::ranges::find(letters, id.substr(0, 1), &named_kind::letter);
    const kind_schema* found = named == letters.end() ? nullptr : schema_.find(named->kind);
    return found == nullptr || random.one_in(20) ? kind(random) : *found;
}

const field_schema* language::field(prng& random, const kind_schema& of) const
{
    return of.fields.empty() ? nullptr : &any_of(of.fields, random);
}

std::string language::field_value(prng& random, const field_schema& of) const
{
    if (random.one_in(25)) return hostile_number(random);
    if (random.one_in(25)) return "null";
    switch (of.type) {
        case field_type::string:
        case field_type::text:
            return some_text(random);
        case field_type::number:
            return some_number(random, of);
        case field_type::boolean:
            return random.one_in(2) ? "true" : "false";
        case field_type::date:
            return some_date(random);
        case field_type::enumeration:
            return quoted(any_of(of.values, random));
        case field_type::reference:
            return quoted("w/plan/t/c/" + id(random));
        case field_type::set:
            return members_of_a_set(random);
        case field_type::counter:
            return random.one_in(3) ? hostile_number(random) : std::to_string(random.below(5));
    }
    return "null";
}

std::string language::fields(prng& random, const kind_schema& of) const
{
    std::string members;
    for (std::uint64_t left = random.below(4); left > 0; --left) {
        const field_schema* it = field(random, of);
        if (it == nullptr) break;
        if (!members.empty()) members += ',';
        members += quoted(it->name) + ':' + field_value(random, *it);
    }
    return '{' + members + '}';
}

std::string language::placement(prng& random) const
{
    std::string members;
    if (random.one_in(2)) members += R"(,"after":)" + (random.one_in(3) ? std::string{"null"} : quoted(id(random)));
    if (effective_) members += R"(,"position":)" + order_key(random);
    return members;
}

// set, add, include, exclude or edit, mostly what the field is for.
std::string language::field_op(prng& random, const std::string& id) const
{
    const field_schema* it = field(random, kind_of(id, random));
    if (it == nullptr) return R"({"op":"restore","id":)" + quoted(id) + '}';
    const auto with = [&](std::string_view op, std::string_view member, const std::string& value) {
        std::string json = R"({"op":)" + quoted(op) + R"(,"id":)" + quoted(id) + R"(,"field":)" + quoted(it->name);
        return json + ',' + quoted(member) + ':' + value;
    };
    const field_type type = random.one_in(20) ? static_cast<field_type>(random.below(9)) : it->type;
    if (type == field_type::text) return with("edit", "edit", text_edit(random)) + '}';
    if (type == field_type::counter) {
        return with("add", "by", random.one_in(4) ? hostile_number(random) : "-" + std::to_string(random.below(3))) +
               '}';
    }
    if (type == field_type::set) {
        return with(random.one_in(2) ? "include" : "exclude", "value", quoted("p" + std::to_string(random.below(4)))) +
               '}';
    }
    std::string set = with("set", "value", field_value(random, *it));
    if (effective_ && random.one_in(3)) {
        set += R"(,"over":{"value":)" + field_value(random, *it) + R"(,"client":"a","revision":)" +
               std::to_string(1 + random.below(5)) + '}';
    } else if (random.one_in(3)) {
        set += R"(,"seen":)" + std::to_string(random.below(6));
    }
    return set + '}';
}

std::string language::op(prng& random) const
{
    const std::string it = id(random);
    // A text that everybody edits: what two do at one place at one time is where sides matter.
    if (random.one_in(4)) {
        const std::string_view text = schema_.name == "plan" ? R"("o1","field":"title")" : R"("s1","field":"name")";
        return R"({"op":"edit","id":)" + std::string{text} + R"(,"edit":)" + text_edit(random) + '}';
    }
    switch (random.below(10)) {
        case 0:
        case 1: {
            const std::string made = new_id(random);
            const kind_schema& of = kind_of(made, random);
            return R"({"op":"create","id":)" + quoted(made) + R"(,"kind":)" + quoted(of.name) + R"(,"parent":)" +
                   quoted(random.one_in(3) ? std::string{schema_.root} : it) + placement(random) + R"(,"fields":)" +
                   fields(random, of) + '}';
        }
        case 2:
            return R"({"op":"move","id":)" + quoted(id(random)) + R"(,"parent":)" +
                   quoted(random.one_in(3) ? std::string{schema_.root} : it) + placement(random) + '}';
        case 3:
            return R"({"op":"remove","id":)" + quoted(it) +
                   (random.one_in(3) ? R"(,"seen":)" + std::to_string(random.below(6)) : std::string{}) + '}';
        case 4:
            return R"({"op":"restore","id":)" + quoted(it) + '}';
        default:
            return field_op(random, it);
    }
}

std::string language::ops(prng& random) const
{
    std::string all;
    for (std::uint64_t left = random.one_in(3) ? random.below(6) : 1; left > 0; --left) {
        if (!all.empty()) all += ',';
        all += op(random);
    }
    return '[' + all + ']';
}

std::string language::change(prng& random) const
{
    const std::string seq = random.one_in(12) ? std::to_string(random.below(5)) : "$seq";
    const std::string base = random.one_in(2) ? std::to_string(random.below(8)) : "$head";
    const std::string_view name = schema_.name == "plan" ? "w/plan/t/c" : "w/workspace";
    return R"({"type":"change","document":)" + quoted(name) + R"(,"seq":)" + seq + R"(,"base":)" + base + R"(,"ops":)" +
           ops(random) + '}';
}

std::string language::committed(prng& random) const
{
    const std::array<std::string_view, 4> clients{"a", "b", "c", "d"};
    return R"({"client":)" + quoted(any_of(clients, random)) + R"(,"seq":)" + std::to_string(1 + random.below(5)) +
           R"(,"at":1790000000000,"ops":)" + ops(random) + '}';
}

std::string language::entity(prng& random, bool stamped) const
{
    const std::string it = new_id(random);
    const kind_schema& of = kind_of(it, random);
    std::string json = R"({"id":)" + quoted(it) + R"(,"kind":)" + quoted(of.name) + R"(,"parent":)" +
                       quoted(random.one_in(2) ? std::string{schema_.root} : id(random)) + R"(,"position":)" +
                       order_key(random) + R"(,"fields":)" + fields(random, of);
    if (random.one_in(4)) json += R"(,"removed":true)";
    if (stamped) {
        const field_schema* set = field(random, of);
        json += R"(,"arrived":[1,"a"],"set":{)" + quoted(set == nullptr ? "title" : set->name) + R"(:[2,"b"]})";
    }
    return json + '}';
}

std::string language::entities(prng& random, bool stamped) const
{
    const std::string root = quoted(schema_.root);
    std::string all = R"({"id":)" + root + R"(,"kind":)" + root + R"(,"fields":{}})";
    for (std::uint64_t left = random.below(4); left > 0; --left) all += ',' + entity(random, stamped);
    return '[' + all + ']';
}

std::string language::value(prng& random) const
{
    switch (random.below(12)) {
        case 0:
            return op(random);
        case 1:
            return ops(random);
        case 2:
            return quoted(kind(random).name);
        case 3:
            return text_edit(random);
        case 4:
            return hostile_number(random);
        case 5:
            return hostile_string(random);
        case 6:
            return order_key(random);
        case 7: {
            const field_schema* it = field(random, kind(random));
            return it == nullptr ? "null" : random.one_in(2) ? quoted(it->name) : field_value(random, *it);
        }
        case 8:
            return entity(random, random.one_in(2));
        case 9: {
            static constexpr std::array<std::string_view, 8> words{"null",
                                                                   "true",
                                                                   "false",
                                                                   "[]",
                                                                   "{}",
                                                                   "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
                                                                   R"({"a":{"a":1}})",
                                                                   "\"type\":\"ping\""};
            return std::string{any_of(words, random)};
        }
        default:
            return quoted(id(random));
    }
}

}  // namespace okra::fuzz
