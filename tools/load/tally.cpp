#include "tools/load/tally.hpp"

namespace okra::load {

void tally::add(const tally& other)
{
    to_peer.add(other.to_peer);
    to_author.add(other.to_author);
    submitted += other.submitted;
    refused += other.refused;
    deliveries_expected += other.deliveries_expected;
    duplicated += other.duplicated;
    gaps += other.gaps;
    malformed += other.malformed;
    disconnects += other.disconnects;
}

}  // namespace okra::load
