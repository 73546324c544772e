// A document on a test bench. Whatever is accepted on it must keep the invariants and must give the same document when
// it is replayed on a second one; whatever is refused must leave no trace. So every test that uses it checks that too.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "protocol/document/document.hpp"

namespace okra::document {

class desk {
public:
    explicit desk(std::string_view schema = "plan");

    // The client has seen everything so far.
    committed_change commit(const client_id& client, std::vector<operation> ops);
    committed_change commit_on(std::uint64_t base, const client_id& client, std::vector<operation> ops);

    refusal refuse(const client_id& client, std::vector<operation> ops);
    refusal refuse_on(std::uint64_t base, const client_id& client, std::vector<operation> ops);

    // Either way, as a random test needs it.
    result<committed_change, refusal> offer(std::uint64_t base, const client_id& client, std::vector<operation> ops);

    // The document starts from a snapshot of itself: its history is gone.
    void reload();

    [[nodiscard]] const document& it() const { return original_; }
    [[nodiscard]] std::uint64_t head() const { return original_.head().value; }
    [[nodiscard]] const entity& at(std::string_view id) const;
    [[nodiscard]] bool is_live(std::string_view id) const { return original_.is_live(at(id)); }

    // A field's value; null when it is absent.
    [[nodiscard]] initial_value value(std::string_view id, std::string_view field) const;
    [[nodiscard]] std::string text(std::string_view id, std::string_view field) const;

    // The ids of the children in order, joined with spaces.
    [[nodiscard]] std::string order(std::string_view parent) const;

private:
    document original_;
    document copy_;
    std::map<client_id, sequence> used_;
};

// Short forms of the ops, for tables.
[[nodiscard]] create_op create(entity_id id, std::string kind, entity_id parent,
                               std::vector<named_initial_value> fields = {}, placement after = place_last{});
[[nodiscard]] set_op set(entity_id id, std::string field, register_value value);
[[nodiscard]] edit_op edit(entity_id id, std::string field, text_edit components);
[[nodiscard]] move_op move(entity_id id, entity_id parent, placement after = place_last{});

[[nodiscard]] text_component skip(std::uint64_t count);
[[nodiscard]] text_component insert(std::string text);
[[nodiscard]] text_component erase(std::uint64_t count);

}  // namespace okra::document
