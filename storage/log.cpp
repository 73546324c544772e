#include "storage/log.hpp"

namespace okra::storage {

std::string_view name_of(errc code)
{
    switch (code) {
        case errc::unavailable:
            return "unavailable";
        case errc::out_of_space:
            return "out_of_space";
        case errc::damaged:
            return "damaged";
        case errc::format_mismatch:
            return "format_mismatch";
        case errc::locked:
            return "locked";
        case errc::conflict:
            return "conflict";
    }
    return "unavailable";
}

std::size_t written_bytes(const document_append& it)
{
    constexpr std::size_t beside_a_record = 40;
    constexpr std::size_t beside_an_outcome = 40;
    std::size_t size = 0;
    for (const std::string& record : it.records) size += record.size() + beside_a_record;
    for (const client_update& each : it.clients) {
        const auto* const refused = std::get_if<refusal>(&each.outcome.what);
        size += beside_an_outcome + each.client.size() + (refused == nullptr ? 0 : refused->message.size());
    }
    return size;
}

}  // namespace okra::storage
