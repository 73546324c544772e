// Who is in a room and where they are. Never stored. Owned by a room, touched by its thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/wire/messages.hpp"

namespace okra::room {

class people {
public:
    // Adds a person and gives them a colour: one that nobody has, else the least used; the client's own where there is
    // a choice.
    void join(wire::session_number session, const document::client_id& client, const std::string& name);
    void leave(wire::session_number session);
    void place(wire::session_number session, std::optional<wire::presence_place> at);

    [[nodiscard]] std::vector<wire::person> all() const;
    [[nodiscard]] bool has_news() const { return !changed_.empty() || !gone_.empty(); }

    // What changed since the last call, each person once.
    [[nodiscard]] wire::presence_delta take_news();

private:
    static constexpr std::uint32_t color_count = 12;

    [[nodiscard]] std::uint32_t color_for(const document::client_id& client) const;

    // Ordered, so that the same joins always give the same colours and messages.
    std::map<wire::session_number, wire::person> present_;
    std::array<std::uint32_t, color_count> color_uses_{};
    std::vector<wire::session_number> changed_;
    std::vector<wire::session_number> gone_;
};

}  // namespace okra::room
