// The encoding of Yjs' protocols (npm: lib0): unsigned numbers in groups of seven bits, strings and byte strings behind
// their length. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace okra::load::lib0 {

void append_number(std::string& out, std::uint64_t value);
void append_bytes(std::string& out, std::string_view bytes);  // strings, too

// Reads from bytes that it does not own. After the first thing that is not there everything is 0 or empty, and
// `is_good` tells.
class reader {
public:
    explicit reader(std::string_view bytes) : rest_{bytes} {}

    [[nodiscard]] std::uint64_t number();
    [[nodiscard]] std::string_view bytes();
    [[nodiscard]] std::uint8_t byte();
    [[nodiscard]] bool is_good() const { return is_good_; }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool is_good_ = true;
};

}  // namespace okra::load::lib0
