#include "server/runtime/change_memory.hpp"

#include <string>
#include <variant>
#include <vector>

#include "protocol/base/overloaded.hpp"

namespace okra::runtime {

namespace {

std::size_t held(const std::string& it)
{
    const bool is_inside = it.capacity() < sizeof(std::string) / 2;  // libstdc++ keeps 15 characters in the object
    return is_inside ? 0 : it.capacity() + 1;
}

template <typename Member>
std::size_t own_size(const std::vector<Member>& it)
{
    return it.capacity() * sizeof(Member);
}

std::size_t held(const std::vector<std::string>& it)
{
    std::size_t sum = own_size(it);
    for (const std::string& each : it) sum += held(each);
    return sum;
}

// What of a variant's alternatives holds memory.
template <typename... Alternatives>
std::size_t held(const std::variant<Alternatives...>& it)
{
    return std::visit(
        [](const auto& value) -> std::size_t {
            if constexpr (requires { held(value); }) return held(value);
            return 0;
        },
        it);
}

std::size_t held(const document::text_edit& it)
{
    std::size_t sum = own_size(it);
    for (const document::text_component& each : it) {
        if (const auto* insert = std::get_if<document::text_insert>(&each)) sum += held(insert->text);
    }
    return sum;
}

std::size_t held(const std::vector<document::named_initial_value>& it)
{
    std::size_t sum = own_size(it);
    for (const auto& [field, value] : it) sum += held(field) + held(value);
    return sum;
}

// What only an effective op has is not there yet.
std::size_t memory_of(const document::operation& op)
{
    const auto members = [](const auto&... all) { return (std::size_t{0} + ... + held(all)); };
    using namespace document;
    return std::visit(
        overloaded{[&](const create_op& it) { return members(it.id, it.kind, it.parent, it.after, it.fields); },
                   [&](const set_op& it) { return members(it.id, it.field, it.value); },
                   [&](const add_op& it) { return members(it.id, it.field); },
                   [&](const include_op& it) { return members(it.id, it.field, it.value); },
                   [&](const exclude_op& it) { return members(it.id, it.field, it.value); },
                   [&](const edit_op& it) { return members(it.id, it.field, it.edit); },
                   [&](const move_op& it) { return members(it.id, it.parent, it.after); },
                   [&](const remove_op& it) { return members(it.id); },
                   [&](const restore_op& it) { return members(it.id); }},
        op);
}

}  // namespace

std::size_t memory_bytes(const wire::change& it)
{
    std::size_t sum = sizeof it + held(it.document) + held(it.what.client) + own_size(it.what.ops);
    for (const document::operation& op : it.what.ops) sum += memory_of(op);
    return sum;
}

}  // namespace okra::runtime
