#include "protocol/wire/decode.hpp"

#include <cmath>

#include "protocol/document/name.hpp"
#include "protocol/document/schema.hpp"
#include "protocol/wire/decode_client.hpp"
#include "protocol/wire/decode_document.hpp"
#include "protocol/wire/decode_server.hpp"
#include "protocol/wire/json_reader.hpp"

namespace okra::wire {
namespace {

using simdjson::ondemand::parser;

// Stands for a number that no version can have.
constexpr std::uint32_t no_protocol_version = 0;

// The cold path. A message is read once, straight into its struct, and stops at the first failure, which may depend on
// the order of its members. What is told about it must not: so the text is read anew, to see first whether it is JSON
// at all (ER1), then which change it was meant to be (ER4). Nor may it depend on what lies in memory behind the
// message, where simdjson looks when brackets are missing: so a copy is read, with blanks behind it.
class padded_copy {
public:
    explicit padded_copy(std::span<const char> text) : bytes_(text.begin(), text.end())
    {
        bytes_.resize(text.size() + decoder::padding, ' ');
    }
    [[nodiscard]] std::span<char> text() { return {bytes_.data(), bytes_.size() - decoder::padding}; }

private:
    std::vector<char> bytes_;
};

std::optional<refusal> why_not_json(parser& parser, std::span<char> text)
{
    json_reader in{parser, text};
    in.root_object([&](json_object& object) {
        in.members(object, [&](std::string_view, json_value& value) { in.ignore(value); });
    });
    if (!in.failed()) return std::nullopt;
    return in.failure();
}

// What can be made out of a message that is JSON but not right.
struct revealed {
    std::string type;
    std::optional<double> protocol;
    std::optional<std::string> document;
    std::optional<sequence> seq;
    bool op_is_unknown = false;  // the op at the index that was asked for
};

bool is_unknown_op(json_reader& in, json_value& element)
{
    json_object op;
    if (in.type_of(element) != json_type::object || element.get_object().get(op) != simdjson::SUCCESS) return false;
    const std::string_view name = in.tag(op, "op");
    return !in.failed() && name.data() != nullptr && !is_op_name(name);
}

revealed reveal(parser& parser, std::span<char> text, std::optional<std::uint32_t> op_index)
{
    revealed it;
    json_reader in{parser, text};
    in.root_object([&](json_object& object) {
        in.members(object, [&](std::string_view key, json_value& value) {
            if (key == "type" && it.type.empty()) {
                it.type = in.text(value, key);
            } else if (key == "protocol") {
                const double protocol = in.finite_number(value, key);
                if (!in.failed()) it.protocol = protocol;
            } else if (key == "document") {
                std::string document = read_document_name(in, value);
                if (!in.failed()) it.document = std::move(document);
            } else if (key == "seq") {
                const std::uint64_t seq = in.integer(value, key, {.min = 1});
                if (!in.failed()) it.seq = sequence{seq};
            } else if (key == "ops" && op_index) {
                std::uint32_t index = 0;
                in.elements(value, key, [&](json_value& element) {
                    if (index++ == *op_index) it.op_is_unknown = is_unknown_op(in, element);
                });
            }
            in.forget_failure();
        });
    });
    if (it.type != "change") it.seq.reset();
    return it;
}

decode_failure explained(parser& parser, std::span<char> text, const refusal& first)
{
    const auto not_json = why_not_json(parser, text);
    if (not_json && not_json->code != refusal_code::too_deep) return {.why = *not_json, .document = {}, .seq = {}};
    const refusal& why = not_json ? *not_json : first;
    revealed it = reveal(parser, text, why.op_index);
    decode_failure failure{.why = why, .document = std::move(it.document), .seq = it.seq};
    if (it.op_is_unknown && why.code != refusal_code::unknown_op) {
        failure.why = {refusal_code::unknown_op, "there is no such op", why.op_index};
    }
    return failure;
}

// A hello of another protocol version may look different in everything else: it is answered with a bye that says so
// (HS6), not with what we think of its members.
std::optional<hello> hello_of_another_version(parser& parser, std::span<char> text)
{
    if (why_not_json(parser, text)) return std::nullopt;
    const revealed it = reveal(parser, text, std::nullopt);
    if (it.type != "hello" || !it.protocol || *it.protocol == protocol_version) return std::nullopt;
    const bool may_be_one = *it.protocol >= 1 && *it.protocol <= UINT32_MAX && *it.protocol == std::trunc(*it.protocol);
    hello foreign;
    foreign.protocol = may_be_one ? static_cast<std::uint32_t>(*it.protocol) : no_protocol_version;
    return foreign;
}

template <typename Message>
result<Message, refusal> read_message(parser& parser, std::span<char> text,
                                      Message (*read)(json_reader& in, json_object& object))
{
    Message message;
    json_reader in{parser, text};
    in.root_object([&](json_object& object) { message = read(in, object); });
    if (in.failed()) return in.failure();
    return message;
}

}  // namespace

struct decoder::state {
    simdjson::ondemand::parser parser;
};

decoder::decoder() : state_{std::make_unique<state>()} {}
decoder::~decoder() = default;
decoder::decoder(decoder&&) noexcept = default;
decoder& decoder::operator=(decoder&&) noexcept = default;

result<client_message, decode_failure> decoder::decode_client(std::span<char> message)
{
    auto read = read_message<client_message>(state_->parser, message, read_client_message);
    if (read) return *std::move(read);
    padded_copy copy{message};
    if (auto foreign = hello_of_another_version(state_->parser, copy.text()))
        return client_message{*std::move(foreign)};
    return explained(state_->parser, copy.text(), read.error());
}

result<server_message, decode_failure> decoder::decode_server(std::span<char> message)
{
    auto read = read_message<server_message>(state_->parser, message, read_server_message);
    if (read) return *std::move(read);
    padded_copy copy{message};
    return explained(state_->parser, copy.text(), read.error());
}

result<document::committed_change, refusal> decoder::decode_change(std::span<char> json)
{
    document::committed_change change;
    json_reader in{state_->parser, json};
    in.root_object([&](json_object& object) { change = read_committed_change(in, object); });
    if (in.failed()) return in.failure();
    return change;
}

result<std::vector<document::entity>, refusal> decoder::decode_entities(const document::document_schema& schema,
                                                                        std::span<char> json)
{
    std::vector<document::entity> entities;
    json_reader in{state_->parser, json};
    in.root_array([&](json_value& value) { entities.push_back(read_entity(in, value, schema)); });
    if (in.failed()) return in.failure();
    return entities;
}

}  // namespace okra::wire
