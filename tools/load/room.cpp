#include "tools/load/room.hpp"

#include <numeric>

#include "protocol/base/assert.hpp"

namespace okra::load {

void submissions::add(sequence seq, std::span<const clock::time_point> scheduled)
{
    OKRA_ASSERT(seq.value == begins_.size());
    times_.insert(times_.end(), scheduled.begin(), scheduled.end());
    begins_.push_back(times_.size());
}

std::span<const clock::time_point> submissions::of(sequence seq) const
{
    if (seq.value == 0 || seq.value >= begins_.size()) return {};
    const auto begin = begins_[seq.value - 1];
    return std::span{times_}.subspan(begin, begins_[seq.value] - begin);
}

room::room(room_options options) : options_{std::move(options)}, submissions_(options_.editors) {}

// The same in every room: a client's seqs are counted for each document on their own (CH1), but a session replaces
// another of the same client (HS5), so the name of the room is in it, shortened by hashing.
std::string room::client_id(std::size_t editor) const
{
    return "load-" + std::to_string(std::hash<std::string>{}(name()) % 100'000'000'000ULL) + "-" +
           std::to_string(editor);
}

void ordered_room::note_shown(revision at, std::size_t operations)
{
    if (operations_.size() < at.value) operations_.resize(at.value, 0);
    operations_[at.value - 1] = static_cast<std::uint32_t>(operations);
}

std::uint64_t ordered_room::after(revision at) const
{
    const auto from = std::min<std::size_t>(at.value, operations_.size());
    return std::accumulate(operations_.begin() + static_cast<std::ptrdiff_t>(from), operations_.end(),
                           std::uint64_t{0});
}

}  // namespace okra::load
