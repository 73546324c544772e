// Applies effective ops as they were committed: no rule of the business is judged again, only that the op fits the
// document. Private to protocol/document; lives as long as one call of `replay`.
#pragma once

#include "protocol/document/transaction.hpp"

namespace okra::document {

class replica {
public:
    explicit replica(transaction& work) : work_{work} {}

    // Why the op does not fit, and then it altered nothing.
    [[nodiscard]] std::optional<refusal> apply(const operation& op);

private:
    using misfit = std::optional<refusal>;

    [[nodiscard]] misfit apply(const create_op& op);
    [[nodiscard]] misfit apply(const set_op& op);
    [[nodiscard]] misfit apply(const add_op& op);
    [[nodiscard]] misfit apply(const include_op& op);
    [[nodiscard]] misfit apply(const exclude_op& op);
    [[nodiscard]] misfit apply(const edit_op& op);
    [[nodiscard]] misfit apply(const move_op& op);
    [[nodiscard]] misfit apply(const remove_op& op);
    [[nodiscard]] misfit apply(const restore_op& op);

    [[nodiscard]] const tree& entities() const { return work_.state().entities; }

    transaction& work_;
};

}  // namespace okra::document
