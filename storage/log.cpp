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

}  // namespace okra::storage
