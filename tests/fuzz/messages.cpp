#include "tests/fuzz/messages.hpp"

#include <string>

#include "protocol/wire/encode.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace okra::fuzz {

namespace {

template <typename Message, typename Decode>
result<Message, wire::decode_failure> decoded(std::string_view text, Decode&& decode)
{
    padded_text padded{text, '}'};
    padded_text other{text, ','};
    result<Message, wire::decode_failure> message = decode(padded.span());
    const result<Message, wire::decode_failure> same = decode(other.span());
    require(message.has_value() == same.has_value(), "what lies behind a message matters");
    if (message.has_value()) return message;
    require(message.error().why == same.error().why, "what lies behind a message matters to the refusal");
    require(message.error().document == same.error().document, "what lies behind a message matters to its document");
    require(message.error().seq == same.error().seq, "what lies behind a message matters to its seq");
    require(!message.error().why.message.empty(), "a refusal says why");
    return message;
}

template <typename Message, typename Decode>
void check_encoding(const Message& message, Decode&& decode)
{
    std::string once;
    wire::encode(once, message);
    const auto again = decode(padded_text{once}.span());
    require(again.has_value(), "what was encoded cannot be decoded");
    std::string twice;
    wire::encode(twice, *again);
    require_same(twice, once, "what was decoded and encoded says something else");
}

}  // namespace

result<wire::client_message, wire::decode_failure> decoded_client_message(wire::decoder& decoder, std::string_view text)
{
    const auto decode = [&](std::span<char> bytes) { return decoder.decode_client(bytes); };
    auto message = decoded<wire::client_message>(text, decode);
    if (!message) return message;
    // A hello of another protocol version is let through with members that would not pass otherwise (HS6).
    const auto* hello = std::get_if<wire::hello>(&*message);
    if (hello == nullptr || hello->protocol == wire::protocol_version) check_encoding(*message, decode);
    return message;
}

result<wire::server_message, wire::decode_failure> decoded_server_message(wire::decoder& decoder, std::string_view text)
{
    const auto decode = [&](std::span<char> bytes) { return decoder.decode_server(bytes); };
    auto message = decoded<wire::server_message>(text, decode);
    if (message) check_encoding(*message, decode);
    return message;
}

std::optional<std::vector<document::operation>> ops_from(wire::decoder& decoder, std::string_view json)
{
    std::string text = R"({"type":"change","document":"w/workspace","seq":1,"base":0,"ops":)";
    text += json;
    text += '}';
    auto message = decoded_client_message(decoder, text);
    if (!message) return std::nullopt;
    auto* change = std::get_if<wire::change>(&*message);
    if (change == nullptr) return std::nullopt;
    return std::move(change->what.ops);
}

}  // namespace okra::fuzz
