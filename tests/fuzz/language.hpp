// What Okra's messages are made of, at random: mostly right, often at a limit, sometimes wrong. Kinds, fields, types
// and limits come from the schema.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/prng.hpp"
#include "protocol/document/schema.hpp"

namespace okra::fuzz {

class language {
public:
    // `effective`: ops as they were committed, with positions and what they overwrote.
    language(const document::document_schema& schema, bool effective) : schema_{schema}, effective_{effective} {}

    // JSON texts.
    [[nodiscard]] std::string op(prng& random) const;
    [[nodiscard]] std::string ops(prng& random) const;
    [[nodiscard]] std::string change(prng& random) const;     // a client's message, for live_room
    [[nodiscard]] std::string committed(prng& random) const;  // a record
    [[nodiscard]] std::string entity(prng& random, bool stamped) const;
    [[nodiscard]] std::string entities(prng& random, bool stamped) const;  // an array that begins with the root
    [[nodiscard]] std::string value(prng& random) const;                   // any of the above, or a part of one

    [[nodiscard]] std::string id(prng& random) const;  // without quotes
    [[nodiscard]] std::string new_id(prng& random) const;

private:
    [[nodiscard]] const document::kind_schema& kind(prng& random) const;
    [[nodiscard]] const document::field_schema* field(prng& random, const document::kind_schema& of) const;
    // Of the entity with this id, as far as its first letter tells.
    [[nodiscard]] const document::kind_schema& kind_of(std::string_view id, prng& random) const;
    [[nodiscard]] std::string field_value(prng& random, const document::field_schema& of) const;
    [[nodiscard]] std::string fields(prng& random, const document::kind_schema& of) const;
    [[nodiscard]] std::string placement(prng& random) const;
    [[nodiscard]] std::string field_op(prng& random, const std::string& id) const;

    const document::document_schema& schema_;
    bool effective_;
};

[[nodiscard]] std::string text_edit(prng& random);
[[nodiscard]] std::string order_key(prng& random);

}  // namespace okra::fuzz
