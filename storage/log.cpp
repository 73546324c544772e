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
    std::size_t size = 0;
    for (const std::string& record : it.records) size += record.size() + beside_a_record;
    return size;
}

}  // namespace okra::storage
