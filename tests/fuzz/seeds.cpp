// Writes the inputs that fuzzing begins with, made from the golden messages of protocol/fixtures: a folder for each
// fuzzer, and `dictionary`, the words that are worth trying.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "protocol/document/schema.hpp"
#include "protocol/wire/websocket.hpp"
#include "tests/unit/wire/golden.hpp"

namespace okra {

namespace {

using wire_tests::golden_message;

class seed_folder {
public:
    explicit seed_folder(const std::filesystem::path& path) : path_{path} { std::filesystem::create_directories(path); }

    void add(std::string_view content)
    {
        std::ofstream out{path_ / std::to_string(++count_), std::ios::binary};
        out << content;
        if (!out.flush()) throw std::runtime_error{"cannot write to " + path_.string()};
    }

private:
    std::filesystem::path path_;
    int count_ = 0;
};

// Every string without escapes is a word.
void collect_words(std::string_view json, std::set<std::string>& words)
{
    for (std::size_t begin = json.find('"'); begin != std::string_view::npos; begin = json.find('"', begin + 1)) {
        const std::size_t end = json.find('"', begin + 1);
        if (end == std::string_view::npos) return;
        const std::string_view word = json.substr(begin + 1, end - begin - 1);
        const auto is_plain = [](char it) { return it > ' ' && it < 127 && it != '\\'; };
        if (!word.empty() && word.size() < 40 && std::ranges::all_of(word, is_plain)) words.emplace(word);
        begin = end;
    }
}

void write_dictionary(const std::filesystem::path& path)
{
    std::set<std::string> words;
    for (const golden_message& it : wire_tests::golden_messages()) collect_words(it.text, words);
    for (const auto& schema : document::all_schemas()) {
        for (const auto& kind : schema.kinds) {
            words.emplace(kind.name);
            for (const auto& field : kind.fields) words.emplace(field.name);
        }
    }
    std::ofstream out{path};
    for (const std::string& word : words) out << "\"\\\"" << word << "\\\"\"\n";
    for (const std::string_view field :
         {"GET", "HEAD", "HTTP/1.1", "Host:", "Connection:", "Upgrade:", "Origin:", "Accept-Encoding:",
          "If-None-Match:", "Transfer-Encoding: chunked",
          "Content-Length:", "Sec-WebSocket-Key:", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: okra.v1",
          "/api/socket", "/assets/main-1a2b.js", "/healthz", "/metrics", "%2e%2e"}) {
        out << '"' << field << "\"\n";
    }
}

std::string framed(const golden_message& it)
{
    std::string frame;
    if (it.from_client) {
        wire::append_masked_frame(frame, wire::frame_opcode::text, it.text, 0x11223344);
    } else {
        wire::append_frame(frame, wire::frame_opcode::text, it.text);
    }
    return frame;
}

// The golden messages are about documents of their own; the fuzzers' is another one.
std::string about(std::string text, std::string_view document)
{
    for (const std::string_view theirs : {"acme/plan/platform/2026-q4", "acme/workspace"}) {
        for (std::size_t at = text.find(theirs); at != std::string::npos; at = text.find(theirs)) {
            text.replace(at, theirs.size(), document);
        }
    }
    return text;
}

constexpr std::string_view upgrade_request =
    "GET /api/socket HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: okra.v1\r\n"
    "Origin: http://127.0.0.1:8080\r\n\r\n";

void write_seeds(const std::filesystem::path& folder)
{
    seed_folder change{folder / "change"};
    seed_folder frame{folder / "frame"};
    seed_folder record{folder / "record"};
    seed_folder server{folder / "server"};
    seed_folder text{folder / "text"};
    seed_folder upgrade{folder / "upgrade"};
    for (const golden_message& it : wire_tests::golden_messages()) {
        const bool one_line = it.text.find('\n') == std::string::npos;
        frame.add(std::string{it.from_client ? '\0' : '\1'} + '\0' + framed(it));
        if (it.from_client && one_line) change.add("a " + about(it.text, "w/plan/t/c") + "\nwrite\n");
        if (it.from_client) upgrade.add(std::string{upgrade_request} + framed(it));
        if (!it.from_client && one_line) server.add(about(it.text, "w/plan/t/c") + '\n');
    }
    for (const char kind : std::string_view{"bpwvlk"}) record.add(kind + std::string{"\n"});
    text.add("a");
    for (const std::string_view path : {"/", "/okra.svg", "/assets/main-1a2b.js", "/healthz", "/metrics",
                                        "/api/workspaces", "/../secret.txt", "/%2e%2e/secret.txt"}) {
        upgrade.add("GET " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\n\r\n");
    }
    write_dictionary(folder / "dictionary");
}

}  // namespace

}  // namespace okra

int main(int count, char** arguments)
{
    if (count != 2) {
        std::fprintf(stderr, "usage: okra_fuzz_seeds FOLDER\n");
        return 2;
    }
    okra::write_seeds(arguments[1]);
    return 0;
}
