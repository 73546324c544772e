#include "tools/load/participant.hpp"

namespace okra::load {

participant::participant(engine_parts& parts, participant_options options)
    : parts_{parts}, options_{std::move(options)}, link_{parts.sockets, *this}
{
}

void participant::join(const target& server)
{
    stage_ = stage::joining;
    link_.connect(server);
}

void participant::leave()
{
    link_.close();
    stage_ = stage::idle;
}

void participant::become_ready(revision at)
{
    stage_ = stage::ready;
    ready_at_ = clock::now();
    last_ = at;
}

void participant::on_broken(std::string_view why)
{
    link_.close();
    stage_ = stage::broken;
    ++parts_.counts.disconnects;
    if (broken_because_.empty()) broken_because_ = why;
}

}  // namespace okra::load
