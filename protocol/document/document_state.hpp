// What a document consists of. Private to protocol/document.
#pragma once

#include "protocol/document/document.hpp"
#include "protocol/document/history.hpp"
#include "protocol/document/rolling_hash.hpp"
#include "protocol/document/tree.hpp"

namespace okra::document {

struct document::state {
    explicit state(const document_schema& its_schema) : schema{&its_schema}, entities{its_schema}
    {
        hash.touch(entities.root());
    }

    const document_schema* schema;
    revision head;
    tree entities;
    edit_history history;
    rolling_hash hash;
    std::uint64_t text_bytes = 0;
};

}  // namespace okra::document
