// One file of protocol/fixtures/scenarios, run through the core. The web client's tests run the same files: they replay
// what was committed and compare the entities.
//   file   := { name, document: "plan" | "workspace", context: { today, cycle_start, cycle_end }, steps: [step, …],
//               entities: [entity as in a part (OD4), …], hash: of them (AU1), derived: { id: figures, … } }
//   step   := { change: { client, seq, base, ops }, and either commits: { ops } or refused: code }
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <simdjson.h>

#include "protocol/document/derive/derive.hpp"
#include "protocol/document/document.hpp"
#include "protocol/wire/decode.hpp"

namespace okra::scenarios {

// JSON with members in alphabetical order: equal values have equal text.
[[nodiscard]] std::string canonical(simdjson::dom::element json);

class scenario {
public:
    explicit scenario(const std::filesystem::path& file);

    // Every difference between what the file says and what the core does, in words; none is the pass.
    [[nodiscard]] std::vector<std::string> differences();

private:
    void run_step(simdjson::dom::element step);
    void expect(std::string what, std::string expected, std::string actual);
    [[nodiscard]] document::change decode_change(simdjson::dom::element json);
    [[nodiscard]] std::string effective(const std::vector<document::operation>& ops);

    simdjson::dom::parser parser_;         // of the file
    simdjson::dom::parser answer_parser_;  // of what the core answers
    simdjson::dom::element json_;
    wire::decoder decoder_;
    document::document document_;
    document::document replica_;
    document::derive_context context_;
    document::figure_keeper keeper_;
    std::vector<std::string> differences_;
};

}  // namespace okra::scenarios
