// Builds a document again from its log alone, the way a server that has no snapshot does. One document at a time is in
// memory.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/document/document.hpp"
#include "protocol/wire/decode.hpp"
#include "storage/log.hpp"

namespace okra::admin {

// Parses a log's records and snapshots; keeps its buffers between them.
class record_parser {
public:
    [[nodiscard]] result<document::committed_change, refusal> change(std::string_view json);
    [[nodiscard]] result<std::vector<document::entity>, refusal> entities(const document::document_schema& schema,
                                                                          std::string_view json);

private:
    [[nodiscard]] std::span<char> padded(std::string_view json);

    wire::decoder decoder_;
    std::string buffer_;
};

// Called with each change after it was applied.
using change_observer = std::function<void(const document::document& now, const document::committed_change& change)>;

struct replay_options {
    change_observer observe = nullptr;
    std::optional<revision> until = {};  // the last one that is applied; absent: the head
};

// The document as its log makes it; why not, for people, if that is impossible.
[[nodiscard]] result<document::document, std::string> replay(const storage::log& log, std::string_view name,
                                                             record_parser& parser, const replay_options& how = {});

}  // namespace okra::admin
