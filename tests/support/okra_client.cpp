#include "tests/support/okra_client.hpp"

#include <fmt/format.h>

namespace okra::test {

okra_client::okra_client(std::uint16_t port, std::string id, websocket_client::options how) : socket_{port, how}
{
    if (id.empty()) return;
    send(fmt::format(
        R"({{"type":"hello","protocol":1,"client":"{}","workspace":"acme","name":"Li Na","language":"en"}})", id));
    static_cast<void>(next_of<wire::welcome>());
}

void okra_client::change(std::string_view document, std::uint64_t seq, std::uint64_t base, std::string_view op)
{
    send(fmt::format(R"({{"type":"change","document":"{}","seq":{},"base":{},"ops":[{}]}})", document, seq, base, op));
}

wire::opened okra_client::open(std::string_view document)
{
    send(fmt::format(R"({{"type":"open","document":"{}"}})", document));
    wire::opened it = next_of<wire::opened>();
    for (std::uint32_t left = it.parts; left != 0; --left) static_cast<void>(next_of<wire::part>());
    return it;
}

std::optional<wire::server_message> okra_client::next()
{
    auto text = socket_.next();
    if (!text) return {};
    const std::size_t size = text->size();
    text->resize(size + wire::decoder::padding);
    auto decoded = decoder_.decode_server(std::span{*text}.first(size));
    if (!decoded) throw std::runtime_error{"cannot decode what the server sent: " + decoded.error().why.message};
    return std::move(*decoded);
}

bool okra_client::is_alive()
{
    send(R"({"type":"ping"})");
    while (auto it = next()) {
        if (std::holds_alternative<wire::pong>(*it)) return true;
    }
    return false;
}

}  // namespace okra::test
