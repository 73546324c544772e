// The wire's share of the hot path. Not run by default: okra_wire_tests "[.bench]"
#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>

#include "protocol/wire/encode.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra::wire_tests {

TEST_CASE("[CH1] the cost of a keystroke on the wire", "[.bench]")
{
    wire::decoder decoder;
    padded_text keystroke{R"({"type":"change","document":"acme/plan/platform/2026-q4","seq":1841,"base":20317,)"
                          R"("ops":[{"op":"edit","id":"kr3cD9fQ2xYz","field":"title","edit":[12,"a"]}]})"};
    padded_text type_last{
        R"({"document":"acme/plan/platform/2026-q4","seq":1841,"base":20317,)"
        R"("ops":[{"id":"kr3cD9fQ2xYz","field":"title","edit":[12,"a"],"op":"edit"}],"type":"change"})"};
    BENCHMARK("decode a change of one edit")
    {
        return decoder.decode_client(keystroke.span());
    };
    BENCHMARK("decode it with the types last")
    {
        return decoder.decode_client(type_last.span());
    };

    const document::committed_change change{
        .client = "k3Jf02mZq81LpXyA",
        .seq = {1841},
        .at_ms = 1790000000000,
        .ops = {document::edit_op{"kr3cD9fQ2xYz", "title", {document::text_skip{12}, document::text_insert{"a"}}}}};
    std::string record;
    BENCHMARK("encode it as a record")
    {
        record.clear();
        wire::encode_change(record, change);
        return record.size();
    };
    std::string frame;
    BENCHMARK("encode the commit around it")
    {
        frame.clear();
        wire::encode_commit(frame, "acme/plan/platform/2026-q4", {20318}, record, {}, {});
        return frame.size();
    };
}

}  // namespace okra::wire_tests
