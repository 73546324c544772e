#include "protocol/wire/names.hpp"

#include <array>

namespace okra::wire {
namespace {

using document::status;

constexpr std::array all_statuses{status::none,      status::on_track, status::at_risk,
                                  status::off_track, status::stale,    status::closed};
constexpr std::array all_open_modes{open_mode::snapshot, open_mode::tail};

template <typename Enumerators>
std::optional<typename Enumerators::value_type> named(const Enumerators& all, std::string_view name)
{
    for (const auto it : all) {
        if (name_of(it) == name) return it;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(status it)
{
    switch (it) {
        case status::none:
            return "none";
        case status::on_track:
            return "on_track";
        case status::at_risk:
            return "at_risk";
        case status::off_track:
            return "off_track";
        case status::stale:
            return "stale";
        case status::closed:
            return "closed";
    }
    return {};
}

std::optional<status> status_named(std::string_view name)
{
    return named(all_statuses, name);
}

std::string_view name_of(open_mode it)
{
    switch (it) {
        case open_mode::snapshot:
            return "snapshot";
        case open_mode::tail:
            return "tail";
    }
    return {};
}

std::optional<open_mode> open_mode_named(std::string_view name)
{
    return named(all_open_modes, name);
}

}  // namespace okra::wire
