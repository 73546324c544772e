// Clients' messages against a live room: see live_room.hpp for the lines of an input. A first line "workspace" gives
// that kind of document instead of a plan.
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/live_room.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace okra::fuzz;
    const std::string_view input = as_text(data, size);
    live_room room{input.starts_with("workspace\n") ? workspace_name : plan_name};
    each_line(input, [&](std::string_view line) { room.run(line); });
    room.settle();
    return 0;
}
