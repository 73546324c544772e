#include "tests/unit/document/desk.hpp"

#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "protocol/document/invariants.hpp"
#include "tests/unit/document/dump.hpp"

namespace okra::document {

namespace {

const document_schema& schema_named(std::string_view name)
{
    const document_schema* found = find_schema(name);
    REQUIRE(found != nullptr);
    return *found;
}

std::vector<entity> copy_of_all(const document& it)
{
    std::vector<entity> copies;
    for (const entity* each : it.in_tree_order()) copies.push_back(*each);
    return copies;
}

}  // namespace

desk::desk(std::string_view schema) : original_{schema_named(schema)}, copy_{schema_named(schema)} {}

committed_change desk::commit(const client_id& client, std::vector<operation> ops)
{
    return commit_on(head(), client, std::move(ops));
}

committed_change desk::commit_on(std::uint64_t base, const client_id& client, std::vector<operation> ops)
{
    auto outcome = offer(base, client, std::move(ops));
    if (!outcome) FAIL("refused: " << name_of(outcome.error().code) << ": " << outcome.error().message);
    return *std::move(outcome);
}

refusal desk::refuse(const client_id& client, std::vector<operation> ops)
{
    return refuse_on(head(), client, std::move(ops));
}

refusal desk::refuse_on(std::uint64_t base, const client_id& client, std::vector<operation> ops)
{
    auto outcome = offer(base, client, std::move(ops));
    REQUIRE_FALSE(outcome.has_value());
    return std::move(outcome).error();
}

result<committed_change, refusal> desk::offer(std::uint64_t base, const client_id& client, std::vector<operation> ops)
{
    const std::string before = dump(original_);
    const std::uint64_t head_before = head();
    sequence& used = used_[client];
    auto outcome = original_.accept({client, used.next(), revision{base}, std::move(ops)}, 1'790'000'000'000);
    CHECK(broken_invariants(original_) == std::vector<std::string>{});
    if (!outcome) {
        CHECK(dump(original_) == before);
        return outcome;
    }
    used = used.next();
    CHECK(outcome->client == client);
    CHECK(outcome->seq == used);
    CHECK(head() == head_before + 1);
    const auto replayed = copy_.replay(*outcome);
    if (!replayed) FAIL("not replayed: " << name_of(replayed.error().code) << ": " << replayed.error().message);
    CHECK(dump(copy_) == dump(original_));
    return outcome;
}

void desk::reload()
{
    REQUIRE(original_.load(original_.head(), copy_of_all(original_)).has_value());
    CHECK(dump(copy_) == dump(original_));
}

const entity& desk::at(std::string_view id) const
{
    const entity* found = original_.find(id);
    REQUIRE(found != nullptr);
    return *found;
}

initial_value desk::value(std::string_view id, std::string_view field) const
{
    const entity& it = at(id);
    const auto found = it.fields.find(field);
    return found == it.fields.end() ? initial_value{} : found->second.value;
}

std::string desk::text(std::string_view id, std::string_view field) const
{
    const initial_value found = value(id, field);
    return std::holds_alternative<null_value>(found) ? std::string{} : std::get<std::string>(found);
}

std::string desk::order(std::string_view parent) const
{
    std::string ids;
    for (const entity* child : original_.children(parent)) ids += (ids.empty() ? "" : " ") + child->id;
    return ids;
}

create_op create(entity_id id, std::string kind, entity_id parent, std::vector<named_initial_value> fields,
                 placement after)
{
    return {std::move(id), std::move(kind), std::move(parent), std::move(after), std::move(fields), {}};
}

set_op set(entity_id id, std::string field, register_value value)
{
    return {std::move(id), std::move(field), std::move(value), std::nullopt};
}

edit_op edit(entity_id id, std::string field, text_edit components)
{
    return {std::move(id), std::move(field), std::move(components)};
}

move_op move(entity_id id, entity_id parent, placement after)
{
    return {std::move(id), std::move(parent), std::move(after), {}};
}

text_component skip(std::uint64_t count)
{
    return text_skip{count};
}

text_component insert(std::string text)
{
    return text_insert{std::move(text)};
}

text_component erase(std::uint64_t count)
{
    return text_delete{count};
}

}  // namespace okra::document
