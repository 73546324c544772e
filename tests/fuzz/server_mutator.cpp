// How libFuzzer alters the inputs of fuzz_server.
#include <array>

#include "protocol/document/schema.hpp"
#include "tests/fuzz/json_mutator.hpp"
#include "tests/fuzz/language.hpp"
#include "tests/fuzz/mutator.hpp"

namespace okra::fuzz {

namespace {

std::string figures(prng& random)
{
    static constexpr std::array<std::string_view, 6> some{
        R"({})",
        R"({"o1":null})",
        R"({"o1":{"progress":0.5,"expected":0.2,"weight":1,"measured":1,"of":2}})",
        R"({"k1":{"computed":"on_track","shown":"at_risk","error":"start_missing"}})",
        R"({"plan":{"counts":{"on_track":1,"at_risk":0,"off_track":2,"stale":0,"none":1,"closed":3}}})",
        R"({"o1":{"computed":"closed","shown":"stale"},"o2":{"shown":"none"}})"};
    return std::string{any_of(some, random)};
}

std::string outcome(prng& random)
{
    static constexpr std::array<std::string_view, 4> some{"null", R"({"revision":1})",
                                                          R"({"code":"cycle","rule":"OP6","message":"no","op":0})",
                                                          R"({"code":"base_too_old","rule":"CH7","message":"no"})"};
    return std::string{any_of(some, random)};
}

std::string opened(prng& random)
{
    const std::string tail = R"("mode":"tail","revision":$head,"parts":0,"recovered":true)";
    const std::string snapshot = R"("mode":"snapshot","revision":)" + std::to_string(random.below(4)) + R"(,"parts":)" +
                                 std::to_string(random.below(3)) + R"(,"recovered":false)";
    return R"({"type":"opened","document":"w/plan/t/c","epoch":"e)" + std::to_string(random.one_in(6)) + R"(",)" +
           (random.one_in(2) ? tail : snapshot) + R"(,"seq":)" + std::to_string(random.below(3)) + R"(,"outcome":)" +
           outcome(random) + R"(,"people":[{"session":1,"client":"a","name":"Li","color":2,"at":null}],"you":1})";
}

std::string refused(prng& random)
{
    static constexpr std::array<std::string_view, 6> codes{"base_too_old",  "unavailable", "seq_gap",
                                                           "text_too_long", "not_open",    "quarantined"};
    return R"({"type":"refused","document":"w/plan/t/c","seq":)" + std::to_string(1 + random.below(3)) +
           R"(,"code":")" + std::string{any_of(codes, random)} +
           R"(","rule":"CH7","message":"no","revision":$head,"final":)" + (random.one_in(2) ? "true}" : "false}");
}

std::string line(const language& words, prng& random)
{
    const std::string head = R"("document":"w/plan/t/c",)";
    switch (random.below(12)) {
        case 0:
        case 1:
            return opened(random);
        case 2:
        case 3:
            return R"({"type":"part",)" + head + R"("revision":)" + std::to_string(random.below(4)) + R"(,"index":)" +
                   std::to_string(random.below(2)) + R"(,"entities":)" + words.entities(random, false) +
                   R"(,"derived":)" + figures(random) + '}';
        case 4:
            return refused(random);
        case 5:
            return R"({"type":"derived",)" + head + R"("revision":)" + std::to_string(random.below(4)) +
                   R"(,"derived":)" + figures(random) + '}';
        case 6: {
            static constexpr std::array<std::string_view, 7> others{
                "+",
                "-",
                "!",
                R"({"type":"notice","code":"storage_recovered","message":""})",
                R"({"type":"bye","code":"shutdown","message":"","again":true,"after_ms":5})",
                R"({"type":"welcome","protocol":1,"session":3,"server":"x","epoch":"e0","heartbeat_ms":20000})",
                R"({"type":"presence","document":"w/plan/t/c","people":[],"gone":[1,2]})"};
            return std::string{any_of(others, random)};
        }
        case 7:
        case 8:
            return "u " + language{*document::find_schema("plan"), false}.ops(random);
        default:
            return R"({"type":"commit",)" + head + R"("revision":$next,"changes":[)" + words.committed(random) +
                   R"(],"derived":)" + figures(random) + '}';
    }
}

const json_language& words_of_a_server()
{
    static const language words{*document::find_schema("plan"), true};
    static const json_language it{.line = [](prng& random) { return line(words, random); },
                                  .value = [](prng& random) { return words.value(random); }};
    return it;
}

}  // namespace

std::string mutated(std::string text, prng& random)
{
    return mutated_lines(std::move(text), random, words_of_a_server());
}

std::string crossed(std::string_view a, std::string_view b, prng& random)
{
    return crossed_lines(a, b, random);
}

}  // namespace okra::fuzz
