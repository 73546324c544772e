// How libFuzzer alters the inputs of fuzz_change.
#include <array>

#include "protocol/document/schema.hpp"
#include "tests/fuzz/json_mutator.hpp"
#include "tests/fuzz/language.hpp"
#include "tests/fuzz/mutator.hpp"

namespace okra::fuzz {

namespace {

std::string line(const language& words, prng& random)
{
    static constexpr std::array<std::string_view, 14> commands{"write",    "write",  "take",  "fail",   "lost",
                                                               "snapshot", "reload", "day 1", "day 90", "workspace",
                                                               "b *",      "d *",    "b +",   "d -"};
    static constexpr std::array<std::string_view, 6> steps{"b >", "b <", "d >", "d <", "b -", "d +"};
    switch (random.below(8)) {
        case 0:
            return std::string{any_of(commands, random)};
        case 1:
        case 2:
            return std::string{any_of(steps, random)};
        case 3:
        case 4:
            return (random.one_in(2) ? "b " : "d ") + words.ops(random);
        case 5: {
            if (!random.one_in(4)) return "write";
            return R"(a {"type":"presence","document":"w/plan/t/c","at":{"entity":"o1","field":"title","anchor":1,"head":2,"revision":1}})";
        }
        default:
            return (random.one_in(2) ? "a " : "c ") + words.change(random);
    }
}

json_language language_of(std::string_view text)
{
    const language words{*document::find_schema(text.starts_with("workspace\n") ? "workspace" : "plan"), false};
    return {.line = [words](prng& random) { return line(words, random); },
            .value = [words](prng& random) { return words.value(random); }};
}

}  // namespace

std::string mutated(std::string text, prng& random)
{
    const json_language words = language_of(text);
    return mutated_lines(std::move(text), random, words);
}

std::string crossed(std::string_view a, std::string_view b, prng& random)
{
    return crossed_lines(a, b, random);
}

}  // namespace okra::fuzz
