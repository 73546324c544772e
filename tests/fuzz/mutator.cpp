#include "tests/fuzz/mutator.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz.hpp"

namespace {

std::size_t put(std::string text, std::uint8_t* out, std::size_t size_max)
{
    const std::size_t size = std::min(text.size(), size_max);
    std::copy_n(text.begin(), size, out);
    return size;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed)
{
    okra::prng random{seed};
    return put(okra::fuzz::mutated(std::string{okra::fuzz::as_text(data, size)}, random), data, size_max);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* a, std::size_t a_size, const std::uint8_t* b,
                                                 std::size_t b_size, std::uint8_t* out, std::size_t size_max,
                                                 unsigned seed)
{
    okra::prng random{seed};
    const auto text = okra::fuzz::crossed(okra::fuzz::as_text(a, a_size), okra::fuzz::as_text(b, b_size), random);
    return put(text, out, size_max);
}
