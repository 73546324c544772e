#include "tests/simulation/network.hpp"

#include <algorithm>
#include <utility>

namespace okra::simulation {

namespace {

constexpr std::int64_t connect_timeout_ms = 10'000;
constexpr std::uint64_t notice_ms_max = 3'000;  // until one end hears that the connection broke

}  // namespace

simulated_wire::simulated_wire(std::uint64_t number, world& around, simulated_server& server, wire_user& user)
    : number_{number}, world_{around}, server_{server}, user_{&user}
{
}

// When what is sent now arrives: never before what was sent before it.
std::int64_t simulated_wire::arrival(std::int64_t& last) const
{
    last = std::max(last, world_.clock.steady_ms() + world_.some(world_.how.latency));
    return last;
}

void simulated_wire::connect()
{
    world_.later.in(connect_timeout_ms, [self = shared_from_this()] {
        if (self->state_ == state::connecting) self->tell_closed(0, {});
    });
    world_.later.at(arrival(last_up_ms_), [self = shared_from_this()] {
        if (self->state_ != state::connecting || self->broken_) return;
        self->far_ = self->server_.accept(self);
        if (!self->far_) return self->refuse();
        self->world_.later.at(self->arrival(self->last_down_ms_), [self] {
            if (self->state_ != state::connecting || self->broken_) return;
            self->state_ = state::open;
            if (self->user_ != nullptr) self->user_->on_opened(self->number_);
        });
    });
}

void simulated_wire::refuse()
{
    tell_closed(world_.happens(world_.how.per_mille.half_open) ? connect_timeout_ms : 0, {});
}

void simulated_wire::send(std::string text)
{
    if (state_ != state::open) return;
    world_.later.at(arrival(last_up_ms_), [self = shared_from_this(), text = std::move(text)]() mutable {
        if (!self->broken_ && self->far_) self->far_->receive(std::move(text));
    });
}

void simulated_wire::close()
{
    if (state_ == state::over) return;
    state_ = state::over;
    user_ = nullptr;
    world_.later.at(arrival(last_up_ms_), [self = shared_from_this()] {
        if (!self->broken_ && self->far_) self->far_->peer_gone();
    });
}

void simulated_wire::cut()
{
    if (state_ == state::over) return;
    ++world_.counted.cuts;
    broken_ = true;
    const auto notices = [this] { return static_cast<std::int64_t>(world_.random.below(notice_ms_max)); };
    const bool half_open = world_.happens(world_.how.per_mille.half_open);
    if (far_ && !half_open) world_.later.in(notices(), [far = far_] { far->peer_gone(); });
    if (!half_open || world_.random.one_in(2)) tell_closed(notices(), {});
}

void simulated_wire::abandon()
{
    user_ = nullptr;
    cut();
    state_ = state::over;
}

void simulated_wire::stop_reading_for(std::int64_t ms)
{
    reading_from_ms_ = world_.clock.steady_ms() + ms;
    world_.later.in(ms, [self = shared_from_this()] { self->arrive_at_client(); });
}

void simulated_wire::deliver(std::string bytes)
{
    if (broken_ || state_ == state::over) return;
    down_bytes_ += bytes.size();
    bytes.reserve(bytes.size() + wire::decoder::padding);
    world_.later.at(arrival(last_down_ms_), [self = shared_from_this(), bytes = std::move(bytes)]() mutable {
        self->down_.push_back(std::move(bytes));
        self->arrive_at_client();
    });
}

std::size_t simulated_wire::room() const
{
    return down_bytes_ >= world_.how.pipe_bytes ? 0 : world_.how.pipe_bytes - down_bytes_;
}

void simulated_wire::arrive_at_client()
{
    if (world_.clock.steady_ms() < reading_from_ms_) return;
    while (!down_.empty() && !broken_ && user_ != nullptr) {
        std::string bytes = std::move(down_.front());
        down_.pop_front();
        down_bytes_ -= bytes.size();
        reader_.feed(bytes);
        for (auto event = reader_.next(); !std::holds_alternative<wire::frame_reader::need_more>(event);
             event = reader_.next()) {
            const auto* message = std::get_if<wire::frame_reader::message>(&event);
            if (message == nullptr) throw broken_promise{"the server sent what is no text message"};
            if (user_ != nullptr) user_->on_message(number_, {message->text.data(), message->text.size()});
        }
    }
    if (far_) far_->room_again();
}

void simulated_wire::closed(std::optional<std::uint16_t> code)
{
    far_.reset();
    if (!broken_) tell_closed(0, code);
}

// Behind everything that is under way; a break takes it along.
void simulated_wire::tell_closed(std::int64_t in_ms, std::optional<std::uint16_t> code)
{
    const std::int64_t at = std::max({world_.clock.steady_ms() + in_ms, arrival(last_down_ms_), reading_from_ms_});
    last_down_ms_ = at;
    world_.later.at(at, [self = shared_from_this(), code] {
        if (self->state_ == state::over) return;
        self->state_ = state::over;
        if (wire_user* const user = std::exchange(self->user_, nullptr)) user->on_closed(self->number_, code);
    });
}

}  // namespace okra::simulation
