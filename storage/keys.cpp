#include "storage/keys.hpp"

#include "protocol/base/assert.hpp"
#include "storage/bytes.hpp"

namespace okra::storage {

log_key_bytes log_key(document_number document, revision at)
{
    log_key_bytes key;
    write_number(key.data(), document.value);
    write_number(key.data() + 8, at.value);
    return key;
}

std::string client_key(document_number document, std::string_view client)
{
    std::string key;
    key.reserve(8 + client.size());
    append_number(key, document.value);
    key += client;
    return key;
}

snapshot_key_bytes snapshot_key(document_number document)
{
    snapshot_key_bytes key;
    write_number(key.data(), document.value);
    return key;
}

log_position parse_log_key(std::string_view key)
{
    byte_reader reader{key};
    const document_number document{reader.number<std::uint64_t>()};
    const revision at{reader.number<std::uint64_t>()};
    OKRA_ASSERT(reader.finished());
    return {document, at};
}

}  // namespace okra::storage
