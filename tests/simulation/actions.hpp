// What users do: any op that the schema allows, on what they see.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/prng.hpp"
#include "protocol/document/document.hpp"
#include "tools/client/pending.hpp"

namespace okra::simulation {

class author {
public:
    author(std::string id, prng& random) : id_{std::move(id)}, random_{random} {}

    // One to three ops; sometimes with a new mark, which `last_mark` then tells. Empty where there is nothing to do.
    [[nodiscard]] client::op_list some_ops(const document::document& shown);
    [[nodiscard]] const std::string& last_mark() const { return mark_; }

    // A change that every server must refuse for good.
    [[nodiscard]] client::op_list nonsense(const document::document& shown);

private:
    [[nodiscard]] document::operation create(const document::document& shown);
    [[nodiscard]] document::operation create_under(const document::kind_schema& kind, const document::entity& parent);
    [[nodiscard]] client::op_list change_field(const document::entity& it);
    [[nodiscard]] document::edit_op type_mark(const document::document& shown);
    [[nodiscard]] document::text_edit typing(std::string_view text);
    [[nodiscard]] std::string some_text();
    [[nodiscard]] document::register_value value_of(const document::field_schema& field);

    const std::string id_;
    prng& random_;
    std::uint64_t made_ = 0;
    std::uint64_t marks_ = 0;
    std::string mark_;
};

}  // namespace okra::simulation
