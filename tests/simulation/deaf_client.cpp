#include "tests/simulation/deaf_client.hpp"

#include <utility>

#include <fmt/format.h>

#include "protocol/wire/encode.hpp"

namespace okra::simulation {

namespace {

// Then it hears at least that its connection has ended.
constexpr std::uint64_t deaf_ms_max = 120'000;

// Until the server has noticed, at the latest, that a connection is dead.
constexpr std::int64_t noticed_ms = 90'000;

}  // namespace

deaf_client::deaf_client(world& around, simulated_server& server, document::client_id id, std::string document)
    : world_{around}, server_{server}, id_{std::move(id)}, document_{std::move(document)}
{
}

deaf_client::~deaf_client()
{
    if (wire_) wire_->abandon();
}

void deaf_client::act()
{
    ++world_.counted.actions;
    if (!wire_) {
        wire_user& self = *this;
        wire_ = std::make_shared<simulated_wire>(++connections_, world_, server_, self);
        wire_->connect();
    } else if (epoch_ && world_.random.one_in(4)) {
        ask_for_all();
    }
}

void deaf_client::ask_for_all()
{
    say(wire::open{document_, wire::resume_point{*epoch_, revision{1}}, true});
    wire_->stop_reading_for(static_cast<std::int64_t>(world_.random.below(deaf_ms_max)));
}

void deaf_client::say(const wire::client_message& message)
{
    std::string text;
    wire::encode(text, message);
    world_.trace(id_, "→", text);
    wire_->send(std::move(text));
}

void deaf_client::on_opened(std::uint64_t /*wire*/)
{
    say(wire::hello{wire::protocol_version, id_, "acme", "Somebody", "en"});
}

void deaf_client::on_message(std::uint64_t /*wire*/, std::string_view text)
{
    world_.trace(id_, "←", text);
    std::string json{text};
    json.reserve(json.size() + wire::decoder::padding);
    const auto message = decoder_.decode_server(json);
    if (!message) throw broken_promise{fmt::format("{} cannot read {}", id_, text)};
    const auto* welcome = std::get_if<wire::welcome>(&*message);
    if (welcome == nullptr) return;
    epoch_ = welcome->epoch;
    ask_for_all();
}

void deaf_client::on_closed(std::uint64_t /*wire*/, std::optional<std::uint16_t> /*code*/)
{
    wire_.reset();
    epoch_.reset();
}

void deaf_client::leave()
{
    if (wire_) std::exchange(wire_, {})->close();
    epoch_.reset();
    gone_ms_ = world_.clock.steady_ms();
    world_.gone.insert(id_);
}

void deaf_client::repair()
{
    leave();
}

std::string deaf_client::describe() const
{
    return fmt::format("{}, who reads nothing", id_);
}

bool deaf_client::is_settled() const
{
    return gone_ms_ && world_.clock.steady_ms() - *gone_ms_ > noticed_ms;
}

}  // namespace okra::simulation
