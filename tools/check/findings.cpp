#include "tools/check/findings.hpp"

#include <algorithm>
#include <utility>

namespace okra::check {

namespace {

struct row {
    std::string_view name;
    std::string_view words;
    std::string_view unit;
};

// In the order of the enumerators.
constexpr std::array<row, promise_count> rows{
    row{"nothing_lost", "Every change is answered, and what is acknowledged is kept", "changes"},
    row{"exactly_once", "A change is committed once, however often it is sent", "changes"},
    row{"in_order", "Every connection gets every revision, once and in order", "deliveries"},
    row{"same_for_all", "All have the same content: who was there, and who opens the plan anew", "comparisons"},
    row{"as_written", "What is committed is what was sent, merged by the protocol's rules", "revisions"},
    row{"resumes", "Who comes back gets what was missed, and nothing else", "returns"},
    row{"slow_readers", "Who reads slowly misses nothing and holds nobody up", "revisions"},
    row{"refusals", "Bad messages get their documented answers, and the connection lives on", "messages"},
    row{"view_only", "Who opens the plan to view it cannot change it and is not listed", "attempts"},
    row{"own_name", "Nobody speaks in another client's name, or throws it out", "attempts"},
    row{"presence", "People see where the others are, and who has left", "sightings"},
    row{"figures", "Progress and status are what the content gives", "figures"},
};

const row& row_of(promise it)
{
    return rows[static_cast<std::size_t>(it)];
}

}  // namespace

std::string_view name_of(promise it)
{
    return row_of(it).name;
}

std::string_view in_words(promise it)
{
    return row_of(it).words;
}

std::string_view unit_of(promise it)
{
    return row_of(it).unit;
}

void findings::broken(promise it, std::string how)
{
    auto& to = at(it);
    ++to.broken;
    if (to.examples.size() < finding::examples_max) to.examples.push_back(std::move(how));
}

void findings::expect(promise it, bool is_kept, const std::string& how)
{
    if (is_kept) {
        kept(it);
    } else {
        broken(it, how);
    }
}

bool findings::any_broken() const
{
    return std::ranges::any_of(all_, [](const finding& it) { return it.broken != 0; });
}

}  // namespace okra::check
