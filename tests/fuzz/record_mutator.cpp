// How libFuzzer alters the inputs of fuzz_record: logs line by line, everything else byte by byte.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "protocol/document/schema.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/json_mutator.hpp"
#include "tests/fuzz/language.hpp"
#include "tests/fuzz/mutator.hpp"

namespace okra::fuzz {

namespace {

bool is_log(std::string_view text)
{
    return text.starts_with('l') || text.starts_with('k');
}

json_language language_of(char kind)
{
    const document::document_schema& schema = *document::find_schema(kind == 'k' ? "workspace" : "plan");
    const language words{schema, true};
    const language of_clients{schema, false};
    const auto line = [words, of_clients](prng& random) {
        if (random.one_in(5)) return 's' + std::to_string(random.below(3)) + ' ' + words.entities(random, true);
        if (random.one_in(4)) return "c " + of_clients.ops(random);
        return words.committed(random);
    };
    return {.line = line, .value = [words](prng& random) { return words.value(random); }};
}

std::string altered_bytes(std::string_view text)
{
    std::vector<std::uint8_t> bytes(text.begin(), text.end());
    bytes.resize(text.size() + 64);
    bytes.resize(LLVMFuzzerMutate(bytes.data(), text.size(), bytes.size()));
    return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string mutated(std::string text, prng& random)
{
    static constexpr std::string_view kinds = "bpwvlk";
    if (text.size() < 2 || random.one_in(100))
        return any_of(kinds, random) + text.substr(std::min<std::size_t>(1, text.size())) + '\n';
    const char kind = text.front();
    if (!is_log(text)) return kind + altered_bytes(std::string_view{text}.substr(1));
    return kind + mutated_lines(text.substr(1), random, language_of(kind));
}

std::string crossed(std::string_view a, std::string_view b, prng& random)
{
    if (is_log(a) && is_log(b)) return a.front() + crossed_lines(a.substr(1), b.substr(1), random);
    const std::size_t cut = random.below(a.size() + 1);
    return std::string{a.substr(0, cut)} + std::string{b.substr(std::min(cut, b.size()))};
}

}  // namespace okra::fuzz
