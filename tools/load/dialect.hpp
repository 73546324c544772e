// The servers that okra-load can speak to. Rooms and participants are a dialect's own; the engine, its open loop and
// all that it counts are the same for every server, so that figures can be compared.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "tools/load/room.hpp"

namespace okra::load {

enum class dialect : std::uint8_t {
    okra,         // also what okra-ceiling speaks
    hocuspocus,   // Yjs: the document's name before each message, an authentication first
    y_websocket,  // Yjs: the document is the URL's path
    sharedb,      // JSON, operations of type json0
};

[[nodiscard]] const std::map<std::string, dialect>& dialects_by_name();

[[nodiscard]] std::unique_ptr<room> make_room(dialect speaks, room_options options);

}  // namespace okra::load
