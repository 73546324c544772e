#include "tests/unit/wire/golden.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <simdjson.h>

namespace okra::wire_tests {
namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

std::string minified(std::string_view json)
{
    std::string out(json.size(), '\0');
    std::size_t length = 0;
    if (simdjson::minify(json.data(), json.size(), out.data(), length) != simdjson::SUCCESS) {
        throw std::runtime_error("a golden message is not JSON");
    }
    out.resize(length);
    return out;
}

std::string decoded_base64(std::string_view text)
{
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char letter : text) {
        if (letter == '=') break;
        bits = (bits << 6U) | static_cast<std::uint32_t>(alphabet.find(letter));
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>((bits >> held) & 0xFFU);
    }
    return out;
}

void read_revealed(object revealed, golden_message& it)
{
    for (auto field : revealed) {
        const std::string_view key = field.unescaped_key();
        if (key == "document") it.document = std::string{std::string_view{field.value()}};
        if (key == "seq") it.seq = std::uint64_t{field.value()};
        if (key == "op") it.op = std::uint64_t{field.value()};
    }
}

golden_message read_entry(object entry, const std::string& file)
{
    golden_message it;
    bool has_text = false;
    for (auto field : entry) {
        const std::string_view key = field.unescaped_key();
        value content = field.value();
        if (key == "json") {
            object message = content.get_object();
            it.text = minified(message.raw_json());
            it.canonical = true;
            has_text = true;
        } else if (key == "reveals") {
            read_revealed(content.get_object(), it);
        } else if (key == "ok") {
            if (!content.get_bool()) throw std::runtime_error("`ok` can only be true");
        } else {
            const std::string_view text = content.get_string();
            if (key == "name") it.where = file + ": " + std::string{text} + it.where;
            if (key == "rule") it.where += " [" + std::string{text} + "]";
            if (key == "direction") it.from_client = text == "client";
            if (key == "refused") it.refused = text;
            if (key == "text") it.text = text;
            if (key == "base64") it.text = decoded_base64(text);
            has_text = has_text || key == "text" || key == "base64";
        }
    }
    if (!has_text) throw std::runtime_error("no message in " + it.where);
    return it;
}

std::vector<golden_message> read_all()
{
    std::vector<golden_message> all;
    simdjson::ondemand::parser parser;
    for (const auto& path : golden_files()) {
        const simdjson::padded_string json{read_file(path)};
        auto document = parser.iterate(json);
        for (auto entry : document.get_array()) {
            all.push_back(read_entry(entry.get_object(), path.filename().string()));
        }
    }
    return all;
}

}  // namespace

std::vector<std::filesystem::path> golden_files()
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator{std::filesystem::path{OKRA_SOURCE_DIR} / "protocol/fixtures/messages"}) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

const std::vector<golden_message>& golden_messages()
{
    static const std::vector<golden_message> all = read_all();
    return all;
}

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream in{path, std::ios::binary};
    if (!in) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>{in}, {}};
}

padded_text::padded_text(std::string_view text, char padding) : bytes_(text.begin(), text.end())
{
    bytes_.resize(text.size() + wire::decoder::padding, padding);
}

}  // namespace okra::wire_tests
