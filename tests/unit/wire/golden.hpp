// The golden messages of protocol/fixtures/messages: what both sides of the wire must agree on. The web client's tests
// read the same files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "protocol/wire/decode.hpp"

namespace okra::wire_tests {

struct golden_message {
    std::string where;  // file, name and rule, for the message of a failing test
    bool from_client = false;
    std::string text;
    bool canonical = false;               // encoding what was decoded gives `text` again
    std::optional<std::string> refused;   // the code; otherwise the message is good
    std::optional<std::string> document;  // what a refused message still reveals
    std::optional<std::uint64_t> seq;
    std::optional<std::uint64_t> op;
};

[[nodiscard]] std::vector<std::filesystem::path> golden_files();
[[nodiscard]] const std::vector<golden_message>& golden_messages();
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// A text with the room behind it that the decoder wants, filled with what would hurt if it were read.
class padded_text {
public:
    explicit padded_text(std::string_view text, char padding = '}');
    [[nodiscard]] std::span<char> span() { return {bytes_.data(), bytes_.size() - wire::decoder::padding}; }

private:
    std::vector<char> bytes_;
};

}  // namespace okra::wire_tests
