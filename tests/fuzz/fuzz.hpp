// What the fuzzers have in common. Each fuzz_<name>.cpp is one program: with libFuzzer where the address sanitizer is
// on, elsewhere with run_files.cpp, which runs it over the kept inputs as an ordinary test.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/wire/decode.hpp"

// The entry points that libFuzzer looks for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace okra::fuzz {

// What must hold whatever the input: ends the process otherwise, which is what a fuzzer looks for.
void require(bool holds, std::string_view what);
// The same with what is there and what should be.
void require_same(std::string_view found, std::string_view expected, std::string_view what);

[[nodiscard]] inline std::string_view as_text(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

// An input as a row of small decisions. When it is used up every answer is 0.
class choices {
public:
    explicit choices(std::string_view input) : rest_{input} {}

    // In [0, bound); `bound` is at most 256.
    [[nodiscard]] std::size_t below(std::size_t bound)
    {
        if (rest_.empty()) return 0;
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return byte % bound;
    }
    [[nodiscard]] bool one_in(std::size_t count) { return below(count) == 1; }
    [[nodiscard]] std::string_view take(std::size_t count)
    {
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

// A text with exactly the room behind it that the decoder may look at: one byte further, and the sanitizer says so.
class padded_text {
public:
    explicit padded_text(std::string_view text, char padding = '}') : bytes_(text.begin(), text.end())
    {
        bytes_.resize(text.size() + wire::decoder::padding, padding);
        bytes_.shrink_to_fit();
    }
    [[nodiscard]] std::span<char> span() { return {bytes_.data(), bytes_.size() - wire::decoder::padding}; }

private:
    std::vector<char> bytes_;
};

// Puts a number wherever `what` stands.
inline void fill_in(std::string& text, std::string_view what, std::uint64_t number)
{
    const std::string digits = std::to_string(number);
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + digits.size())) {
        text.replace(at, what.size(), digits);
    }
}

// Calls `visit` with each line, without its end.
template <typename Visit>
void each_line(std::string_view text, Visit&& visit)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace okra::fuzz
