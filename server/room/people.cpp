#include "server/room/people.hpp"

#include <algorithm>
#include <utility>

namespace okra::room {

namespace {

void note_once(std::vector<wire::session_number>& list, wire::session_number session)
{
    if (std::ranges::find(list, session) == list.end()) list.push_back(session);
}

}  // namespace

void people::join(wire::session_number session, const document::client_id& client, const std::string& name)
{
    if (present_.contains(session)) return;  // it joins again after having lagged: same person, same colour
    std::erase(gone_, session);
    const std::uint32_t color = free_color();
    ++color_uses_[color];
    present_.emplace(session,
                     wire::person{.session = session, .client = client, .name = name, .color = color, .at = {}});
    note_once(changed_, session);
}

void people::leave(wire::session_number session)
{
    const auto found = present_.find(session);
    if (found == present_.end()) return;
    --color_uses_[found->second.color];
    present_.erase(found);
    std::erase(changed_, session);
    note_once(gone_, session);
}

void people::place(wire::session_number session, std::optional<wire::presence_place> at)
{
    const auto found = present_.find(session);
    if (found == present_.end() || found->second.at == at) return;
    found->second.at = std::move(at);
    note_once(changed_, session);
}

std::vector<wire::person> people::all() const
{
    std::vector<wire::person> list;
    list.reserve(present_.size());
    for (const auto& [session, person] : present_) list.push_back(person);
    return list;
}

wire::presence_delta people::take_news()
{
    wire::presence_delta news;
    news.people.reserve(changed_.size());
    for (const wire::session_number session : changed_) news.people.push_back(present_.at(session));
    news.gone = std::exchange(gone_, {});
    changed_.clear();
    return news;
}

std::uint32_t people::free_color() const
{
    const auto least = std::ranges::min_element(color_uses_);
    return static_cast<std::uint32_t>(least - color_uses_.begin());
}

}  // namespace okra::room
