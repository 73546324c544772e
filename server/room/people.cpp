#include "server/room/people.hpp"

#include <algorithm>
#include <utility>

namespace okra::room {

namespace {

// FNV-1a: the same on every machine, unlike std::hash.
std::uint32_t hash_of(const document::client_id& client)
{
    std::uint32_t hash = 0x811c9dc5U;
    for (const char it : client) hash = (hash ^ static_cast<unsigned char>(it)) * 0x01000193U;
    return hash;
}

void note_once(std::vector<wire::session_number>& list, wire::session_number session)
{
    if (std::ranges::find(list, session) == list.end()) list.push_back(session);
}

}  // namespace

void people::join(wire::session_number session, const document::client_id& client, const std::string& name)
{
    if (present_.contains(session)) return;  // it joins again after having lagged: same person, same colour
    std::erase(gone_, session);
    const std::uint32_t color = color_for(client);
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

// Every room looks from the same place for the same client, so that a person has one colour everywhere unless others
// have taken it there.
std::uint32_t people::color_for(const document::client_id& client) const
{
    const std::uint32_t wanted = hash_of(client) % color_count;
    std::uint32_t best = wanted;
    for (std::uint32_t step = 1; step < color_count; ++step) {
        const std::uint32_t other = (wanted + step) % color_count;
        if (color_uses_[other] < color_uses_[best]) best = other;
    }
    return best;
}

}  // namespace okra::room
