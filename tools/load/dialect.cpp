#include "tools/load/dialect.hpp"

#include "protocol/base/assert.hpp"
#include "tools/load/okra_room.hpp"
#include "tools/load/sharedb_room.hpp"
#include "tools/load/yjs_room.hpp"

namespace okra::load {

const std::map<std::string, dialect>& dialects_by_name()
{
    static const std::map<std::string, dialect> names{{"okra", dialect::okra},
                                                      {"hocuspocus", dialect::hocuspocus},
                                                      {"y-websocket", dialect::y_websocket},
                                                      {"sharedb", dialect::sharedb}};
    return names;
}

std::unique_ptr<room> make_room(dialect speaks, room_options options)
{
    auto& address = options.server.address;
    if (speaks != dialect::okra) {
        address.subprotocol.clear();
        address.path = speaks == dialect::y_websocket ? "/" + options.name : "/";
    }
    switch (speaks) {
        case dialect::okra:
            return std::make_unique<okra_room>(std::move(options));
        case dialect::hocuspocus:
            return std::make_unique<yjs_room>(std::move(options), yjs_framing::named);
        case dialect::y_websocket:
            return std::make_unique<yjs_room>(std::move(options), yjs_framing::bare);
        case dialect::sharedb:
            return std::make_unique<sharedb_room>(std::move(options));
    }
    OKRA_ASSERT(false);
}

}  // namespace okra::load
