#include "tests/simulation/restless_client.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "protocol/wire/encode.hpp"

namespace okra::simulation {

namespace {

constexpr std::size_t tabs_max = 2;
constexpr std::uint64_t burst_most = 6;
constexpr std::uint64_t ops_most = 30;

// Until the server has noticed, at the latest, that a connection is dead.
constexpr std::int64_t noticed_ms = 90'000;

}  // namespace

restless_client::restless_client(world& around, simulated_server& server, oracle& truth, document::client_id id,
                                 std::string document)
    : world_{around}, server_{server}, truth_{truth}, id_{std::move(id)}, document_{std::move(document)}
{
}

restless_client::~restless_client()
{
    for (const auto& [number, it] : tabs_) it.wire->abandon();
}

// In one go, so that the server has all of it before it has decided about any.
void restless_client::act()
{
    ++world_.counted.actions;
    if (tabs_.size() < tabs_max) {
        wire_user& self = *this;
        tab& fresh = tabs_[++connections_];
        fresh.wire = std::make_shared<simulated_wire>(connections_, world_, server_, self);
        fresh.wire->connect();
    }
    for (auto left = 1 + world_.random.below(burst_most); left > 0; --left) {
        const auto any = std::next(tabs_.begin(), static_cast<std::ptrdiff_t>(world_.random.below(tabs_.size())));
        if (any->second.greeted) do_something(any->second);
    }
}

void restless_client::do_something(tab& in)
{
    switch (world_.random.below(6)) {
        case 0:
            return say(in, wire::open{document_, {}, false});
        case 1:
            return say(in, wire::open{document_, {}, true});
        case 2:
            return say(in, wire::close{document_});
        case 3:
            return in.wire->send(fmt::format(R"({{"type":"change","document":"{}","seq":{},"base":0,"ops":0}})",
                                             document_, used_.next().value));
        default:
            return say(in, some_change());
    }
}

// The next one, or now and then the last one again or one too far.
wire::change restless_client::some_change()
{
    const bool is_next = !world_.random.one_in(4);
    const sequence seq = is_next ? used_.next() : sequence{1 + used_.value + world_.random.below(2)};
    const std::vector<document::operation> votes(1 + world_.random.below(ops_most), document::add_op{"o0", "votes", 1});
    return {document_, {id_, seq, revision{0}, votes}};
}

void restless_client::say(const tab& in, const wire::client_message& message) const
{
    std::string text;
    wire::encode(text, message);
    world_.trace(id_, "→", text);
    in.wire->send(std::move(text));
}

void restless_client::on_opened(std::uint64_t wire)
{
    say(tabs_.at(wire), wire::hello{wire::protocol_version, id_, "acme", "Somebody", "en"});
}

void restless_client::on_message(std::uint64_t wire, std::string_view text)
{
    world_.trace(id_, "←", text);
    std::string json{text};
    json.reserve(json.size() + wire::decoder::padding);
    const auto message = decoder_.decode_server(json);
    if (!message) throw broken_promise{fmt::format("{} cannot read {}", id_, text)};
    truth_.told(*message, id_);
    if (std::holds_alternative<wire::welcome>(*message)) tabs_.at(wire).greeted = true;
    if (const auto* opened = std::get_if<wire::opened>(&*message)) used_ = std::max(used_, opened->seq);
    if (const auto* news = std::get_if<wire::commit>(&*message)) {
        for (const auto& it : news->changes) {
            if (it.client == id_) used_ = std::max(used_, it.seq);
        }
    }
    if (const auto* news = std::get_if<wire::refused>(&*message); news != nullptr && news->final && news->seq) {
        used_ = std::max(used_, *news->seq);
    }
}

// Sent away or cut off: another tab takes its place.
void restless_client::on_closed(std::uint64_t wire, std::optional<std::uint16_t> /*code*/)
{
    tabs_.erase(wire);
}

void restless_client::leave()
{
    for (const auto& [number, it] : std::exchange(tabs_, {})) it.wire->close();
    gone_ms_ = world_.clock.steady_ms();
    world_.gone.insert(id_);
}

void restless_client::repair()
{
    leave();
}

std::string restless_client::describe() const
{
    return fmt::format("{} with {} tabs", id_, tabs_.size());
}

bool restless_client::is_settled() const
{
    return gone_ms_ && world_.clock.steady_ms() - *gone_ms_ > noticed_ms;
}

}  // namespace okra::simulation
