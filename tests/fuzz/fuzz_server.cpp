// A server that says anything against a replica and the decoder in front of it: okra-cli and okra-check read from
// servers.
//
//   line := message | "u " ops | "+" | "-" | "!"    a server's message, `$head` and `$next` filled in; the user edits;
//                                                  the connection comes, ends; the change in flight is sent again
//
// Nothing that a server says may end a client, and what the client then sends must be right by itself.
#include "protocol/document/name.hpp"
#include "protocol/wire/encode.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/messages.hpp"
#include "tools/client/replica.hpp"

namespace okra::fuzz {

namespace {

constexpr std::string_view document_name = "w/plan/t/c";

class listener {
public:
    listener() : replica_{{.client = "b", .document = std::string{document_name}}, *document::find_schema("plan")}
    {
        replica_.connect();
    }

    void run(std::string_view line)
    {
        if (line == "+") replica_.connect();
        if (line == "-") replica_.disconnect();
        if (line == "!") replica_.resend();
        if (line.starts_with("u ")) {
            if (const auto ops = ops_from(decoder_, line.substr(2))) static_cast<void>(replica_.submit(*ops));
        }
        if (line.starts_with('{')) hear(std::string{line});
        check();
    }

private:
    void hear(std::string line)
    {
        const std::uint64_t head = replica_.confirmed().head().value;
        fill_in(line, "$head", head);
        fill_in(line, "$next", head + 1);
        if (const auto message = decoded_server_message(decoder_, line)) replica_.receive(*message);
    }

    void check()
    {
        static_cast<void>(replica_.take_events());
        for (const auto& message : replica_.take_messages()) {
            std::string json;
            wire::encode(json, message);
            // A server may have counted up to the last number that there is; the next one is out of range.
            const auto sent = decoded_client_message(decoder_, json);
            require(sent || sent.error().why.code == refusal_code::out_of_range,
                    "a replica sends what is right by itself");
        }
        static_cast<void>(replica_.shown().hash());
        static_cast<void>(replica_.shown_text("o1", "title"));
        const document::document& confirmed = replica_.confirmed();
        require(confirmed.in_tree_order().size() == confirmed.entity_count(), "no entity is out of reach");
    }

    wire::decoder decoder_;
    client::replica replica_;
};

}  // namespace

}  // namespace okra::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    okra::fuzz::listener it;
    okra::fuzz::each_line(okra::fuzz::as_text(data, size), [&](std::string_view line) { it.run(line); });
    return 0;
}
